import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { onceAcrossTries } from '../../shared/run/acrossTries';
import { collectionOf, optionChoice, optionFlag } from '../../shared/fields/parameters';
import { readDeadlineMs } from '../../shared/fields/waiting';
import { readItems } from '../../shared/fields/readItems';
import { internalFailure, outcomeOf } from '../../shared/net';
import type { ItemResult } from '../../shared/output/toItems';
import { inInputOrder } from '../../shared/output/toItems';
import { commitEntries } from '../batch/commitEntries';
import { about, submittedEntry } from '../batch/entries';
import { filesText, inTurn } from '../batch/inTurn';
import { readCommit } from '../fields/commit';
import { readCursor } from '../fields/session';
import type { DropboxRun } from '../run';
import { batchesByConnection } from './batches';
import type { BatchItem } from './batchItem';
import { resultsOf } from './batchItem';
import type { JobSettings } from './runJob';
import { runJobs } from './runJob';
import type { Revisions } from './settleBatch';
import { reconcileBatch } from './settleBatch';

interface ReadItem extends BatchItem {
	/** The first item's counts for all. */
	readonly job: JobSettings | undefined;
}

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	const { context } = run;
	const items = await readItems(context, 'Dropbox', (itemIndex): ReadItem => ({
		itemIndex,
		job: readJobSettings(context, itemIndex),
		connection: run.connectionFor(itemIndex),
		entry: { cursor: readCursor(context, itemIndex), commit: readCommit(context, itemIndex) },
	}));
	const results = await onceAcrossTries<ItemResult>(
		context,
		// Asked again, Dropbox would call its session lost and the file not stored.
		({ stored }) => stored !== 'no',
		async ({ isDone }) =>
			await finishAll(
				items
					.map((item, itemIndex) => ({ item, itemIndex }))
					.filter(({ itemIndex }) => !isDone(itemIndex)),
			),
	);
	return inInputOrder(results);
}

async function finishAll(
	items: ReadonlyArray<{ readonly itemIndex: number; readonly item: Outcome<ReadItem> }>,
): Promise<ItemResult[]> {
	const results = items.flatMap(({ item, itemIndex }): ItemResult[] =>
		item.ok ? [] : [{ itemIndexes: [itemIndex], outcome: item }],
	);
	const readable = items.flatMap(({ item }) => (item.ok ? [item.value] : []));
	const job = readable[0]?.job;
	const revisions: Revisions = new Set();
	for (const batches of batchesByConnection(readable)) {
		const steps = job === undefined ? batches : [batches.flat()];
		for (const items of steps) {
			const done = await outcomeOf(
				async () =>
					success(
						job === undefined
							? await commitBatch(items, revisions)
							: await runJobs(batches, job, revisions),
					),
				(error) => internalFailure('Dropbox', error),
			);
			const ended = done.ok ? done.value : items.map((item) => failedItem(item, done.failure));
			for (const result of ended) results.push(result);
		}
	}
	return results;
}

function failedItem({ itemIndex, entry }: BatchItem, failure: Failure): ItemResult {
	return {
		itemIndexes: [itemIndex],
		outcome: failed(about(failure, submittedEntry(entry))),
	};
}

async function commitBatch(
	batch: readonly BatchItem[],
	revisions: Revisions,
): Promise<ItemResult[]> {
	const connection = batch[0]?.connection;
	if (connection === undefined) return [];
	const entries = batch.map(({ entry }) => entry);
	const { outcomes, sinceMs } = await inTurn(
		connection,
		`a commit of ${filesText(batch.length)}`,
		async () => ({
			sinceMs: connection.client.serverNowMs(),
			outcomes: await commitEntries(connection, entries),
		}),
		(failure) => ({
			sinceMs: 0,
			outcomes: entries.map((entry) => failed(about(failure, submittedEntry(entry)))),
		}),
	);
	const settled = await reconcileBatch(connection, entries, outcomes, { sinceMs, revisions });
	return resultsOf(batch, settled);
}

/** Undefined when the batch is to be committed at once. */
function readJobSettings(context: IExecuteFunctions, itemIndex: number): JobSettings | undefined {
	const options = collectionOf(context, itemIndex);
	const method = optionChoice(options, 'commitMethod', 'Finish By', ['commit', 'job']);
	if (method === 'commit') return undefined;
	return {
		wait: optionFlag(options, 'waitForJob', 'Wait for the Job', true),
		deadlineMs: readDeadlineMs(options),
	};
}
