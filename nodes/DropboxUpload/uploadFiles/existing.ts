import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { MemoryCeiling } from '../../shared/upload/memoryCeiling';
import { cutIntoParts } from '../../shared/upload/parts';
import { inParallel } from '../../shared/upload/pool';
import type { Connection } from '../api/connection';
import { BLOCK_BYTES, ContentDigest } from '../api/contentHash';
import type { FolderPage, StoredFile } from '../api/types';
import { getMetadata, listFolder, listFolderContinue } from '../api/uploadCalls';
import { nameOf, parentOf, pathKey } from './paths';
import type { FileToUpload, Settle } from './types';

const PARALLEL_FOLDERS = 4;
const PARALLEL_HASHES = 2;
/** So few files of a folder are asked for one by one: the folder may hold a hundred thousand. */
const FEW_FILES = 2;

export interface Listing {
	readonly files: readonly StoredFile[];
	/** False when the folder has more. */
	readonly complete: boolean;
}

/** The files of one folder, without its subfolders. A folder that is not there has none. */
export async function filesIn(
	connection: Connection,
	folder: string,
	maxPages = Infinity,
): Promise<Outcome<Listing>> {
	const files: StoredFile[] = [];
	let page: CallOutcome<FolderPage> = await listFolder(connection, folder);
	for (let pages = 1; ; pages++) {
		if (!page.ok) return isAbsent(page) ? success({ files, complete: true }) : failed(page.failure);
		for (const file of page.value.files) files.push(file);
		if (!page.value.hasMore) return success({ files, complete: true });
		if (pages >= maxPages) return success({ files, complete: false });
		page = await listFolderContinue(connection, page.value.cursor);
	}
}

export interface LeaveOutSurroundings {
	readonly connection: Connection;
	readonly memory: MemoryCeiling;
	readonly memoryCeilingBytes: number;
	readonly canceled: () => Failure | undefined;
	readonly settle: Settle;
}

/**
 * Settles the files that need no upload, because something is at their path (Skip) or the same content
 * is (Skip Unchanged), and gives back the rest. The target folders are listed once each.
 */
export async function leaveOutExisting(
	files: readonly FileToUpload[],
	around: LeaveOutSurroundings,
): Promise<FileToUpload[]> {
	const asking = files.filter((file) => file.skipUnchanged || file.ifExists === 'skip');
	if (asking.length === 0) return [...files];
	const found = await lookUp(around.connection, asking);
	const left = new Set<FileToUpload>(files);
	const finish = (file: FileToUpload, outcome: Outcome<IDataObject>): void => {
		left.delete(file);
		around.settle(file, outcome);
	};
	await inParallel(asking, PARALLEL_HASHES, async (file) => {
		const looked = found(file);
		if (!looked.ok) {
			finish(file, failed({ ...looked.failure, subject: file.commit.path }));
			return;
		}
		const stored = looked.value;
		if (stored === undefined) return;
		const unchanged = file.skipUnchanged && (await hasSameContent(file, stored, around));
		if (unchanged) finish(file, success({ ...(stored as IDataObject), skipped: 'unchanged' }));
		else if (file.ifExists === 'skip') finish(file, skippedForExisting(stored));
	});
	return [...left];
}

export function skippedForExisting(stored: StoredFile): Outcome<IDataObject> {
	return success({ ...(stored as IDataObject), skipped: 'exists' });
}

export type LookUp = (file: FileToUpload) => Outcome<StoredFile | undefined>;

/** What is at the paths of these files: a folder is listed once, unless a few questions are less. */
export async function lookUp(
	connection: Connection,
	files: readonly FileToUpload[],
): Promise<LookUp> {
	const folders = new Map<string, FileToUpload[]>();
	for (const file of files) {
		const { path } = file.commit;
		// A file named by its ID has no folder to list, and is asked for by itself.
		const folder = path.startsWith('id:') ? path : parentOf(path);
		const wanted = folders.get(folder);
		if (wanted === undefined) folders.set(folder, [file]);
		else wanted.push(file);
	}
	const found = new Map<FileToUpload, Outcome<StoredFile | undefined>>();
	// Each question has waited out its retries: when one was in vain, so are the others.
	let inVain: Failure | undefined;
	await inParallel([...folders], PARALLEL_FOLDERS, async ([folder, wanted]) => {
		const known = await knownNames(connection, folder, inVain ? [] : wanted);
		for (const file of wanted) {
			const outcome = inVain ? failed(inVain) : await known(file);
			if (!outcome.ok && outcome.failure.retryable) inVain ??= outcome.failure;
			found.set(file, outcome);
		}
	});
	return (file) => found.get(file) ?? success(undefined);
}

/** Lists the folder as far as that takes fewer calls than asking for each file. */
async function knownNames(
	connection: Connection,
	folder: string,
	wanted: readonly FileToUpload[],
): Promise<(file: FileToUpload) => Promise<Outcome<StoredFile | undefined>>> {
	const ask = async ({ commit }: FileToUpload): Promise<Outcome<StoredFile | undefined>> =>
		await fileAt(connection, commit.path);
	if (wanted.length <= FEW_FILES) return ask;
	const listed = await filesIn(connection, folder, wanted.length);
	if (!listed.ok) return async () => await Promise.resolve(listed);
	const { complete, files } = listed.value;
	const byName = new Map(files.map((stored) => [pathKey(stored.name), stored]));
	return async (file) => {
		const stored = byName.get(pathKey(nameOf(file.commit.path)));
		return stored !== undefined || complete ? success(stored) : await ask(file);
	};
}

async function fileAt(
	connection: Connection,
	path: string,
): Promise<Outcome<StoredFile | undefined>> {
	const there = await getMetadata(connection, path);
	if (!there.ok) return isAbsent(there) ? success(undefined) : there;
	return success(there.value === 'other' ? undefined : there.value);
}

function isAbsent(outcome: CallOutcome<unknown>): boolean {
	return (
		!outcome.ok &&
		(outcome.failure.path === 'path/not_found' || outcome.failure.path === 'path/not_folder')
	);
}

/** Reads the file only where the sizes agree. */
async function hasSameContent(
	{ source }: FileToUpload,
	stored: StoredFile,
	{ canceled, connection, memory, memoryCeilingBytes }: LeaveOutSurroundings,
): Promise<boolean> {
	if (stored.size !== source.sizeBytes || stored.content_hash === undefined) return false;
	const { cancelSignal } = connection.client;
	const heldBytes = source.readsWhole ? source.sizeBytes : Math.min(source.sizeBytes, BLOCK_BYTES);
	const room = await memory.reserve(heldBytes, memoryCeilingBytes, cancelSignal);
	const digest = new ContentDigest();
	try {
		for await (const { content } of cutIntoParts(
			source.open(BLOCK_BYTES),
			source.sizeBytes,
			BLOCK_BYTES,
		)) {
			if (canceled() !== undefined) return false;
			digest.update(content);
		}
	} catch {
		// The upload will read it again, and say what is wrong with it.
		return false;
	} finally {
		room.release();
	}
	return digest.soFar() === stored.content_hash;
}
