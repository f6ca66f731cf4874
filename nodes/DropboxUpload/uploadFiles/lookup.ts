import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Page } from '../../shared/http/pages';
import { readPages } from '../../shared/http/pages';
import { beside, internalFailure, withNothingStored } from '../../shared/net';
import { hasSize } from '../../shared/source/byteSource';
import type { Found, HashContext, Listing } from '../../shared/transfer/lookup';
import { hashOfSource, lookUp } from '../../shared/transfer/lookup';
import { inParallel } from '../../shared/transfer/inParallel';
import type { Connection } from '../api/connection';
import { BLOCK_BYTES, ContentDigest } from '../api/contentHash';
import { nameOf, parentOf, pathKey } from '../api/paths';
import type { StoredEntry, StoredFile } from '../api/types';
import { getMetadata, listFolder, listFolderContinue } from '../api/sessions';
import type { FileToUpload, IfExists, Settle } from './types';

/** A look stores nothing. */
const thrown = withNothingStored((error) => internalFailure('Dropbox', error));

const PARALLEL_HASHES = 2;
/** A folder that changes all the time: what was read of it does not go on. */
const MAX_LISTINGS = 5;
const REPLACING: ReadonlySet<IfExists> = new Set(['overwrite', 'update']);

/** What has a path that can be looked at. */
export interface Placed {
	readonly commit: { readonly path: string };
}

/** What is in one folder, without what is in its subfolders. A folder that is not there has nothing. */
async function entriesIn(
	connection: Connection,
	folder: string,
	maxPages: number,
): Promise<Outcome<Listing<StoredEntry>>> {
	for (let listings = 1; ; listings++) {
		const files: StoredEntry[] = [];
		const listed = await readPages<StoredEntry>(
			'Dropbox',
			async (cursor) => await pageOf(connection, folder, cursor),
			(entry) => {
				files.push(entry);
			},
			{ maxPages },
		);
		if (listed.ok) return success({ files, complete: listed.value.complete });
		if (isAbsent(listed)) return success({ files, complete: true });
		if (listed.failure.path !== 'reset' || listings >= MAX_LISTINGS) return listed;
	}
}

async function pageOf(
	connection: Connection,
	folder: string,
	cursor: string | undefined,
): Promise<Outcome<Page<StoredEntry>>> {
	const page =
		cursor === undefined
			? await listFolder(connection, folder)
			: await listFolderContinue(connection, cursor);
	if (!page.ok) return failed(page.failure);
	const { cursor: next, entries, hasMore } = page.value;
	return success({ entries, next: hasMore ? next : undefined });
}

export async function filesIn(
	connection: Connection,
	folder: string,
): Promise<Outcome<StoredFile[]>> {
	const listed = await entriesIn(connection, folder, Infinity);
	return listed.ok ? success(listed.value.files.filter(isFile)) : listed;
}

export function isFile(entry: StoredEntry): entry is StoredFile {
	return entry['.tag'] === 'file';
}

/** Whether the run looks at what is in the file's place before it sends anything. */
export function asksBefore(file: FileToUpload, largeAboveBytes: number): boolean {
	return file.skipUnchanged || file.ifExists === 'skip' || maySaveSending(file, largeAboveBytes);
}

/** A large file is worth the question: with Fail the same content is as good as stored. */
function maySaveSending(
	{ commit, fetchFrom, ifExists, source }: FileToUpload,
	largeAboveBytes: number,
): boolean {
	const isLarge = hasSize(source) && source.sizeBytes > largeAboveBytes;
	return isLarge && ifExists === 'fail' && !commit.strict_conflict && fetchFrom === undefined;
}

export interface SkipContext extends Omit<HashContext, 'cancelSignal'> {
	readonly connection: Connection;
	readonly settle: Settle;
}

/**
 * Settles the files that need no upload, because something is at their path (Skip) or the same content
 * is (Skip Unchanged), and gives back the rest. The target folders are listed once each.
 */
