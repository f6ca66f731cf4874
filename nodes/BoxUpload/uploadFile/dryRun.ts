import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import type { Planned, DryRun } from '../../shared/run/dryRun';
import { readableBytes } from '../../shared/run/progress';
import { checkUpload } from '../api/files';
import type { StoredItem } from '../api/types';
import { decide, sha1Of } from './decide';
import { DryRunFolders } from './dryRunFolders';
import { FreeNames } from './freeNames';
import { asksBefore, lookUpTargets } from './lookup';
import { partSizeFor } from './partSizes';
import { requestsToLook, requestsToSend } from './requestCount';
import { outcomeAtHeldTarget } from './sameTarget';
import { isSentDirect } from './sendLarge';
import { asksForParts } from './skipParts';
import type { BoxDryRunContext } from './uploadContext';
import type { FileToUpload, LocatedFile, ResolvedTarget } from './types';
import { locatedIn, nameKeyIn, nameOf } from './types';

/** What Box would make of these files, found out without making or sending anything. */
export async function dryRun(
	files: readonly FileToUpload[],
	context: BoxDryRunContext,
): Promise<DryRun<FileToUpload>> {
	return await new Planner(context).run(files);
}

const HAS_NONE = 'that Box has none of the parts';

/** A file, and whether its folder is one that the run would make. */
type PlannedFile = LocatedFile & { readonly isMade: boolean };

/** What would become of a file. */
interface Plan {
	readonly action: Planned['action'];
	readonly resolved?: ResolvedTarget;
	/** What is there now. */
	readonly there: StoredItem | undefined;
	/** Where the file is sent although it is not stored. */
	readonly isSent?: boolean;
	readonly failure?: Failure;
}

/** What an item of this run will have put at a target. */
interface Later {
	readonly source: FileToUpload['source'];
	readonly name: string;
	readonly itemIndex: number;
	/** What is there now. */
	readonly before: StoredItem | undefined;
}

class Planner {
	private readonly folders: DryRunFolders;
	private readonly freeNames: FreeNames;
	private readonly later = new Map<string, Later>();
	private readonly plans = new Map<FileToUpload, Planned>();
	private requests = 0;
	/** Undefined as long as the number of requests does not depend on a part size that is not known. */
	private assumedPartBytes: number | undefined;
	/** Whether Box will be asked which parts it has. */
	private asks = false;

	constructor(private readonly context: BoxDryRunContext) {
		this.folders = new DryRunFolders(context.connection);
		this.freeNames = new FreeNames(context.connection);
	}

	async run(files: readonly FileToUpload[]): Promise<DryRun<FileToUpload>> {
		const { connection } = this.context;
		const located = await this.counted(this.resolveFolders(files));
		this.requests += this.folders.requestsToMake;
		const there = located.filter(({ isMade }) => !isMade);
		// The run itself looks at these.
		await this.counted(lookUpTargets(connection, there.filter(asksBefore)));
		this.requests += requestsToLook(located.filter((one) => one.isMade && asksBefore(one)));
		const found = await lookUpTargets(connection, there);
		this.freeNames.reserveFor(located);
		// One after the other: of several items with one target the later ones meet the earlier.
		for (const one of located) await this.plan(one, found(one));
		const { assumes, plans, requests } = this;
		return { files: plans, requests, ...(assumes !== undefined && { assumes }) };
	}

	private async counted<T>(work: Promise<T>): Promise<T> {
		const { traffic } = this.context.connection.client;
		const before = traffic.requests;
		const result = await work;
		this.requests += traffic.requests - before;
		return result;
	}

	private async resolveFolders(files: readonly FileToUpload[]): Promise<PlannedFile[]> {
		const located = [];
		for (const file of files) {
			const { destination } = file;
			if (destination.kind === 'file') {
				located.push({ ...locatedIn('', file), isMade: false });
				continue;
			}
			const folder = await this.folders.idOf(destination.folder);
			if (!folder.ok) {
				this.refuse(file, folder);
				continue;
			}
			const { rootId, names } = destination.folder;
			const folderId = folder.value ?? `${rootId}/${names.join('/')}`;
			located.push({ ...locatedIn(folderId, file), isMade: folder.value === undefined });
		}
		return located;
	}

	private async plan(located: PlannedFile, found: Outcome<StoredItem | undefined>): Promise<void> {
		const { file, key } = located;
		const canceled = this.context.canceled();
		if (canceled !== undefined) return this.refuse(file, failed(canceled));
		const earlier = this.later.get(key);
		if (earlier !== undefined && file.ifExists !== 'rename') {
			return await this.planAtHeldTarget(located, earlier);
		}
		const there = earlier === undefined ? found : success(await this.itemOf(earlier, file));
		if (!there.ok) return this.refuse(file, there);
		// Looks for a free name, as the run does.
		const decision = await this.counted(decide(located, there.value, this.context, this.freeNames));
		if ('resolved' in decision) {
			return await this.planSending(located, decision.resolved, there.value);
		}
		const { end } = decision;
		if (end.ok) this.leave(located, end.value);
		else this.refuse(file, end, there.value);
	}

