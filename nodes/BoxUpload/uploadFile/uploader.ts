import type { IDataObject } from 'n8n-workflow';

import { forUser } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Found } from '../../shared/upload/existing';
import { hashOfSource, lookUp } from '../../shared/upload/existing';
import { Lanes } from '../../shared/upload/lanes';
import { inParallel } from '../../shared/upload/pool';
import { toFailure } from '../api/failures/read';
import { getFile } from '../api/fileCalls';
import { storedItem } from '../api/shapes';
import type { StoredItem } from '../api/types';
import { sendDirect } from './direct';
import { inTheWay, itemAt, itemsIn, wholeItem } from './existing';
import { Folders } from './folders';
import { FreeNames } from './freeNames';
import { sendInSession } from './inSession';
import { Sha1Digest } from './sha1Digest';
import type { SendSurroundings, Surroundings } from './surroundings';
import type { FileToUpload, Spot } from './types';
import { nameKey, nameOf } from './types';

/** Box takes upload sessions from this size on. */
const SESSION_FROM_BYTES = 20_000_000;
const PARALLEL_FOLDERS = 4;
const HASHED_AT_ONCE_BYTES = 256 * 1024;
/** How often another place is tried when the name has been taken meanwhile. */
const MAX_TRIES = 20;

/** A file, and the folder that it goes to; a file that is named by its ID has none. */
interface Placed {
	readonly file: FileToUpload;
	readonly folderId: string;
	/** Files with the same one go one after the other, in input order. */
	readonly key: string;
}

type Decision = { readonly spot: Spot } | { readonly end: Outcome<StoredItem> };

/** Uploads files that share one connection: several small ones at once, large ones in parts. */
export async function uploadAll(
	files: readonly FileToUpload[],
	around: Surroundings,
): Promise<void> {
	await new Uploader(around).run(files);
}

class Uploader {
	private readonly around: SendSurroundings;
	private readonly folders: Folders;
	private readonly freeNames: FreeNames;
	/** What this run has stored, where a later item may want the same place. */
	private readonly stored = new Map<string, StoredItem>();

	constructor(around: Surroundings) {
		this.around = { ...around, lanes: new Lanes(around.settings.parallel) };
		this.folders = new Folders(around.connection);
		this.freeNames = new FreeNames(around.connection);
	}

	async run(files: readonly FileToUpload[]): Promise<void> {
		const { lanes } = this.around;
		const placed = await this.place(files);
		const found = await this.lookUp(placed);
		const queues = queuesOf(placed);
		const hasLarge = (queue: readonly Placed[]): boolean => queue.some(({ file }) => isLarge(file));
		for (const queue of queues.filter((queue) => !hasLarge(queue))) {
			await lanes.start(async () => await this.work(queue, found, () => {}));
		}
		await lanes.idle();
		// Files are read one after the other; the parts of several may be on their way.
		const sent: Array<Promise<void>> = [];
		for (const queue of queues.filter(hasLarge)) {
			await new Promise<void>((onRead) => sent.push(this.work(queue, found, onRead)));
		}
		await Promise.all(sent);
	}