export async function leaveOutExisting(
	files: readonly FileToUpload[],
	context: SkipContext & { readonly largeAboveBytes: number },
): Promise<FileToUpload[]> {
	const asking = files.filter((file) => asksBefore(file, context.largeAboveBytes));
	if (asking.length === 0) return [...files];
	const found = await storedAt(context.connection, asking);
	const left = new Set<FileToUpload>(files);
	const finish = (file: FileToUpload, outcome: Outcome<IDataObject>): void => {
		left.delete(file);
		context.settle(file, outcome);
	};
	const earlier = earlierOfPath(files);
	const isReplaced = (file: FileToUpload): boolean => {
		for (let other = earlier.get(file); other !== undefined; other = earlier.get(other)) {
			if (left.has(other) && REPLACING.has(other.ifExists)) return true;
		}
		return false;
	};
	const look = async (file: FileToUpload): Promise<void> => {
		const looked = found(file);
		const mustAsk = file.skipUnchanged || file.ifExists === 'skip';
		if (!looked.ok && !mustAsk) return;
		if (!looked.ok) {
			finish(file, failed({ ...looked.failure, subject: file.commit.path }));
			return;
		}
		const stored = looked.value;
		if (stored === undefined) return;
		const mayBeSame = file.ifExists === 'fail' || (file.skipUnchanged && !isReplaced(file));
		const unchanged = mayBeSame && (await hasSameContent(file, stored, context));
		if (unchanged) finish(file, success({ ...(stored as IDataObject), skipped: 'unchanged' }));
		else if (file.ifExists === 'skip') finish(file, skippedForExisting(stored));
	};
	const lookSafely = async (file: FileToUpload): Promise<void> =>
		await beside(
			async () => await look(file),
			(error) => finish(file, failed(thrown(error))),
		);
	await inParallel(
		asking.filter((file) => !earlier.has(file)),
		PARALLEL_HASHES,
		lookSafely,
	);
	// Of several items with one path a later one finds what an earlier one leaves there.
	for (const file of asking) if (earlier.has(file)) await lookSafely(file);
	return [...left];
}

/** For each file the one before it that goes to the same path. */
function earlierOfPath(files: readonly FileToUpload[]): ReadonlyMap<FileToUpload, FileToUpload> {
	const latest = new Map<string, FileToUpload>();
	const earlier = new Map<FileToUpload, FileToUpload>();
	for (const file of files) {
		const key = pathKey(file.commit.path);
		const other = latest.get(key);
		if (other !== undefined) earlier.set(file, other);
		latest.set(key, file);
	}
	return earlier;
}

export function skippedForExisting(stored: StoredFile): Outcome<IDataObject> {
	return success({ ...(stored as IDataObject), skipped: 'exists' });
}

/** The files at the paths of these. */
export async function storedAt<F extends Placed>(
	connection: Connection,
	files: readonly F[],
): Promise<Found<F, StoredFile>> {
	const found = await entriesAt(connection, files);
	return (file) => {
		const there = found(file);
		if (!there.ok || there.value === undefined) return there as Outcome<undefined>;
		return success(isFile(there.value) ? there.value : undefined);
	};
}

/** What is at the paths of these files, folders as well. */
export async function entriesAt<F extends Placed>(
	connection: Connection,
	files: readonly F[],
): Promise<Found<F, StoredEntry>> {
	return await lookUp<F, StoredEntry>(
		{
			folderOf: ({ commit }) => parentOf(commit.path),
			nameKeyOf: ({ commit }) => pathKey(nameOf(commit.path)),
			storedNameKeyOf: ({ name }) => pathKey(name),
			list: async (folder, maxPages) => await entriesIn(connection, folder, maxPages),
			ask: async ({ commit }) => await entryAt(connection, commit.path),
			thrown,
		},
		files,
	);
}

export async function entryAt(
	connection: Connection,
	path: string,
): Promise<Outcome<StoredEntry | undefined>> {
	const there = await getMetadata(connection, path);
	if (!there.ok) return isAbsent(there) ? success(undefined) : there;
	return success(there.value === 'deleted' ? undefined : there.value);
}

function isAbsent(outcome: Outcome<unknown>): boolean {
	return (
		!outcome.ok &&
		(outcome.failure.path === 'path/not_found' || outcome.failure.path === 'path/not_folder')
	);
}

/** Reads the file only where the sizes agree. */
export async function hasSameContent(
	{ source }: FileToUpload,
	stored: StoredFile,
	context: Omit<SkipContext, 'settle'>,
): Promise<boolean> {
	if (!hasSize(source) || stored.size !== source.sizeBytes) return false;
	if (stored.content_hash === undefined) return false;
	const { cancelSignal } = context.connection.client;
	const hashContext = { ...context, cancelSignal };
	const newDigest = () => new ContentDigest();
	const hash = await hashOfSource(source, newDigest, BLOCK_BYTES, hashContext);
	return hash === stored.content_hash;
}
