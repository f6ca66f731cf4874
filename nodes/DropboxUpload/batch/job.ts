import type { Detail, Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { pollUntilDone } from '../../shared/http/poll';
import { checkFinishBatchJob } from '../api/commits';
import type { Connection } from '../api/connection';
import type { FinishBatchResult } from '../api/types';
import { lengthOf } from './inTurn';
import { ourFault, passing } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

const FIRST_CHECK_DELAY_MS = 250;
const MAX_CHECK_DELAY_MS = 10_000;
const TELL_EVERY_MS = 60_000;

/** Asks for the job until it is complete. A deadline is a failure that names the job. */
export async function waitForJob(
	connection: Connection,
	asyncJobId: string,
	deadlineMs: number,
): Promise<Outcome<FinishBatchResult>> {
	let tellAtMs = Date.now() + TELL_EVERY_MS;
	const startedAtMs = Date.now();
	const tellNowAndThen = (): void => {
		if (Date.now() < tellAtMs) return;
		tellAtMs = Date.now() + TELL_EVERY_MS;
		connection.client.tell(
			`Dropbox Upload: Dropbox is still working on the batch job (${lengthOf(Date.now() - startedAtMs)})`,
		);
	};
	const polled = await pollUntilDone<Outcome<FinishBatchResult>>(
		async (giveUpAtMs) => {
			const checked = await checkFinishBatchJob(connection, asyncJobId, giveUpAtMs);
			if (!checked.ok) return { done: true, value: failed(withJob(checked.failure, asyncJobId)) };
			if (checked.value['.tag'] === 'complete') {
				return { done: true, value: success(checked.value) };
			}
			tellNowAndThen();
			return { done: false };
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

/** What a failure about a job says of it. */
export function jobOf(asyncJobId: string): Detail {
	return { kind: 'job', asyncJobId };
}

/** A failure of a call about the job. */
export function withJob(failure: Failure, asyncJobId: string): Failure {
	return {
		...failure,
		// The job was accepted: whatever went wrong with asking, it may have stored the files.
		stored: 'unknown',
		detail: jobOf(asyncJobId),
	};
}

const STILL_RUNNING = toFailure(
	'job/in_progress',
	passing(
		'Dropbox was still working on the job when the wait ended',
		"Check the job later with 'Check Batch Job', or set a longer 'Max Wait'. Dropbox continues to work on the job.",
		'unknown',
	),
);

const CANCELED: Failure = {
	...STILL_RUNNING,
	code: 'canceled',
	message: 'The execution was canceled while Dropbox was working on the job',
};

export const NO_JOB_ID = toFailure(
	'http/unexpected_reply',
	ourFault(
		'Dropbox started a job without naming it',
		'Look at the paths in Dropbox before you send the files again.',
		'unknown',
	),
);
