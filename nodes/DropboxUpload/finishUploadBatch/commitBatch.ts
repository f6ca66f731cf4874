import type { Failure } from '../../shared/failure';
import { failed } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { retryDelayMs } from '../../shared/http/retry';
import { oneAtATime } from '../../shared/http/serial';
import { waitMs } from '../../shared/http/wait';
import type { ItemResult } from '../../shared/output/toItems';
import { finishBatch } from '../api/calls';
import type { FinishBatchResult } from '../api/types';
import { about, entryOutcome, submittedEntry } from '../batch';
import type { BatchItem } from './execute';

/** Reasons with which Dropbox puts an entry off; the others' results stand. */
const BUSY = new Set(['too_many_write_operations', 'path/too_many_write_operations']);

/** Commits one batch; entries that Dropbox puts off are committed again after a pause. */
export async function commitBatch(batch: readonly BatchItem[]): Promise<ItemResult[]> {
	const [first] = batch;
	if (first === undefined) return [];
	const { connection } = first;
	return await oneAtATime(connection.commitKey, async () => {
		const results: ItemResult[] = [];
		let pending = batch;
		for (let attempt = 1; ; attempt++) {
			const answer = await finishBatch(
				connection,
				pending.map(({ entry }) => entry),
			);
			const round = resultsOf(answer, pending);
			const busy = new Set(round.filter(isBusy).map(({ itemIndexes: [itemIndex] }) => itemIndex));
			const delayMs = retryDelayMs({
				attempt,
				passes: busy.size > 0,
				policy: connection.policy,
				random: Math.random(),
			});
			if (delayMs === undefined || !(await waitMs(delayMs, connection.client.cancelSignal))) {
				return [...results, ...round];
			}
			results.push(...round.filter(({ itemIndexes: [itemIndex] }) => !busy.has(itemIndex)));
			pending = pending.filter(({ itemIndex }) => busy.has(itemIndex));
		}
	});
}

function isBusy({ outcome }: ItemResult): boolean {
	return !outcome.ok && BUSY.has(outcome.failure.path);
}

/** One result per entry: Dropbox's own, or the failure of the whole call for each. */
export function resultsOf(
	answer: CallOutcome<FinishBatchResult>,
	batch: readonly BatchItem[],
): ItemResult[] {
	const entries = answer.ok ? answer.value.entries : [];
	const whole = answer.ok ? WRONG_COUNT : answer.failure;
	return batch.map(({ itemIndex, entry: sent }, index) => {
		const entry = entries.length === batch.length ? entries[index] : undefined;
		const submitted = submittedEntry(sent);
		const outcome = entry
			? entryOutcome(entry, submitted, answer.answerLost)
			: failed(about(whole, submitted));
		return { itemIndexes: [itemIndex], outcome };
	});
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
