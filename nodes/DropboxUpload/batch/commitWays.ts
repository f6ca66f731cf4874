import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { firstWay, isMissing, noteMissing } from '../../shared/http/missingRoutes';
import type { Connection } from '../api/connection';
import {
	FINISH_BATCH,
	FINISH_BATCH_JOB,
	finishBatch,
	finishSession,
	launchJob,
} from '../api/commits';
import { commitTimeoutMs } from '../api/commitTimeout';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { inPartsWhenRefused } from '../api/refusedBatch';
import type { FinishBatchResult, FinishEntry } from '../api/types';
import { NO_JOB_ID, waitForJob } from './job';

type Finished = CallOutcome<FinishBatchResult>;

interface CommittedPart {
	readonly entries: readonly FinishEntry[];
	readonly response: Finished;
}

const NO_CONTENT = Buffer.alloc(0);

/**
 * Commits the entries in one call, as a job, or one by one: whichever Dropbox does not refuse as a route. A session
 * is used up by its commit, so that no way stores what another has stored.
 */
export async function commitInParts(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CommittedPart[]> {
	const { accountKey } = connection.client;
	if (isMissing(accountKey, FINISH_BATCH) && isMissing(accountKey, FINISH_BATCH_JOB)) {
		return await oneByOne(connection, entries, false);
	}
	const parts = await inPartsWhenRefused(
		entries,
		async (part) => await commitTogether(connection, part),
	);
	const refused = parts.every(({ response }) => !response.ok && isRouteRefused(response.failure));
	if (!refused) return parts;
	const responseLost = parts.some(({ response }) => response.responseLost);
	const single = await oneByOne(connection, entries, responseLost);
	const isThere = single.some(({ response }) => response.ok || response.failure.status === 409);
	if (isThere) for (const route of [FINISH_BATCH, FINISH_BATCH_JOB]) noteMissing(accountKey, route);
	return single;
}

async function commitTogether(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Finished> {
	return await firstWay<FinishBatchResult>(
		connection.client.accountKey,
		[
			{ route: FINISH_BATCH, call: async () => await finishBatch(connection, entries) },
			{ route: FINISH_BATCH_JOB, call: async () => await commitAsJob(connection, entries) },
		],
		isRouteRefused,
	);
}

/** As a job that is waited for as long as a commit of so many files may take. */
async function commitAsJob(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<Finished> {
	const launched = await launchJob(connection, entries);
	if (!launched.ok) return launched;
	const { value: job } = launched;
	if (job['.tag'] === 'complete') return { ...launched, ...success(job) };
	const deadlineMs = commitTimeoutMs(entries.length);
	const done: Outcome<FinishBatchResult> =
		job['.tag'] === 'async_job_id'
			? await waitForJob(connection, job.async_job_id, deadlineMs)
			: failed(NO_JOB_ID);
	// Of a job whose end nobody could hear of each file may be stored.
	return { ...launched, ...done, responseLost: launched.responseLost || !done.ok };
}

async function oneByOne(
	connection: Connection,
	entries: readonly FinishEntry[],
	responseLost: boolean,
): Promise<CommittedPart[]> {
	const parts: CommittedPart[] = [];
	for (const entry of entries) {
		const response = await finishOne(connection, entry);
		parts.push({
			entries: [entry],
			response: { ...response, responseLost: responseLost || response.responseLost },
		});
		// It would be the same for the others.
		if (!response.ok && isRouteRefused(response.failure)) {
			const rest = entries.slice(parts.length);
			if (rest.length > 0) parts.push({ entries: rest, response });
			return parts;
		}
	}
	return parts;
}

async function finishOne(
	connection: Connection,
	{ cursor, commit }: FinishEntry,
): Promise<Finished> {
	const finished = await finishSession(connection, cursor, commit, NO_CONTENT);
	if (!finished.ok) return finished;
	const entries = [{ ...finished.value, '.tag': 'success' as const }];
	return { ...finished, ...success({ entries }) };
}
