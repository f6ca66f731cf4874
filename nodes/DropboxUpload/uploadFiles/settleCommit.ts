import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { inParallel } from '../../shared/upload/pool';
import type { Connection } from '../api/connection';
import { nameOf, parentOf, pathKey } from '../api/paths';
import type { StoredFile } from '../api/types';
import { filesIn, skippedForExisting, storedAt } from './existing';
import type { IfExists, ReadyFile } from './types';

/** Dates of Dropbox have whole seconds, and an answer may come from another server. */
const CLOCK_TOLERANCE_MS = 5_000;

const PARALLEL_LISTINGS = 4;

/** A commit of which only a look at the path can tell what became of it. */
export interface Unsettled {
	readonly ready: ReadyFile;
	readonly failure: Failure;
}

/**
 * After a commit whose answer was lost: looks whether the file is there. What cannot be decided stays
 * as it is, unknown, and nothing is sent again. One outcome each, in order.
 */
export async function settleCommits(
	connection: Connection,
	unsettled: readonly Unsettled[],
	committedSinceMs: number,
	/** Whether another item of this run has made this revision. */
	isOfAnother: (stored: StoredFile) => boolean,
): Promise<Array<Outcome<IDataObject>>> {
	if (unsettled.length === 0) return [];
	const found = await storedAt(
		connection,
		unsettled.map(({ ready }) => ready.file),
	);
	const listings = new Map<string, Promise<Outcome<StoredFile[]>>>();
	const siblingsOf = async (path: string): Promise<Outcome<StoredFile[]>> => {
		const folder = parentOf(path);
		const listing = listings.get(folder) ?? filesIn(connection, folder);
		listings.set(folder, listing);
		return await listing;
	};
	return await inParallel(unsettled, PARALLEL_LISTINGS, async ({ ready, failure }) => {
		const { commit, ifExists } = ready.file;
		const isNew = (stored: StoredFile): boolean =>
			isSince(stored, committedSinceMs) && !isOfAnother(stored);
		const there = found(ready.file);
		if (there.ok && there.value !== undefined) {
			if (isSkipped(ifExists, failure)) return skippedForExisting(there.value);
			if (isSame(ready, there.value) && (!commit.strict_conflict || isNew(there.value))) {
				return success(there.value as IDataObject);
			}
		}
		if (!there.ok || !commit.autorename) return failed(failure);
		const siblings = await siblingsOf(commit.path);
		const renamed = siblings.ok
			? siblings.value.find(
					(stored) => isNumbered(stored, commit.path) && isSame(ready, stored) && isNew(stored),
				)
			: undefined;
		return renamed === undefined ? failed(failure) : success(renamed as IDataObject);
	});
}

/** Whether something came to the path after it was looked at: an earlier item, or somebody else. */
export function isSkipped(ifExists: IfExists, { path }: Failure): boolean {
	return ifExists === 'skip' && path === 'path/conflict/file';
}

function isSame({ sizeBytes, contentHash }: ReadyFile, stored: StoredFile): boolean {
	return stored.size === sizeBytes && stored.content_hash === contentHash;
}

function isSince(stored: StoredFile, sinceMs: number): boolean {
	return Date.parse(stored.server_modified ?? '') >= sinceMs - CLOCK_TOLERANCE_MS;
}

/** `report (1).pdf` and `report (conflicted copy).pdf` are what Dropbox makes of `report.pdf`. */
function isNumbered(stored: StoredFile, path: string): boolean {
	const name = pathKey(nameOf(path));
	const dot = name.lastIndexOf('.');
	const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
	const candidate = pathKey(stored.name);
	return (
		candidate.startsWith(`${stem} (`) &&
		candidate.endsWith(`)${ending}`) &&
		candidate.length > stem.length + ending.length + 3
	);
}
