import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { Connection } from '../api/connection';
import type { StoredFile } from '../api/types';
import { getMetadata } from '../api/uploadCalls';
import { filesIn } from './existing';
import { nameOf, parentOf, pathKey } from './paths';
import type { ReadyFile } from './types';

/** Dates of Dropbox have whole seconds, and an answer may come from another server. */
const CLOCK_TOLERANCE_MS = 5_000;

/**
 * After a commit whose answer was lost: looks whether the file is there. What cannot be decided stays
 * as it is, unknown, and nothing is sent again.
 */
export async function settleCommit(
	connection: Connection,
	ready: ReadyFile,
	committedSinceMs: number,
	unsettled: Outcome<IDataObject>,
): Promise<Outcome<IDataObject>> {
	const { commit } = ready.file;
	const isOurs = (stored: StoredFile): boolean =>
		stored.size === ready.file.source.sizeBytes &&
		stored.content_hash === ready.contentHash &&
		(!commit.strict_conflict || isSince(stored, committedSinceMs));

	const there = await getMetadata(connection, commit.path);
	if (there.ok && there.value !== 'other' && isOurs(there.value)) {
		return success(there.value as IDataObject);
	}
	if (!commit.autorename) return unsettled;
	const siblings = await filesIn(connection, parentOf(commit.path));
	if (!siblings.ok) return unsettled;
	const renamed = siblings.value.find(
		(stored) =>
			isNumbered(stored, commit.path) && isOurs(stored) && isSince(stored, committedSinceMs),
	);
	return renamed === undefined ? unsettled : success(renamed as IDataObject);
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
