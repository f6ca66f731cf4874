import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import { memoized } from '../../shared/memoized';
import { inParallel } from '../../shared/transfer/inParallel';
import type { Connection } from '../api/connection';
import { isUsedUp } from '../api/failures/lostCommit';
import { nameOf, parentOf, pathKey } from '../api/paths';
import type { CommitInfo, StoredFile } from '../api/types';
import { filesIn, storedAt } from './lookup';
import type { IfExists } from './types';

/** Dates of Dropbox have whole seconds, and an answer may come from another server. */
export const CLOCK_TOLERANCE_MS = 5_000;

const PARALLEL_LISTINGS = 4;

/** A commit of which only a look at the path can tell what became of it. */
export interface Unsettled {
	readonly commit: Pick<CommitInfo, 'path' | 'autorename' | 'strict_conflict'>;
	readonly sizeBytes: number;
	/** Undefined where the node has not seen the bytes. */
	readonly contentHash: string | undefined;
	readonly failure: Failure;
	/** Whatever is at the path is a reason to skip the file. */
	readonly skips: boolean;
}

/** When the commit began by the vendor's clock, and what is known not to come from it. */
interface Committed {
	readonly sinceMs: number;
	/** Whether another item of this run has made this revision. */
	readonly isOfAnother: (stored: StoredFile) => boolean;
}

/**
 * After a commit whose answer was lost: looks whether the file is there. What cannot be decided stays
 * as it is, unknown, and nothing is sent again. One outcome each, in order.
 */
export async function reconcileCommits(
	connection: Connection,
	unsettled: readonly Unsettled[],
	committed: Committed,
): Promise<Array<Outcome<IDataObject>>> {
	if (unsettled.length === 0) return [];
	const found = await storedAt(connection, unsettled);
	const taken = new Set<string>();
	const isNew = (stored: StoredFile): boolean =>
		isSince(stored, committed.sinceMs) &&
		!committed.isOfAnother(stored) &&
		!taken.has(String(stored.rev));
	const atPath = (one: Unsettled): Outcome<IDataObject> => {
		const there = found(one);
		if (!there.ok || there.value === undefined) return failed(one.failure);
		if (one.skips) return success({ ...toJson(there.value), skipped: 'exists' });
		if (!isOurs(one, there.value, isNew)) return failed(one.failure);
		taken.add(String(there.value.rev));
		return success(toJson(there.value));
	};
	const looked = unsettled.map((one) => ({ one, direct: atPath(one) }));
	const siblingsOf = memoized(
		parentOf,
		async (path: string) => await filesIn(connection, parentOf(path)),
		{
			keepFailures: true,
		},
	);
	return await inParallel(looked, PARALLEL_LISTINGS, async ({ one, direct }) => {
		const { commit } = one;
		if (direct.ok || !found(one).ok || !commit.autorename) return direct;
		const siblings = await siblingsOf(commit.path);
		const renamed = siblings.ok
			? siblings.value.find(
					(stored) =>
						isNumbered(stored, commit.path) && isNew(stored) && isOurs(one, stored, isNew),
				)
			: undefined;
		if (renamed === undefined) return direct;
		taken.add(String(renamed.rev));
		return success(toJson(renamed));
	});
}

/**
 * Whether the file is the one that was committed. Whoever has not seen its bytes needs more: that the
 * session is used up, and that the file came since.
 */
function isOurs(
	{ commit, sizeBytes, contentHash, failure }: Unsettled,
	stored: StoredFile,
	isNew: (stored: StoredFile) => boolean,
): boolean {
	if (stored.size !== sizeBytes) return false;
	if (contentHash === undefined) return isUsedUp(failure) && isNew(stored);
	return stored.content_hash === contentHash && (!commit.strict_conflict || isNew(stored));
}

/** Whether something came to the path after it was looked at: an earlier item, or somebody else. */
export function isSkipped(ifExists: IfExists, { code }: Failure): boolean {
	return ifExists === 'skip' && code === 'path/conflict/file';
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
