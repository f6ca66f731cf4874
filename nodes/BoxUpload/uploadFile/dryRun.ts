import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Planned, DryRun } from '../../shared/run/dryRun';
import type { DryRunContext } from '../../shared/run/uploadRun';
import { readableBytes } from '../../shared/run/progress';
import type { Connection } from '../api/connection';
import { checkUpload } from '../api/files';
import { getFolder } from '../api/folders';
import type { StoredItem } from '../api/types';
import type { FolderRef } from '../fields/parentFolder';
import type { Placed } from './decide';
import { asksBefore, decide, lookUpPlaces, sha1Of } from './decide';
import { childFolder } from './folders';
import { FreeNames } from './freeNames';
import type { UploadSettings } from './readSettings';
import { partSizeFor } from './partSizes';
import { requestsToLook, requestsToSend } from './requestCount';
import { outcomeAtHeldTarget } from './sameTarget';
import type { FileToUpload, ResolvedTarget } from './types';
import { isLarge, nameKey, nameOf } from './types';

type Around = DryRunContext<Connection, UploadSettings>;

/** What Box would make of these files, found out without making or sending anything. */
export async function dryRun(
	files: readonly FileToUpload[],
	context: Around,
): Promise<DryRun<FileToUpload>> {
	return await new Planner(context).run(files);
}

interface Later {
	readonly source: FileToUpload['source'];
	readonly name: string;
	readonly itemIndex: number;
	/** What is there now. */
	readonly before: StoredItem | undefined;
}

class Planner {
	/** The ID of a folder, or undefined for one that the run would make. */
	private readonly folders = new Map<string, Promise<Outcome<string | undefined>>>();
	private readonly freeNames: FreeNames;
	/** What items of this run will have put in a place. */
	private readonly later = new Map<string, Later>();
	private readonly plans = new Map<FileToUpload, Planned>();
	private requests = 0;
	/** Undefined as long as the number of requests does not depend on a part size that is not known. */
	private assumedPartBytes: number | undefined;

	constructor(private readonly context: Around) {
		this.freeNames = new FreeNames(context.connection);
	}

	async run(files: readonly FileToUpload[]): Promise<DryRun<FileToUpload>> {
		const { connection } = this.context;
		const placed = await this.counted(this.place(files));
		const there = placed.filter(({ isMade }) => !isMade);
		// The run itself looks at these.
		await this.counted(lookUpPlaces(connection, there.filter(asksBefore)));
		this.requests += requestsToLook(placed.filter((one) => one.isMade && asksBefore(one)));
		const found = await lookUpPlaces(connection, there);
		// One after the other: of several items with one place the later ones meet the earlier.
		for (const one of placed) await this.plan(one, found(one));
		const { assumedPartBytes: bytes, plans, requests } = this;
		if (bytes === undefined) return { files: plans, requests };
		return { files: plans, requests, assumes: `parts of ${readableBytes(bytes)} in Box` };
	}

	private async counted<T>(work: Promise<T>): Promise<T> {
		const { traffic } = this.context.connection.client;
		const before = traffic.requests;
		const result = await work;
		this.requests += traffic.requests - before;
		return result;
	}

	private async place(
		files: readonly FileToUpload[],
	): Promise<Array<Placed & { readonly isMade: boolean }>> {
		const placed = [];
		for (const file of files) {
			const { place } = file;
			if (place.kind === 'file') {
				placed.push({ file, folderId: '', key: `file ${place.fileId}`, isMade: false });
				continue;
			}
			const folder = await this.folderOf(place.folder);
			if (!folder.ok) {
				this.refuse(file, folder);
				continue;
			}
			const folderId = folder.value ?? `${place.folder.rootId}/${place.folder.names.join('/')}`;
			const key = `${folderId}/${nameKey(place.fileName)}`;
			placed.push({ file, folderId, key, isMade: folder.value === undefined });
		}
		return placed;
	}

	private async folderOf({ rootId, names }: FolderRef): Promise<Outcome<string | undefined>> {
		const key = `${rootId}/${names.map(nameKey).join('/')}`;
		const known = this.folders.get(key) ?? this.findFolder({ rootId, names });
		this.folders.set(key, known);
		return await known;
	}

	private async findFolder({ rootId, names }: FolderRef): Promise<Outcome<string | undefined>> {
		const { connection } = this.context;
		const name = names.at(-1);
		if (name === undefined) {
			const root = await getFolder(connection, rootId);
			return root.ok ? success(root.value.id) : root;
		}
		const parent =
			names.length === 1
				? success(rootId)
				: await this.folderOf({ rootId, names: names.slice(0, -1) });
		if (!parent.ok) return parent;
		const there =
			parent.value === undefined
				? success(undefined)
				: await childFolder(connection, parent.value, name);
		if (!there.ok) return failed({ ...there.failure, subject: `/${names.join('/')}` });
		// The run makes it, after a look into a parent that it has just made.
		if (there.value === undefined) this.requests += parent.value === undefined ? 2 : 1;
		return success(there.value?.id);
	}

