import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { noReplyFailure } from '../../shared/http/noReply';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import { finishBatch } from '../api/commits';
import { commitTimeoutMs } from '../api/commitTimeout';
import type { Connection } from '../api/connection';
import { afterLostResponse } from '../api/failures/lostCommit';
import { atTeamRoot } from '../api/failures/root';
import { parentOf, pathKey } from '../api/paths';
import { inPartsWhenRefused } from '../api/refusedBatch';
import type { FinishBatchResult, FinishEntry } from '../api/types';
import { about, entryOutcome, submittedEntry } from './entries';

/** Reasons with which Dropbox puts an entry off; the others' results stand. */
const BUSY = new Set(['too_many_write_operations', 'path/too_many_write_operations']);

/** "Please limit your batch request to files contained in a single shared folder." */
const TOO_MANY_FOLDERS = 'too_many_shared_folder_targets';

/**
 * Commits up to 1,000 entries, one outcome each, in order. Entries that Dropbox puts off are committed
 * again after a pause, and those that go to too many shared folders folder by folder. To be called for
 * one account one at a time.
 */
export async function commitEntries(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Array<Outcome<IDataObject>>> {
	const outcomes = await commitTogether(connection, entries);
	const folders = new Map<string, number[]>();
	for (const [index, { commit }] of entries.entries()) {
		if (!hasFailedWith(outcomes[index], TOO_MANY_FOLDERS)) continue;
		const { path } = commit;
		// Nobody knows where a file lies that is named by its ID.
		const folder = path.startsWith('id:') ? path : pathKey(parentOf(path));
		folders.set(folder, [...(folders.get(folder) ?? []), index]);
	}
	if (folders.size < 2) return outcomes;
	for (const indexes of folders.values()) {
		const ofFolder = indexes.map((index) => entries[index] as FinishEntry);
		const again = await commitTogether(connection, ofFolder);
		for (const [position, outcome] of again.entries()) {
			outcomes[indexes[position] as number] = outcome;
		}
	}
	return outcomes;
}

async function commitTogether(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Array<Outcome<IDataObject>>> {
	const outcomes = new Array<Outcome<IDataObject>>(entries.length);
	let pending = entries.map((_, index) => index);
	let responseLost = false;
	const patientUntilMs = Date.now() + commitTimeoutMs(entries.length);
	for (let attempt = 1; ; attempt++) {
		const sent = pending.map((index) => entries[index] as FinishEntry);
		const parts = await inPartsWhenRefused(
			sent,
			async (part) => await finishBatch(connection, part),
		);
		// What an earlier round may have committed is not to be taken for a lost session now.
		responseLost ||= parts.some(({ answer }) => answer.responseLost);
		const round = parts.flatMap((part) =>
			outcomesOf({ ...part.answer, responseLost }, part.entries),
		);
		pending.forEach((index, position) => {
			const outcome = round[position] as Outcome<IDataObject>;
			outcomes[index] = outcome.ok
				? outcome
				: failed(atTeamRoot(outcome.failure, connection.rootKind));
		});
		pending = pending.filter((index) => isBusy(outcomes[index]));
		const delayMs = retryDelayMs({
			attempt,
			passes: pending.length > 0,
			// Whose answer was lost may be at work still: its own lock is what turns the others away.
			...(responseLost
				? {
						policy: { ...connection.policy, maxRetries: Infinity },
						remainingMs: patientUntilMs - Date.now(),
					}
				: { policy: connection.policy }),
			random: Math.random(),
		});
		if (delayMs === undefined) {
			return outcomes.map((outcome) =>
				isBusy(outcome) ? failed(afterRetries(outcome.failure, attempt - 1)) : outcome,
			);
		}
		connection.client.traffic.retried('too_many_write_operations');
		if (!(await waitMs(delayMs, connection.client.cancelSignal))) {
			return outcomes.map((outcome) =>
				isBusy(outcome) ? failed(canceledWhile(outcome.failure)) : outcome,
			);
		}
	}
}

/** One outcome per entry: Dropbox's own, or the failure of the whole call for each. */
export function outcomesOf(
	answer: CallOutcome<FinishBatchResult>,
	entries: readonly FinishEntry[],
): Array<Outcome<IDataObject>> {
	const results = answer.ok ? answer.value.entries : [];
	const { responseLost } = answer;
	const whole = answer.ok
		? WRONG_COUNT
		: afterLostResponse(answer.failure, { responseLost, isVerdict: false });
	return entries.map((entry, index) => {
		const result = results.length === entries.length ? results[index] : undefined;
		const submitted = submittedEntry(entry);
		return result ? entryOutcome(result, submitted, responseLost) : failed(about(whole, submitted));
	});
}

/** Dropbox has put the entry off, so it is not stored. */
function canceledWhile({ vendor, subject, resume }: Failure): Failure {
	return { ...noReplyFailure(vendor, { kind: 'canceled', inFlight: false }), subject, resume };
}

function hasFailedWith(outcome: Outcome<IDataObject> | undefined, path: string): boolean {
	return outcome?.ok === false && outcome.failure.path === path;
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