	private async planAtHeldTarget(located: LocatedFile, earlier: Later): Promise<void> {
		const { file } = located;
		const item = await this.itemOf(earlier, file);
		const end = await outcomeAtHeldTarget(located, earlier.itemIndex, item, this.context);
		if (!end.ok) return this.refuse(file, end);
		const action = end.value.skipped === 'unchanged' ? 'unchanged' : 'skip';
		this.record(file, { action, there: item });
	}

	private async planSending(
		located: PlannedFile,
		resolved: ResolvedTarget,
		there: StoredItem | undefined,
	): Promise<void> {
		const { file, isMade } = located;
		const allowed = await this.checked(file, resolved, isMade);
		if (!allowed.ok) return this.refuse(file, allowed, there);
		const isNew = resolved.kind === 'newFile' && there === undefined;
		const otherwise = resolved.kind === 'newFile' ? 'rename' : 'replace';
		this.record(file, { action: isNew ? 'new' : otherwise, resolved, there });
		this.requests += this.requestsToSend(file, resolved);
		if (resolved.kind === 'newVersion') return this.hold(located, there);
		this.hold({ file, key: nameKeyIn(resolved.folderId, resolved.fileName) });
	}

	private requestsToSend(file: FileToUpload, resolved: ResolvedTarget): number {
		const { connection, settings } = this.context;
		const { accountKey } = connection.client;
		const { bytes, isKnown } = partSizeFor(accountKey, file.source.sizeBytes);
		const asks = asksForParts(settings.skipParts, resolved, accountKey);
		if (!isSentDirect(file.source, accountKey)) {
			if (!isKnown) this.assumedPartBytes ??= bytes;
			this.asks ||= asks;
		}
		return requestsToSend(file, settings, { resolved, accountKey, partBytes: bytes, asks });
	}

	/** What only the run shows. */
	private get assumes(): string | undefined {
		const { asks, assumedPartBytes: bytes } = this;
		const parts = bytes === undefined ? [] : [`parts of ${readableBytes(bytes)} in Box`];
		return [...parts, ...(asks ? [HAS_NONE] : [])].join(', and ') || undefined;
	}

	private hold({ file, key }: Omit<LocatedFile, 'folderId'>, before?: StoredItem): void {
		const { itemIndex, destination, source } = file;
		this.later.set(key, { source, name: nameOf(destination), before, itemIndex });
	}

	/** What is there stays; the same content is as good as the item's own. */
	private leave(located: LocatedFile, there: StoredItem): void {
		const { file } = located;
		const isUnchanged = there.skipped === 'unchanged';
		// The run meets it when Box refuses the file, and looks at it then.
		const isRefused = !asksBefore(located);
		const isSent = isRefused && this.isSentInVain(file);
		this.record(file, { action: isUnchanged ? 'unchanged' : 'skip', there, isSent });
		if (isUnchanged) this.hold(located, there);
		if (isRefused) this.requests += 2;
	}

	private isSentInVain({ source }: FileToUpload): boolean {
		return source.sizeBytes < this.context.settings.checkedFromBytes;
	}

	/** Space, rights and names are Box's to judge, and it does so without a byte. */
	private async checked(
		{ source }: FileToUpload,
		resolved: ResolvedTarget,
		isMade: boolean,
	): Promise<Outcome<unknown>> {
		if (resolved.kind !== 'newFile' || isMade) return success(undefined);
		const isLater = this.later.has(nameKeyIn(resolved.folderId, resolved.fileName));
		if (isLater) return success(undefined);
		return await checkUpload(this.context.connection, resolved, source.sizeBytes);
	}

	/** Read only where its content matters to the later item. */
	private async itemOf(
		{ before, name, source }: Later,
		{ ifExists, skipUnchanged, source: { sizeBytes } }: FileToUpload,
	): Promise<StoredItem> {
		const isAsked = (skipUnchanged || ifExists !== 'rename') && sizeBytes === source.sizeBytes;
		const sha1 = isAsked ? await sha1Of(source, this.context) : undefined;
		const { id = '', etag = '' } = before ?? {};
		return { type: 'file', id, etag, name, size: source.sizeBytes, ...(sha1 && { sha1 }) };
	}

	private refuse(
		file: FileToUpload,
		{ failure }: Extract<Outcome<never>, { ok: false }>,
		there?: StoredItem,
	): void {
		const isFound = there !== undefined && !asksBefore({ file });
		const subject = failure.subject ?? nameOf(file.destination);
		const isSent = isFound && this.isSentInVain(file);
		this.record(file, { action: 'refuse', there, isSent, failure: { ...failure, subject } });
		this.requests += isFound ? (there.type === 'file' ? 2 : 1) : 0;
	}

	private record(file: FileToUpload, { action, resolved, there, isSent, failure }: Plan): void {
		// What is only found comes without its link, which is asked for first.
		if (file.link !== undefined && action !== 'refuse') this.requests += resolved ? 1 : 2;
		const path = nameOf(file.destination);
		const renamed = resolved?.kind === 'newFile' ? resolved.fileName : undefined;
		this.plans.set(file, {
			action,
			path: renamed === undefined ? path : `${path.slice(0, path.lastIndexOf('/') + 1)}${renamed}`,
			sizeBytes: file.source.sizeBytes,
			isSent: isSent ?? resolved !== undefined,
			...(there && { there: toJson(there) }),
			...(failure && { failure }),
		});
	}
}
