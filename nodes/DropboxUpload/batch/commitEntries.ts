import { ourFault } from '../../shared/catalogue';
import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { groupBy } from '../../shared/groupBy';
import { noReplyFailure } from '../../shared/http/noReply';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import { unsettledFailure } from '../../shared/net';
import { commitTimeoutMs } from '../api/commitTimeout';
import type { Connection } from '../api/connection';
import { afterLostResponse } from '../api/failures/lostCommit';
import { explainedAtTeamRoot } from '../api/failures/root';
import { parentOf, pathKey } from '../api/paths';
import type { FinishBatchResult, FinishEntry } from '../api/types';
import { BUSY, commitPolicy } from './busy';
import { commitInParts } from './commitWays';
import { about, entryOutcome, submittedEntry } from './entries';
import { toFailure } from '../api/failures/read';

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
	const refused = entries.filter((entry) => hasFailedWith(outcomes.get(entry), TOO_MANY_FOLDERS));
	const folders = groupBy(refused, folderOf);
	if (folders.size > 1) {
		for (const ofFolder of folders.values()) {
			const again = await commitTogether(connection, ofFolder);
			for (const [entry, outcome] of again) outcomes.set(entry, outcome);
		}
	}
	return entries.map((entry) => outcomes.get(entry) ?? failed(unsettledFailure('Dropbox')));
}

/** Nobody knows where a file lies that is named by its ID. */
function folderOf({ commit: { path } }: FinishEntry): string {
	return path.startsWith('id:') ? path : pathKey(parentOf(path));
}

type Outcomes = Map<FinishEntry, Outcome<IDataObject>>;

async function commitTogether(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Outcomes> {
	const { client } = connection;
	const outcomes: Outcomes = new Map();
	let pending = entries;
	let responseLost = false;
	const endBusy = (end: (failure: Failure) => Failure): Outcomes => {
		for (const [entry, outcome] of outcomes) {
			if (isBusy(outcome)) outcomes.set(entry, failed(end(outcome.failure)));
		}
		return outcomes;
	};
	const untilMs = Date.now() + commitTimeoutMs(entries.length);
	for (let attempt = 1; ; attempt++) {
		const parts = await commitInParts(connection, pending);
		// What an earlier round may have committed is not to be taken for a lost session now.
		responseLost ||= parts.some(({ response }) => response.responseLost);
		for (const { entries: sent, response } of parts) {
			for (const [entry, outcome] of outcomesBy({ ...response, responseLost }, sent)) {
				outcomes.set(entry, explainedAtTeamRoot(outcome, connection.rootKind));
			}
		}
		pending = pending.filter((entry) => isBusy(outcomes.get(entry)));
		const delayMs = retryDelayMs({
			attempt,
			passes: pending.length > 0,
			...commitPolicy(connection, { mayBeAtWork: responseLost, untilMs }),
			random: Math.random(),
		});
		if (delayMs === undefined) return endBusy((failure) => afterRetries(failure, attempt - 1));
		client.traffic.retried('too_many_write_operations');
		if (!(await waitMs(delayMs, client.cancelSignal))) return endBusy(canceledWhile);
	}
}

/** One outcome per entry: Dropbox's own, or the failure of the whole call for each. */
export function outcomesOf(
	response: CallOutcome<FinishBatchResult>,
	entries: readonly FinishEntry[],
): Array<Outcome<IDataObject>> {
	return outcomesBy(response, entries).map(([, outcome]) => outcome);
}

function outcomesBy(
	response: CallOutcome<FinishBatchResult>,
	entries: readonly FinishEntry[],
): Array<[FinishEntry, Outcome<IDataObject>]> {
	const results = response.ok ? response.value.entries : [];
	const { responseLost } = response;
	const whole = response.ok
		? WRONG_COUNT
		: afterLostResponse(response.failure, { responseLost, isVerdict: false });
	return entries.map((entry, index) => {
		const result = results.length === entries.length ? results[index] : undefined;
		const submitted = submittedEntry(entry);
		const outcome = result && entryOutcome(result, submitted, responseLost);
		return [entry, outcome ?? failed(about(whole, submitted))];
	});
}

/** Dropbox has put the entry off, so it is not stored. */
function canceledWhile({ vendor, subject, resume }: Failure): Failure {
	return { ...noReplyFailure(vendor, { kind: 'canceled', inFlight: false }), subject, resume };
}

function hasFailedWith(outcome: Outcome<IDataObject> | undefined, path: string): boolean {
	return outcome?.ok === false && outcome.failure.code === path;
}

function isBusy(outcome: Outcome<IDataObject> | undefined): outcome is ReturnType<typeof failed> {
	return outcome?.ok === false && BUSY.has(outcome.failure.code);
}

const WRONG_COUNT = toFailure(
	'http/unexpected_reply',
	ourFault(
		'Dropbox returned results for a different number of files than the batch had',
		'Look at the paths in Dropbox before you send the files again.',
		'unknown',
	),
);
