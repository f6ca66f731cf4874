import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Found, HashSurroundings, Listing } from '../../shared/upload/existing';
import { hashOfSource, lookUp } from '../../shared/upload/existing';
import { hasSize } from '../../shared/upload/inParts';
import { inParallel } from '../../shared/upload/pool';
import type { Connection } from '../api/connection';
import { BLOCK_BYTES, ContentDigest } from '../api/contentHash';
import type { FolderPage, StoredFile } from '../api/types';
import { getMetadata, listFolder, listFolderContinue } from '../api/uploadCalls';
import { nameOf, parentOf, pathKey } from './paths';
import type { FileToUpload, Settle } from './types';

const PARALLEL_HASHES = 2;

/** The files of one folder, without its subfolders. A folder that is not there has none. */
export async function filesIn(
	connection: Connection,
	folder: string,
	maxPages = Infinity,
): Promise<Outcome<Listing<StoredFile>>> {
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

export interface LeaveOutSurroundings extends Omit<HashSurroundings, 'cancelSignal'> {
	readonly connection: Connection;
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
	const found = await storedAt(around.connection, asking);
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

/** What is at the paths of these files. */
export async function storedAt(
	connection: Connection,
	files: readonly FileToUpload[],
): Promise<Found<FileToUpload, StoredFile>> {
	return await lookUp<FileToUpload, StoredFile>(
		{
			// A file named by its ID has no folder to list, and is asked for by itself.
			folderOf: ({ commit: { path } }) => (path.startsWith('id:') ? path : parentOf(path)),
			nameKeyOf: ({ commit }) => pathKey(nameOf(commit.path)),
			storedNameKeyOf: ({ name }) => pathKey(name),
			list: async (folder, maxPages) => await filesIn(connection, folder, maxPages),
			ask: async ({ commit }) => await fileAt(connection, commit.path),
		},
		files,
	);
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
	around: LeaveOutSurroundings,
): Promise<boolean> {
	if (!hasSize(source) || stored.size !== source.sizeBytes) return false;
	if (stored.content_hash === undefined) return false;
	const { cancelSignal } = around.connection.client;
	const surroundings = { ...around, cancelSignal };
	const newDigest = () => new ContentDigest();
	const hash = await hashOfSource(source, newDigest, BLOCK_BYTES, surroundings);
	return hash === stored.content_hash;
}
