import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { afterLostAnswer } from '../api/failures/lostCommit';
import { readEntry } from '../api/failures/read';
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

/** The outcome of one entry; all of Dropbox's fields pass through. */
export function entryOutcome(
	entry: FinishBatchEntry,
	submitted: SubmittedEntry | undefined,
	answerLost: boolean,
): Outcome<IDataObject> {
	if (entry['.tag'] === 'success') return success(entry as IDataObject);
	const failure =
		entry['.tag'] === 'failure'
			? afterLostAnswer(readEntry('files.UploadSessionFinishError', entry.failure, entry), {
					answerLost,
					isVerdict: true,
				})
			: {
					...readEntry('files.UploadSessionFinishError', entry, entry),
					stored: 'unknown' as const,
				};
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
