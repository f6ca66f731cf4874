import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
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

/** All files of one folder, without its subfolders. A folder that is not there has none. */
export async function filesIn(
	connection: Connection,
	folder: string,
): Promise<Outcome<StoredFile[]>> {
	const files: StoredFile[] = [];
	let page: CallOutcome<FolderPage> = await listFolder(connection, folder);
	for (;;) {
		if (!page.ok) return isAbsent(page) ? success(files) : failed(page.failure);
		files.push(...page.value.files);
		if (!page.value.hasMore) return success(files);
		page = await listFolderContinue(connection, page.value.cursor);
	}
}

/**
 * Settles the files that need no upload, because something is at their path (Skip) or the same content
 * is (Skip Unchanged), and gives back the rest. The target folders are listed once each.
 */
export async function leaveOutExisting(
	connection: Connection,
	files: readonly FileToUpload[],
	settle: Settle,
): Promise<FileToUpload[]> {
	const asking = files.filter((file) => file.skipUnchanged || file.ifExists === 'skip');
	if (asking.length === 0) return [...files];
	const found = await lookUp(connection, asking);
	const left = new Set<FileToUpload>(files);
	const finish = (file: FileToUpload, outcome: Outcome<IDataObject>): void => {
		left.delete(file);
		settle(file, outcome);
	};
	await inParallel(asking, PARALLEL_HASHES, async (file) => {
		const looked = found(file);
		if (!looked.ok) {
			finish(file, failed({ ...looked.failure, subject: file.commit.path }));
			return;
		}
		const stored = looked.value;
		if (stored === undefined) return;
		const unchanged = file.skipUnchanged && (await hasSameContent(file, stored));
		if (unchanged) finish(file, success({ ...(stored as IDataObject), skipped: 'unchanged' }));
		else if (file.ifExists === 'skip')
			finish(file, success({ ...(stored as IDataObject), skipped: 'exists' }));
	});
	return [...left];
}

type LookUp = (file: FileToUpload) => Outcome<StoredFile | undefined>;

async function lookUp(connection: Connection, files: readonly FileToUpload[]): Promise<LookUp> {
	const folders = new Map<string, FileToUpload[]>();
	for (const file of files) {
		const { path } = file.commit;
		// A file named by its ID has no folder to list, and is asked for by itself.
		const folder = path.startsWith('id:') ? path : parentOf(path);
		folders.set(folder, [...(folders.get(folder) ?? []), file]);
	}
	const found = new Map<FileToUpload, Outcome<StoredFile | undefined>>();
	await inParallel([...folders], PARALLEL_FOLDERS, async ([folder, wanted]) => {
		if (wanted.length <= FEW_FILES) {
			for (const file of wanted) found.set(file, await fileAt(connection, file.commit.path));
			return;
		}
		const listed = await filesIn(connection, folder);
		const byName = new Map(
			listed.ok ? listed.value.map((stored) => [pathKey(stored.name), stored]) : [],
		);
		for (const file of wanted) {
			found.set(file, listed.ok ? success(byName.get(pathKey(nameOf(file.commit.path)))) : listed);
		}
	});
	return (file) => found.get(file) ?? success(undefined);
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
async function hasSameContent({ source }: FileToUpload, stored: StoredFile): Promise<boolean> {
	if (stored.size !== source.sizeBytes || stored.content_hash === undefined) return false;
	const digest = new ContentDigest();
	try {
		for await (const { content } of cutIntoParts(
			source.open(BLOCK_BYTES),
			source.sizeBytes,
			BLOCK_BYTES,
		)) {
			await digest.update(content);
		}
	} catch {
		// The upload will read it again, and say what is wrong with it.
		return false;
	}
	return digest.soFar() === stored.content_hash;
}
