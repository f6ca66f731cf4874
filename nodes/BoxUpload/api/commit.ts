import { passing } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import { pollUntilDone } from '../../shared/http/poll';
import type { Connection } from './connection';
import { afterLostCommit } from './failures/lostCommit';
import { toFailure } from './failures/read';
import type { Commit } from './sessions';
import { commitSession } from './sessions';
import type { Files, UploadPart, UploadSession } from './types';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 10_000;

/** Another change in the folder is under way: the commit waits for it as long as for the parts. */
const BLOCKED = new Set(['operation_blocked_temporary', 'name_temporarily_reserved']);

export interface CommitJob extends Omit<Commit, 'parts' | 'giveUpAtMs'> {
	/** Asked for anew when Box has said that they are not the parts it has. */
	readonly parts: () => Promise<Outcome<readonly UploadPart[]>>;
	readonly deadlineMs: number;
	/** An earlier try of the run has sent this commit, and its outcome is open. */
	readonly mayBeStored?: boolean;
}

/**
 * Commits until the file is there: Box answers 202 as long as it is still at work on the parts, and
 * the same commit is sent again then.
 */
export async function commitUntilStored(
	connection: Connection,
	session: UploadSession,
	job: CommitJob,
): Promise<Outcome<Files>> {
	let parts = await job.parts();
	let responseLost = job.mayBeStored ?? false;
	let isAccepted = false;
	let mismatches = 0;
	let sendings = 0;
	let open: Failure = STILL_PROCESSING;
	const ended = (value: Outcome<Files>) => ({ done: true, value }) as const;
	const polled = await pollUntilDone<Outcome<Files>>(
		async (giveUpAtMs) => {
			if (mismatches > 0) parts = await job.parts();
			if (!parts.ok) return ended(parts);
			const commit = { ...job, parts: parts.value, giveUpAtMs };
			const answer = await commitSession(connection, session, commit);
			responseLost ||= answer.responseLost;
			sendings += answer.retries + 1;
			if (!answer.ok) {
				const read = afterLostCommit(answer.failure, responseLost, isAccepted);
				const failure = afterRetries(read, sendings - 1);
				// Right after the last part Box may not know it yet, nor may its list have had it.
				const behind =
					failure.path === 'parts_mismatch' && mismatches++ < connection.policy.maxRetries;
				if (!behind && !BLOCKED.has(failure.path)) return ended(failed(failure));
				open = failure;
				return { done: false };
			}
			if ('files' in answer.value) return ended(success(answer.value.files));
			isAccepted = true;
			const { retryAfterMs } = answer.value;
			open = STILL_PROCESSING;
			return { done: false, ...(retryAfterMs !== undefined && { waitMs: retryAfterMs }) };
		},
		{
			deadlineMs: job.deadlineMs,
			firstDelayMs: FIRST_DELAY_MS,
			maxDelayMs: MAX_DELAY_MS,
			cancelSignal: connection.client.cancelSignal,
		},
	);
	if (polled.kind === 'done') return polled.value;
	return failed(polled.kind === 'canceled' ? CANCELED : open);
}

const STILL_PROCESSING: Failure = {
	...toFailure(
		'commit/processing',
		passing(
			'Box was still processing the parts when the waiting time was over',
			'Run Commit Box Session again, or wait longer: the upload session stays open.',
		),
	),
	stored: 'unknown',
};

const CANCELED: Failure = {
	...STILL_PROCESSING,
	path: 'canceled',
	message: 'The execution was canceled while Box was processing the parts',
};
