import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { beside, outcomeOf, withNothingStored } from '../../shared/net';
import { withLinks } from '../../shared/run/sharedLinks';
import { PartBuffers } from '../../shared/transfer/bufferPool';
import type { Found } from '../../shared/transfer/lookup';
import { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import { inParallel } from '../../shared/transfer/inParallel';
import type { NewFile } from '../api/files';
import { sharedLinkTo } from '../api/links';
import type { StoredItem } from '../api/types';
import type { Decision, Placed } from './decide';
import { asksBefore, decide, isUnchanged, lookUpPlaces } from './decide';
import { sendDirect } from './direct';
import { itemAt, namedIn, wholeItem } from './lookup';
import { Folders } from './folders';
import { FreeNames } from './freeNames';
import { sendInSession } from './inSession';
import { outcomeAtHeldTarget, targetKey } from './sameTarget';
import type { SendContext, Context } from './uploadContext';
import type { FileToUpload } from './types';
import { isLarge, nameKey, nameOf } from './types';

const PARALLEL_FOLDERS = 4;
/** How often another place is tried when the name has been taken meanwhile. */
const MAX_TRIES = 20;
/** How often the content goes out for that. */
const MAX_SENDINGS = 3;

/** Uploads files that share one connection: several small ones at once, large ones in parts. */
export async function uploadAll(
	files: readonly FileToUpload[],
	context: Context,
): Promise<Outcome<void>> {
	return await withLinks(
		context,
		async (inner) => await new Uploader(inner).run(files),
		async (stored, linkRequest) => await sharedLinkTo(context.connection, stored, linkRequest),
	);
}

class Uploader {
	private readonly context: SendContext;
	private readonly folders: Folders;
	private readonly freeNames: FreeNames;
	/** What this run has stored, where a later item may want the same place. */
	private readonly stored = new Map<string, StoredItem>();
	private readonly ended = new Set<FileToUpload>();

	constructor(context: Context) {
		const limiter = new ConcurrencyLimiter(context.settings.parallel);
		this.context = { ...context, limiter, buffers: new PartBuffers() };
		this.folders = new Folders(context.connection);
		this.freeNames = new FreeNames(context.connection);
	}

	async run(files: readonly FileToUpload[]): Promise<void> {
		const { buffers } = this.context;
		const placed = await this.place(files);
		const found = await lookUpPlaces(this.context.connection, placed.filter(asksBefore));
		for (const { file, folderId } of placed) {
			const { ifExists, place } = file;
			if (place.kind === 'folder' && ifExists !== 'rename') {
				this.freeNames.reserve(folderId, place.fileName);
			}
		}
		const queues = queuesOf(placed);
		// A file that is named by its ID may be one of those that are named otherwise.
		const isById = ([first]: readonly Placed[]): boolean => first?.file.place.kind === 'file';
		await this.sendAll(
			queues.filter((queue) => !isById(queue)),
			found,
		);
		await this.sendAll(queues.filter(isById), found);
		buffers.close();
	}

	private async sendAll(
		queues: ReadonlyArray<readonly Placed[]>,
		found: Found<Placed, StoredItem>,
	): Promise<void> {
		const { limiter } = this.context;
		const hasLarge = (queue: readonly Placed[]): boolean =>
			queue.some(({ file }) => isLarge(file.source));
		for (const queue of queues.filter((queue) => !hasLarge(queue))) {
			await limiter.start(
				async () => await this.work(queue, found, () => {}),
				(error) => this.failAll(queue, error),
			);
		}
		await limiter.idle();
		// Files are read one after the other; the parts of several may be on their way.
		const sent: Array<Promise<void>> = [];
		for (const queue of queues.filter(hasLarge)) {
			await new Promise<void>((onRead) => {
				const work = async () => await this.work(queue, found, onRead);
				// Nothing may keep the next file from being read.
				sent.push(beside(work, (error) => this.failAll(queue, error)).finally(onRead));
			});
		}
		await Promise.all(sent);
	}

	private failAll(queue: readonly Placed[], error: unknown): void {
		const open = queue.filter(({ file }) => !this.ended.has(file));
		for (const { file } of open) this.end(file, failed(this.context.thrown(error)));
	}

	private end(file: FileToUpload, outcome: Outcome<StoredItem>): void {
		const { settle } = this.context;
		this.ended.add(file);
		if (outcome.ok) settle(file, success(outcome.value as IDataObject));
		else {
			const subject = outcome.failure.subject ?? nameOf(file.place);
			settle(file, failed({ ...outcome.failure, subject }));
		}
	}

	/** Finds or makes the folders; this also renews the sign-in before any content is on its way. */
	private async place(files: readonly FileToUpload[]): Promise<Placed[]> {
		const placed = await inParallel(files, PARALLEL_FOLDERS, async (file) => {
			const { place } = file;
			if (place.kind === 'file') return { file, folderId: '', key: `file ${place.fileId}` };
			const folderId = await outcomeOf(
				async () => await this.folders.idOf(place.folder),
				withNothingStored(this.context.thrown),
			);
			if (folderId.ok) {
				const key = `${folderId.value}/${nameKey(place.fileName)}`;
				return { file, folderId: folderId.value, key };
			}
			this.end(file, folderId);
			return undefined;
		});
		return placed.filter((one) => one !== undefined);
	}

	private async work(
		queue: readonly Placed[],
		found: Found<Placed, StoredItem>,
		onRead: () => void,
	): Promise<void> {
		for (const [index, placed] of queue.entries()) {
			const isLast = index === queue.length - 1;
			const store = async () => await this.store(placed, found, isLast ? onRead : () => {});
			const outcome = await outcomeOf(store, this.context.thrown);
			if (outcome.ok) this.stored.set(placed.key, outcome.value);
			this.note(placed, outcome);
			this.end(placed.file, outcome);
		}
		onRead();
	}

	/** Where the file is now, by the name and by the ID. */
	private note({ file, folderId, key }: Placed, outcome: Outcome<StoredItem>): void {
		const { connection, takenTargets } = this.context;
		const keys = outcome.ok
			? [
					file.place.kind === 'file' ? key : `${folderId}/${nameKey(outcome.value.name ?? '')}`,
					`file ${outcome.value.id}`,
				]
			: [key];
		const noted = outcome.ok ? success(outcome.value as IDataObject) : outcome;
		for (const one of keys) takenTargets.note(targetKey(connection, one), file.itemIndex, noted);
	}

	/** What the file comes to where an earlier item has this place. */
	private async heldEnd(placed: Placed, key: string): Promise<Outcome<StoredItem> | undefined> {
		const { connection, takenTargets } = this.context;
		const holder = takenTargets.holderOf(targetKey(connection, key));
		if (holder === undefined || !holder.isOwn || placed.file.ifExists === 'rename')
			return undefined;
		const stored = holder.stored as StoredItem | undefined;
		return await outcomeAtHeldTarget(placed, holder.itemIndex, stored, this.context);
	}

	private async store(
		placed: Placed,
		found: Found<Placed, StoredItem>,
		onRead: () => void,
	): Promise<Outcome<StoredItem>> {
		const canceled = this.context.canceled();
		if (canceled !== undefined) return failed(canceled);
		const held = await this.heldEnd(placed, placed.key);
		if (held !== undefined) return held;
		const since = this.stored.get(placed.key);
		const looked = since === undefined ? found(placed) : success(since);
		if (!looked.ok) return looked;
		let decision = await decide(placed, looked.value, this.context, this.freeNames);
		let sendings = 0;
		const onSent = (): void => void (sendings += 1);
		for (let tries = 1; 'resolved' in decision; tries++) {
			const { resolved } = decision;
			const replaced = resolved.kind === 'newVersion' ? `file ${resolved.fileId}` : undefined;
			const end = replaced && (await this.heldEnd(placed, replaced));
			if (end) return end;
			const outcome: Outcome<StoredItem> = isLarge(placed.file.source)
				? await sendInSession(placed.file, resolved, this.context, { onRead, onSent })
				: await sendDirect(placed.file, resolved, this.context, onSent);
			const mayTry = tries < MAX_TRIES && sendings < MAX_SENDINGS;
			if (outcome.ok || resolved.kind !== 'newFile' || !mayTry) return outcome;
			const { path, stored } = outcome.failure;
			if (path !== 'item_name_in_use' || stored === 'unknown') return outcome;
			decision = await this.afterConflict(placed, resolved, outcome.failure);
		}
		return decision.end;
	}

	/** Somebody else, or an earlier item, has taken the name since the look. */
	private async afterConflict(
		placed: Placed,
		resolved: NewFile,
		refusal: Failure,
	): Promise<Decision> {
		const { file } = placed;
		const refused = { end: failed(refusal) };
		const { connection } = this.context;
		if (file.ifExists === 'rename') this.freeNames.wasTaken(placed.folderId);
		const named = namedIn(refusal);
		const there =
			named === undefined
				? await itemAt(connection, resolved, file.source.sizeBytes)
				: await wholeItem(connection, named);
		if (file.ifExists === 'fail' && !file.skipUnchanged) {
			if (!there.ok || there.value === undefined) return refused;
			const isThere = await isUnchanged(file, there.value, this.context);
			return isThere ? { end: success({ ...there.value, skipped: 'unchanged' }) } : refused;
		}
		if (!there.ok) return { end: there };
		// Nothing has the name any more, or Box does not say what.
		if (there.value === undefined) return refused;
		return await decide(placed, there.value, this.context, this.freeNames);
	}
}

function queuesOf(placed: readonly Placed[]): Placed[][] {
	const queues = new Map<string, Placed[]>();
	for (const one of placed) {
		const queue = queues.get(one.key);
		if (queue === undefined) queues.set(one.key, [one]);
		else queue.push(one);
	}
	return [...queues.values()];
}