	private async plan(
		placed: Placed & { readonly isMade: boolean },
		found: Outcome<StoredItem | undefined>,
	): Promise<void> {
		const { file, key } = placed;
		const canceled = this.context.canceled();
		if (canceled !== undefined) {
			this.refuse(file, failed(canceled));
			return;
		}
		const since = this.later.get(key);
		if (since !== undefined && file.ifExists !== 'rename') {
			const item = await this.itemOf(since, file);
			const end = await outcomeAtHeldTarget(placed, since.itemIndex, item, this.context);
			if (end.ok) this.note(file, end.value.skipped === 'unchanged' ? 'unchanged' : 'skip', item);
			else this.refuse(file, end);
			return;
		}
		const looked = since === undefined ? found : success(await this.itemOf(since, file));
		if (!looked.ok) {
			this.refuse(file, looked);
			return;
		}
		// Looks for a free name, as the run does.
		const decision = await this.counted(decide(placed, looked.value, this.context, this.freeNames));
		if ('end' in decision) {
			const { end } = decision;
			if (!end.ok) this.refuse(file, end, looked.value);
			else this.leave(placed, end.value);
			return;
		}
		const { resolved } = decision;
		const allowed = await this.checked(file, resolved, placed.isMade);
		if (!allowed.ok) {
			this.refuse(file, allowed, looked.value);
			return;
		}
		const isNew = resolved.kind === 'newFile' && looked.value === undefined;
		this.note(
			file,
			isNew ? 'new' : resolved.kind === 'newFile' ? 'rename' : 'replace',
			looked.value,
			resolved,
		);
		this.requests += this.requestsToSend(file);
		if (resolved.kind === 'newVersion' || isNew) this.hold(placed, looked.value);
	}

	private requestsToSend(file: FileToUpload): number {
		const { connection, settings } = this.context;
		const { bytes, isKnown } = partSizeFor(connection.client.accountKey, file.source.sizeBytes);
		if (isLarge(file.source) && !isKnown) this.assumedPartBytes ??= bytes;
		return requestsToSend(file, settings, bytes);
	}

	private hold({ file, key }: Placed, before: StoredItem | undefined): void {
		const { itemIndex, place, source } = file;
		this.later.set(key, { source, name: nameOf(place), before, itemIndex });
	}

	/** What is there stays; the same content is as good as the item's own. */
	private leave(placed: Placed, there: StoredItem): void {
		const { file } = placed;
		const isUnchanged = there.skipped === 'unchanged';
		this.note(file, isUnchanged ? 'unchanged' : 'skip', there);
		if (isUnchanged) this.hold(placed, there);
		if (asksBefore(placed)) return;
		// The run meets it when Box refuses the file, and looks at it then.
		this.requests += 2;
		const plan = this.plans.get(file) as Planned;
		this.plans.set(file, { ...plan, isSent: this.isSentInVain(file) });
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
		if (resolved.kind !== 'newFile' || isMade || this.laterNameIn(resolved))
			return success(undefined);
		return await checkUpload(this.context.connection, resolved, source.sizeBytes);
	}

	private laterNameIn({
		folderId,
		fileName,
	}: Extract<ResolvedTarget, { kind: 'newFile' }>): boolean {
		return this.later.has(`${folderId}/${nameKey(fileName)}`);
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
		const isFound = there !== undefined && !asksBefore({ file, folderId: '', key: '' });
		const subject = failure.subject ?? nameOf(file.place);
		this.note(file, 'refuse', there);
		const plan = this.plans.get(file) as Planned;
		const isSent = isFound && this.isSentInVain(file);
		this.requests += isFound ? (there.type === 'file' ? 2 : 1) : 0;
		this.plans.set(file, { ...plan, isSent, failure: { ...failure, subject } });
	}

	private note(
		file: FileToUpload,
		action: Planned['action'],
		there: StoredItem | undefined,
		resolved?: ResolvedTarget,
	): void {
		// What is only found comes without its link, which is asked for first.
		if (file.link !== undefined && action !== 'refuse') this.requests += resolved ? 1 : 2;
		const path = nameOf(file.place);
		const renamed = resolved?.kind === 'newFile' ? resolved.fileName : undefined;
		this.plans.set(file, {
			action,
			path: renamed === undefined ? path : `${path.slice(0, path.lastIndexOf('/') + 1)}${renamed}`,
			sizeBytes: file.source.sizeBytes,
			isSent: resolved !== undefined,
			...(there && { there: there as IDataObject }),
		});
	}
}
