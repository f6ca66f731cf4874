import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import { finishBatch } from '../api/calls';
import type { Connection } from '../api/connection';
import { afterLostAnswer } from '../api/failures/lostCommit';
import type { FinishBatchResult, FinishEntry } from '../api/types';
import { about, entryOutcome, submittedEntry } from './entries';

/** Reasons with which Dropbox puts an entry off; the others' results stand. */
const BUSY = new Set(['too_many_write_operations', 'path/too_many_write_operations']);

/**
 * Commits up to 1,000 entries, one outcome each, in order. Entries that Dropbox puts off are committed
 * again after a pause. To be called for one account one at a time.
 */
export async function commitEntries(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Array<Outcome<IDataObject>>> {
	const outcomes = new Array<Outcome<IDataObject>>(entries.length);
	let pending = entries.map((_, index) => index);
	let answerLost = false;
	for (let attempt = 1; ; attempt++) {
		const sent = pending.map((index) => entries[index] as FinishEntry);
		const answer = await finishBatch(connection, sent);
		// What an earlier round may have committed is not to be taken for a lost session now.
		answerLost ||= answer.answerLost;
		const round = outcomesOf({ ...answer, answerLost }, sent);
		pending.forEach((index, position) => {
			outcomes[index] = round[position] as Outcome<IDataObject>;
		});
		pending = pending.filter((index) => isBusy(outcomes[index]));
		const delayMs = retryDelayMs({
			attempt,
			passes: pending.length > 0,
			policy: connection.policy,
			random: Math.random(),
		});
		if (delayMs === undefined) {
			return outcomes.map((outcome) =>
				isBusy(outcome) ? failed(afterRetries(outcome.failure, attempt - 1)) : outcome,
			);
		}
		connection.client.traffic.retried('too_many_write_operations');
		if (!(await waitMs(delayMs, connection.client.cancelSignal))) return outcomes;
	}
}

/** One outcome per entry: Dropbox's own, or the failure of the whole call for each. */
export function outcomesOf(
	answer: CallOutcome<FinishBatchResult>,
	entries: readonly FinishEntry[],
): Array<Outcome<IDataObject>> {
	const results = answer.ok ? answer.value.entries : [];
	const { answerLost } = answer;
	const whole = answer.ok
		? WRONG_COUNT
		: afterLostAnswer(answer.failure, { answerLost, isVerdict: false });
	return entries.map((entry, index) => {
		const result = results.length === entries.length ? results[index] : undefined;
		const submitted = submittedEntry(entry);
		return result ? entryOutcome(result, submitted, answerLost) : failed(about(whole, submitted));
	});
}

function isBusy(outcome: Outcome<IDataObject> | undefined): outcome is ReturnType<typeof failed> {
	return outcome?.ok === false && BUSY.has(outcome.failure.path);
}

const WRONG_COUNT: Failure = {
	vendor: 'Dropbox',
	path: 'http/unexpected_reply',
	message: 'Dropbox answered for another number of files than the batch had',
	remedy: 'Look at the paths in Dropbox before you send the files again.',
	class: 'internal',
	retryable: false,
	stored: 'unknown',
};
