import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { success } from '../failure';
import { noReplyFailure } from '../http/noReply';
import { collectionOf } from '../input/parameters';
import { readItems } from '../input/readItems';
import { resumeFolder } from '../input/resumeFolder';
import { followRun } from '../output/followRun';
import { reportItem } from '../output/report';
import type { ItemResult } from '../output/toItems';
import type { Totals } from '../totals';
import { EarlierTries } from '../upload/earlierTries';
import { processMemory } from '../upload/memoryCeiling';
import { Progress } from '../upload/progress';
import { resumeStore } from '../upload/resume';
import type { Looked } from './lookAtFiles';
import { lookAtFiles } from './lookAtFiles';
import { planItems } from './planItems';
import type { Account, ItemFile, Read, Ready, UploadOperation } from './uploadRun';
import { byConnection } from './uploadRun';

type Outcomes<K> = Map<K, Outcome<IDataObject>>;

/** What earlier tries of the same run have stored. */
const earlierTries = new EarlierTries<Outcome<IDataObject>>();

/** One result per item, in order; what an earlier try of the run has stored is not sent again. */
export async function uploadItems<C extends Account, F extends ItemFile, S>(
	operation: UploadOperation<C, F, S>,
): Promise<ItemResult[]> {
	const { context, vendor } = operation;
	const inputs = await readItems(context, vendor, async (itemIndex): Promise<Read<C, F, S>> => ({
		...(await operation.read(itemIndex)),
		notes: resumeFolder(context, collectionOf(context, itemIndex).resumeFolder),
	}));
	const results: Outcomes<number> = new Map();
	inputs.forEach((input, itemIndex) => {
		if (!input.ok) results.set(itemIndex, input);
	});
	if (results.size > 0 && !context.continueOnFail()) return itemResults(results);

	if (collectionOf(context, 0).planOnly === true) {
		return await planItems(operation, await lookAtFiles(inputs, new Map()));
	}
	const runKey = runKeyOf(context);
	const stored: Outcomes<string> =
		runKey === undefined ? new Map<string, Outcome<IDataObject>>() : earlierTries.begin(runKey);
	try {
		const looked = await lookAtFiles(inputs, stored);
		const totals = await uploadReadable(operation, looked, results, stored);
		return withReport(context, vendor, itemResults(results), totals);
	} finally {
		const isWhole = results.size === inputs.length;
		const allWell = isWhole && [...results.values()].every(({ ok }) => ok);
		if (runKey !== undefined) earlierTries.end(runKey, { allWell });
	}
}

async function uploadReadable<C extends Account, F extends ItemFile, S>(
	{ context, vendor, uploadAll }: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<Looked<C, F, S>>,
	results: Outcomes<number>,
	stored: Outcomes<string>,
): Promise<Totals> {
	const readable = inputs.flatMap((input) => ('ok' in input && input.ok ? [input.value] : []));
	const log = (line: string): void => context.logger.info(`${vendor} Upload: ${line}`);
	const progress = progressOf(inputs.length, readable, (line) => {
		log(line);
		context.sendMessageToUI(`${vendor} Upload: ${line}`);
	});
	const end = (itemIndex: number, outcome: Outcome<IDataObject>, sizeBytes?: number): void => {
		results.set(itemIndex, outcome);
		const skipped = outcome.ok && outcome.value.skipped !== undefined;
		const kind = outcome.ok ? (skipped ? 'skipped' : 'stored') : 'failed';
		// Where the source does not know it, the vendor does.
		progress.fileDone(kind, sizeBytes ?? ((outcome.ok && Number(outcome.value.size)) || 0));
	};
	inputs.forEach((input, itemIndex) => {
		if ('storedBefore' in input) end(itemIndex, input.storedBefore);
		else if (!input.ok) end(itemIndex, input);
	});
	const settle = (file: F, outcome: Outcome<IDataObject>): void => {
		if (outcome.ok || outcome.failure.stored !== 'no') stored.set(file.identity, outcome);
		end(file.itemIndex, outcome, file.source.sizeBytes);
		file.source.close?.();
	};
	const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false });

	for (const [connection, ofConnection] of byConnection(readable)) {
		const [{ settings, notes }] = ofConnection as [Ready<C, F, S>];
		await uploadAll(
			ofConnection.map(({ file }) => file),
			{
				connection,
				settings,
				memory: processMemory,
				resume: resumeStore(notes),
				progress,
				canceled: () => (connection.client.cancelSignal?.aborted ? canceled : undefined),
				settle,
				log,
				warn: (line) => {
					context.logger.warn(`${vendor} Upload: ${line}`);
					context.addExecutionHints({ message: line, type: 'warning', location: 'outputPane' });
				},
			},
		);
	}
	const totals = progress.totals();
	followRun(context, totals.text);
	return totals;
}

/** The items that were asked for: one for each file, one for the run, or both. */
function withReport(
	context: IExecuteFunctions,
	vendor: Failure['vendor'],
	results: readonly ItemResult[],
	totals: Totals,
): ItemResult[] {
	const { output } = collectionOf(context, 0);
	const hasFailed = results.some(({ outcome }) => !outcome.ok);
	const wantsReport = output === 'report' || output === 'filesAndReport';
	// A run that stops is told by its error alone.
	if (!wantsReport || (hasFailed && !context.continueOnFail())) return [...results];
	const failures = results.flatMap(({ itemIndexes: [item = 0], outcome }) =>
		outcome.ok ? [] : [{ item, failure: outcome.failure }],
	);
	const report: ItemResult = {
		itemIndexes: results.flatMap(({ itemIndexes }) => itemIndexes),
		outcome: success(reportItem(vendor, totals, failures)),
	};
	return output === 'report' ? [report] : [...results, report];
}

function itemResults(outcomes: Outcomes<number>): ItemResult[] {
	return [...outcomes]
		.sort(([a], [b]) => a - b)
		.map(([itemIndex, outcome]) => ({ itemIndexes: [itemIndex], outcome }));
}

function progressOf<C extends Account, F extends ItemFile, S>(
	files: number,
	inputs: ReadonlyArray<Ready<C, F, S>>,
	report: (line: string) => void,
): Progress {
	const connections = new Set(inputs.map(({ connection }) => connection));
	const sizes = inputs.map(({ file }) => file.source.sizeBytes);
	const bytes = sizes.every((size) => size !== undefined)
		? sizes.reduce((sum, size) => sum + size, 0)
		: undefined;
	const requestCount = () => {
		let requests = 0;
		const retriedFor = new Map<string, number>();
		for (const { client } of connections) {
			requests += client.traffic.requests;
			for (const [reason, times] of client.traffic.retriedFor) {
				retriedFor.set(reason, (retriedFor.get(reason) ?? 0) + times);
			}
		}
		return { requests, retriedFor };
	};
	return new Progress(files, bytes, requestCount, report);
}

/** The run that Retry On Fail repeats: the same execution, node and round of a loop. */
function runKeyOf(context: IExecuteFunctions): string | undefined {
	const { id, retryOnFail } = context.getNode();
	const executionId = context.getExecutionId();
	if (retryOnFail !== true || !executionId) return undefined;
	const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
	return JSON.stringify([executionId, id, runIndex]);
}
