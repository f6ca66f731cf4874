import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import { internalFailure, withNothingStored } from '../../shared/net';
import type { Found, Listing } from '../../shared/transfer/lookup';
import { lookUp } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { nameOf, parentOf, pathKey } from '../api/paths';
import type { StoredEntry, StoredFile } from '../api/types';
import { getMetadata, pageOf } from '../api/lookups';
import { isFile } from './decide';

/** A look stores nothing. */
const thrown = withNothingStored((error) => internalFailure('Dropbox', error));

/** A folder that changes all the time: what was read of it does not go on. */
const MAX_LISTINGS = 5;

/** What has a path that can be looked at. */
interface Placed {
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
		if (listed.failure.code !== 'reset' || listings >= MAX_LISTINGS) return listed;
	}
}

export async function filesIn(
	connection: Connection,
	folder: string,
): Promise<Outcome<StoredFile[]>> {
	const listed = await entriesIn(connection, folder, Infinity);
	return listed.ok ? success(listed.value.files.filter(isFile)) : listed;
}

/** The files at the paths of these. */
export async function storedAt<F extends Placed>(
	connection: Connection,
	files: readonly F[],
): Promise<Found<F, StoredFile>> {
	const found = await entriesAt(connection, files);
	return (file) => {
		const there = found(file);
		if (!there.ok) return there;
		return success(there.value && isFile(there.value) ? there.value : undefined);
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
			isRefused: isRouteRefused,
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
		(outcome.failure.code === 'path/not_found' || outcome.failure.code === 'path/not_folder')
	);
}
