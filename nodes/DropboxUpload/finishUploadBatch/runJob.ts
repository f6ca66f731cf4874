import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { ItemResult } from '../../shared/output/toItems';
import { launchFinishBatchJob } from '../api/commits';
import type { Connection } from '../api/connection';
import { explainedAtTeamRoot } from '../api/failures/root';
import { inHalves, isRefusedWhole, MAX_SPLITS } from '../api/refusedBatch';
import type { FinishBatchResult } from '../api/types';
import { outcomesOf } from '../batch/commitEntries';
import { about, submittedEntry } from '../batch/entries';
import { filesText, inTurn } from '../batch/inTurn';
import { NO_JOB_ID, waitForJob } from '../batch/job';
import type { BatchItem } from './batchItem';
import { resultsOf } from './batchItem';
import type { Revisions } from './settleBatch';
import { reconcileBatch } from './settleBatch';
import { passing } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

/** What the first item says about jobs. */
export interface JobSettings {
	readonly wait: boolean;
	readonly deadlineMs: number;
}

/**
 * One job after the other: Dropbox asks not to start a job of an account before the one before has
 * ended, so only the last one can be left unwaited.
 */
export async function runJobs(
	batches: ReadonlyArray<readonly BatchItem[]>,
	settings: JobSettings,
	revisions: Revisions,
): Promise<ItemResult[]> {
	const connection = batches[0]?.[0]?.connection;
	if (connection === undefined) return [];
	const runAll = async (): Promise<ItemResult[]> => {
		const results: ItemResult[] = [];
		let open = true;
		let splits = MAX_SPLITS;
		const waiting = [...batches];
		for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
			if (!open) {
				for (const item of batch) results.push(notSent(item));
				continue;
			}
			const wait = settings.wait || waiting.length > 0;
			const maySplit = batch.length > 1 && splits > 0;
			const job = await runJob(connection, batch, { ...settings, wait, maySplit }, revisions);
			if (job === 'split') {
				splits -= 1;
				waiting.unshift(...inHalves(batch));
				continue;
			}
			for (const result of job.results) results.push(result);
			open = job.ended;
		}
		return results;
	};
	const files = batches.reduce((sum, batch) => sum + batch.length, 0);
	const notBegun = (failure: Failure): ItemResult[] =>
		batches.flat().map((item) => notSent(item, failure));
	return await inTurn(connection, `a batch job of ${filesText(files)}`, runAll, notBegun);
}

async function runJob(
	connection: Connection,
	batch: readonly BatchItem[],
	{ wait, deadlineMs, maySplit }: JobSettings & { readonly maySplit: boolean },
	revisions: Revisions,
): Promise<{ results: ItemResult[]; ended: boolean } | 'split'> {
	const entries = batch.map(({ entry }) => entry);
	const sinceMs = connection.client.serverNowMs();
	const launched = await launchFinishBatchJob(connection, entries);
	const ended = async (outcome: Outcome<FinishBatchResult>) => {
		const outcomes = outcomesOf({ ...launched, ...outcome }, entries).map((one) =>
			explainedAtTeamRoot(one, connection.rootKind),
		);
		const settled = await reconcileBatch(connection, entries, outcomes, { sinceMs, revisions });
		return {
			results: resultsOf(batch, settled),
			ended: outcome.ok || outcome.failure.detail?.kind !== 'job',
		};
	};
	if (maySplit && isRefusedWhole(launched)) return 'split';
	if (!launched.ok) return await ended(launched);
	const { value: job } = launched;
	if (job['.tag'] === 'complete') return await ended(success(job));
	if (job['.tag'] === 'in_progress') return await ended(failed(NO_JOB_ID));
	if (wait) return await ended(await waitForJob(connection, job.async_job_id, deadlineMs));
	const json = {
		...job,
		submitted: entries.map((entry) => ({ ...submittedEntry(entry) })),
		...(launched.responseLost && { answer_lost: true }),
	};
	return {
		results: [{ itemIndexes: batch.map(({ itemIndex }) => itemIndex), outcome: success(json) }],
		ended: false,
	};
}

function notSent({ itemIndex, entry }: BatchItem, failure = EARLIER_JOB_RUNNING): ItemResult {
	return {
		itemIndexes: [itemIndex],
		outcome: failed(about(failure, submittedEntry(entry))),
	};
}

const EARLIER_JOB_RUNNING = toFailure(
	'job/earlier_in_progress',
	passing(
		"The job of the files before this one was still running, so this file wasn't committed",
		"Run 'Finish Upload Batch' for this file when the earlier job is complete. The upload session stays open for 7 days.",
	),
);
