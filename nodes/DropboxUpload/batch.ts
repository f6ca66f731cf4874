import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import { pollUntilDone } from '../shared/http/poll';
import { checkFinishBatchJob } from './api/calls';
import type { Connection } from './api/connection';
import { afterLostAnswer } from './api/failures/lostCommit';
import { readEntry } from './api/failures/read';
import type { FinishBatchEntry, FinishBatchResult, FinishEntry } from './api/types';

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

const FIRST_CHECK_DELAY_MS = 250;
const MAX_CHECK_DELAY_MS = 10_000;

/** Asks for the job until it is complete. A deadline is a failure that names the job. */
export async function waitForJob(
	connection: Connection,
	asyncJobId: string,
	deadlineMs: number,
): Promise<Outcome<FinishBatchResult>> {
	const polled = await pollUntilDone<Outcome<FinishBatchResult>>(
		async () => {
			const checked = await checkFinishBatchJob(connection, asyncJobId);
			if (!checked.ok) return { done: true, value: failed(withJob(checked.failure, asyncJobId)) };
			return checked.value['.tag'] === 'complete'
				? { done: true, value: success(checked.value) }
				: { done: false };
		},
		{
			deadlineMs,
			firstDelayMs: FIRST_CHECK_DELAY_MS,
			maxDelayMs: MAX_CHECK_DELAY_MS,
			cancelSignal: connection.client.cancelSignal,
		},
	);
	if (polled.kind === 'done') return polled.value;
	return failed(withJob(polled.kind === 'canceled' ? CANCELED : STILL_RUNNING, asyncJobId));
}

function withJob(failure: Failure, asyncJobId: string): Failure {
	return {
		...failure,
		// The job was accepted: whatever went wrong with asking, it may have stored the files.
		stored: 'unknown',
		resume: { ...failure.resume, asyncJobId },
	};
}

const STILL_RUNNING: Failure = {
	vendor: 'Dropbox',
	path: 'job/in_progress',
	message: 'Dropbox was still working on the job when the waiting time was over',
	remedy: 'The job goes on. Ask for it with Check Batch Job and its job ID, or wait longer.',
	class: 'transient',
	retryable: true,
	stored: 'unknown',
};

const CANCELED: Failure = {
	...STILL_RUNNING,
	path: 'canceled',
	message: 'The execution was canceled while Dropbox was working on the job',
};