	private end(file: FileToUpload, outcome: Outcome<StoredItem>): void {
		const { settle } = this.around;
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
			const folderId = await this.folders.idOf(place.folder);
			if (folderId.ok) {
				const key = `${folderId.value}/${nameKey(place.fileName)}`;
				return { file, folderId: folderId.value, key };
			}
			this.end(file, folderId);
			return undefined;
		});
		return placed.filter((one) => one !== undefined);
	}

	private async lookUp(placed: readonly Placed[]): Promise<Found<Placed, StoredItem>> {
		const { connection } = this.around;
		return await lookUp<Placed, StoredItem>(
			{
				folderOf: ({ folderId, key }) => folderId || key,
				nameKeyOf: ({ file: { place } }) => nameKey(place.fileName ?? ''),
				storedNameKeyOf: ({ name }) => nameKey(name ?? ''),
				list: async (folderId, maxPages) => await itemsIn(connection, folderId, maxPages),
				ask: async ({ file: { place, source }, folderId }) =>
					place.kind === 'file'
						? await getFile(connection, place.fileId)
						: await itemAt(connection, { folderId, fileName: place.fileName }, source.sizeBytes),
			},
			placed.filter(
				({ file }) => file.place.kind === 'file' || file.ifExists !== 'fail' || file.skipUnchanged,
			),
		);
	}

	/** Never throws. */
	private async work(
		queue: readonly Placed[],
		found: Found<Placed, StoredItem>,
		onRead: () => void,
	): Promise<void> {
		for (const [index, placed] of queue.entries()) {
			const isLast = index === queue.length - 1;
			const outcome = await this.store(placed, found, isLast ? onRead : () => {});
			if (outcome.ok) this.stored.set(placed.key, outcome.value);
			this.end(placed.file, outcome);
		}
		onRead();
	}

	private async store(
		placed: Placed,
		found: Found<Placed, StoredItem>,
		onRead: () => void,
	): Promise<Outcome<StoredItem>> {
		const canceled = this.around.canceled();
		if (canceled !== undefined) return failed(canceled);
		const since = this.stored.get(placed.key);
		const looked = since === undefined ? found(placed) : success(since);
		if (!looked.ok) return looked;
		let decision = await this.decide(placed, looked.value);
		for (let tries = 1; 'spot' in decision; tries++) {
			const { spot } = decision;
			const outcome = isLarge(placed.file)
				? await sendInSession(placed.file, spot, this.around, onRead)
				: await sendDirect(placed.file, spot, this.around);
			const there = outcome.ok ? undefined : takenBy(outcome.failure);
			if (there === undefined || spot.kind !== 'newFile' || tries >= MAX_TRIES) return outcome;
			decision = await this.afterConflict(placed, outcome, there);
		}
		return decision.end;
	}

	/** What becomes of a file when this is in its place. */
	private async decide(
		{ file, folderId }: Placed,
		there: StoredItem | undefined,
	): Promise<Decision> {
		const { place, ifExists, skipUnchanged } = file;
		if (there !== undefined && skipUnchanged && (await this.isUnchanged(file, there))) {
			return { end: success({ ...there, skipped: 'unchanged' }) };
		}
		if (place.kind === 'file') {
			const name = place.fileName;
			return there === undefined ? { end: failed(NO_ETAG) } : newVersion(there, place.etag, name);
		}
		const spot = { kind: 'newFile', folderId, fileName: place.fileName } as const;
		if (there === undefined) return { spot };
		if (ifExists === 'skip') return { end: success({ ...there, skipped: 'exists' }) };
		if (ifExists === 'rename') {
			return { spot: { ...spot, fileName: await this.freeNames.next(folderId, place.fileName) } };
		}
		if (ifExists === 'fail') return { end: failed(inTheWay(spot, there)) };
		return there.type === 'file'
			? newVersion(there, undefined, undefined)
			: { end: failed(NO_FILE) };
	}

	/** Somebody else, or an earlier item, has taken the name since the look. */
	private async afterConflict(
		placed: Placed,
		refused: Outcome<StoredItem>,
		there: StoredItem,
	): Promise<Decision> {
		if (placed.file.ifExists === 'fail' && !placed.file.skipUnchanged) return { end: refused };
		const whole = await wholeItem(this.around.connection, there);
		return whole.ok ? await this.decide(placed, whole.value) : { end: whole };
	}

	/** Reads the file only where the sizes agree. */
	private async isUnchanged({ source }: FileToUpload, there: StoredItem): Promise<boolean> {
		if (there.size !== source.sizeBytes || there.sha1 === undefined) return false;
		const { connection, settings } = this.around;
		const hash = await hashOfSource(source, () => new Sha1Digest(), HASHED_AT_ONCE_BYTES, {
			...this.around,
			memoryCeilingBytes: settings.memoryCeilingBytes,
			cancelSignal: connection.client.cancelSignal,
		});
		return hash === there.sha1.toLowerCase();
	}
}

function newVersion(
	there: StoredItem,
	etag: string | undefined,
	fileName: string | undefined,
): Decision {
	const { id: fileId, name: currentName = '' } = there;
	const present = etag ?? there.etag ?? undefined;
	if (present === undefined) return { end: failed(NO_ETAG) };
	return { spot: { kind: 'newVersion', fileId, fileName, currentName, etag: present } };
}

/** The item that has the name. */
function takenBy({ path, inTheWay: named }: Failure): StoredItem | undefined {
	return path === 'item_name_in_use' ? storedItem(named) : undefined;
}

function isLarge({ source }: FileToUpload): boolean {
	return source.sizeBytes >= SESSION_FROM_BYTES;
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

const NO_FILE = toFailure(
	'item_name_in_use',
	forUser(
		'A folder of this name is already in the folder',
		'Choose another file name; only a file can get a new version.',
	),
);

const NO_ETAG = toFailure(
	'file/no_etag',
	forUser(
		'Box does not say which version of the file is the present one',
		'Nothing was replaced. Check that the item is a file that you may change.',
	),
);
