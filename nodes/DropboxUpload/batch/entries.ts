import { ourFault } from '../../shared/catalogue';
import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { isString, toJson } from '../../shared/json';
import { afterLostResponse } from '../api/failures/lostCommit';
import { isTagged, readEntry, toFailure } from '../api/failures/read';
import type { FinishBatchEntry, FinishEntry } from '../api/types';

/** What a batch was asked to commit; kept with a job so that its results can be named later. */
export interface SubmittedEntry {
	readonly session_id: string;
	readonly offset: number;
	readonly path: string;
}

export function submittedEntry({ cursor, commit }: FinishEntry): SubmittedEntry {
	return { session_id: cursor.session_id, offset: cursor.offset, path: commit.path };
}

/** The outcome of one entry; all of Dropbox's fields pass through. What nobody can read may be stored. */
export function entryOutcome(
	entry: FinishBatchEntry,
	submitted: SubmittedEntry | undefined,
	responseLost: boolean,
): Outcome<IDataObject> {
	if (entry['.tag'] === 'success' && isString(entry.name)) return success(toJson(entry));
	const isVerdict = entry['.tag'] === 'failure' && isTagged(entry.failure);
	const reason = entry['.tag'] === 'failure' ? entry.failure : entry;
	const read = readEntry('files.UploadSessionFinishError', reason, entry);
	const failure = isVerdict
		? afterLostResponse(read, { responseLost, isVerdict })
		: { ...(entry['.tag'] === 'success' ? NO_METADATA : read), stored: 'unknown' as const };
	return failed(submitted === undefined ? failure : about(failure, submitted));
}

/** The failure with the file's path and what is needed to commit it again. */
export function about(failure: Failure, submitted: SubmittedEntry): Failure {
	return {
		...failure,
		subject: submitted.path,
		resume: { sessionId: submitted.session_id, offset: submitted.offset, ...failure.resume },
	};
}

const NO_METADATA = toFailure(
	'http/unexpected_reply',
	ourFault(
		"Dropbox stored the file but didn't return its details",
		'Look at the path in Dropbox before you send the file again.',
		'unknown',
	),
);
