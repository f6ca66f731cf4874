import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { noReplyFailure } from '../http/noReply';
import { waitsOf } from '../http/outageBudget';
import { added, collectionOf } from '../fields/parameters';
import type { EarlierResults } from './acrossTries';
import { acrossTries } from './acrossTries';
import { readItems } from '../fields/readItems';
import { resumeFolder } from '../transfer/resumeFolder';
import { readRunOptions, runOptionsOf } from '../fields/runOptions';
import { followRun } from '../output/followRun';
import { reportItem, withReport } from './report';
import type { ItemResult } from '../output/toItems';
import { isCount } from '../json';
import { groupBy } from '../groupBy';
import type { Thrown } from '../net';
import { internalFailure, outcomeOf, unsettledFailure } from '../net';
import { isNoFile } from '../source/cloud/cloudFile';
import type { Totals } from './totals';
import { processMemory } from '../transfer/memoryLimit';
import { Progress } from './progress';
import { checkpointStore } from '../transfer/checkpoints';
import { expandFolders } from './expand';
import { leftOut, tellLeftOut } from './leftOut';
import type { OpenedFile } from './openLinks';
import { openLinks } from './openLinks';
import { OutcomeTable } from './outcomeTable';
import { dryRunItems } from './dryRunItems';
import { TakenTargets } from './takenTargets';
import type { Account, ItemFile, Read, Ready, UploadContext, UploadOperation } from './uploadRun';

/**
 * One result per item, in order; what an earlier try of the run has stored is not sent again. A mistake
 * in one item keeps no other from being stored.
 */
export async function uploadItems<C extends Account, F extends ItemFile, S>(
	operation: UploadOperation<C, F, S>,
): Promise<ItemResult[]> {
	const { context, vendor } = operation;
	const inputs = await readItems(
		context,
		vendor,
		async (itemIndex) => await readItem(operation, itemIndex),
	);
	const thrown: Thrown = (error) => internalFailure(vendor, error);
	const { files, itemOf } = await expandFolders(inputs, thrown);
	const ofItems = (results: readonly ItemResult[]) => pairedWithItems(results, itemOf);
	if (runOptionsOf(context).planOnly) {
		return ofItems(await dryRunItems(operation, await openLinks(files, new Map(), thrown)));
	}
	let report = (results: readonly ItemResult[]): ItemResult[] => [...results];
	const results = await acrossTries(context, async (earlier): Promise<ItemResult[]> => {
		tellLeftOut(context, vendor, files);
		const looked = await openLinks(files, earlier, thrown);
		const uploaded = await uploadReadable(operation, looked, earlier, thrown);
		report = (all) =>
			withReport(context, all, () => reportOf(vendor, ofItems(all), uploaded.totals));
		return uploaded.results;
	});
	return ofItems(report(results));
}

/** Throws InputProblem. */
async function readItem<C, F, S>(
	{ context, sources, connectionFor, readFile, readSettings }: UploadOperation<C, F, S>,
	itemIndex: number,
): Promise<Read<C, F, S>> {
	readRunOptions(context, itemIndex);
	const connection = connectionFor(itemIndex);
	return {
		connection,
		file: await readFile(context, itemIndex, connection, sources),
		settings: readSettings(context, itemIndex),
		notes: resumeFolder(context, added(collectionOf(context, itemIndex), 'resumeFolder', '')),
	};
}

/** Each file of a run has a place of its own there; outside it belongs to its item. */
function pairedWithItems(results: readonly ItemResult[], itemOf: readonly number[]): ItemResult[] {
	return results.map((result) => ({
		...result,
		itemIndexes: [...new Set(result.itemIndexes.map((place) => itemOf[place] ?? place))],
	}));
}

async function uploadReadable<C extends Account, F extends ItemFile, S>(
	operation: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<OpenedFile<C, F, S>>,
	earlier: EarlierResults,
	thrown: Thrown,
): Promise<{ results: ItemResult[]; totals: Totals }> {
	const readable = inputs.flatMap((input) => ('ok' in input && input.ok ? [input.value] : []));
	const { context, vendor, uploadAll } = operation;
	const logBug = (line: string) => context.logger.error(`${vendor} Upload, bug: ${line}`);
	const table = new OutcomeTable(inputs.length, logBug);
	const progress = progressOf(operation, table, readable);
	const end: End = (itemIndex, outcome, sizeBytes) => {
		// Where the source does not know it, the vendor does.
		table.settle(itemIndex, outcome, sizeBytes ?? sizeOf(outcome));
		progress.fileDone();
	};
	inputs.forEach((input, itemIndex) => {
		const known = knownOutcome(input);
		if (known !== undefined) end(itemIndex, known);
	});
	const settle = (file: F, outcome: Outcome<IDataObject>): void => {
		if (outcome.ok || outcome.failure.stored !== 'no') {
			earlier.set(file.identity, { itemIndexes: [file.itemIndex], outcome });
		}
		end(file.itemIndex, outcome, file.source.sizeBytes);
		file.source.close?.();
	};
	const takenTargets = takenTargetsOf(earlier);
	for (const ofConnection of groupBy(readable, ({ connection }) => connection).values()) {
		const given = contextOf(operation, ofConnection[0], progress);
		const uploadContext = { ...given, takenTargets, thrown, settle };
		const files = ofConnection.map(({ file }) => file);
		const uploaded = await outcomeOf(async () => await uploadAll(files, uploadContext), thrown);
		if (uploaded.ok) continue;
		const open = files.filter(({ itemIndex }) => !table.isSettled(itemIndex));
		for (const file of open) settle(file, uploaded);
	}
	const left = new Set(table.unsettled());
	const outcome = failed(unsettledFailure(vendor));
	for (const { file } of readable) if (left.delete(file.itemIndex)) settle(file, outcome);
	for (const itemIndex of left) end(itemIndex, outcome);
	const totals = progress.totals();
	followRun(context, totals.text);
	return { results: table.results(), totals };
}

/** What an input comes to that isn't uploaded; undefined for a file that is. */
function knownOutcome<C, F extends ItemFile, S>(
	input: OpenedFile<C, F, S>,
): Outcome<IDataObject> | undefined {
	if ('storedBefore' in input) return input.storedBefore;
	if (isNoFile(input)) return success(leftOut(input));
	return input.ok ? undefined : input;
}

type End = (itemIndex: number, outcome: Outcome<IDataObject>, sizeBytes?: number) => void;

/** What the files of one connection are uploaded with, but for how they end. */
function contextOf<C extends Account, F extends ItemFile, S>(
	{ context, vendor }: UploadOperation<C, F, S>,
	{ connection, settings, notes }: Ready<C, F, S>,
	progress: Progress,
): Omit<UploadContext<C, F, S>, 'takenTargets' | 'thrown' | 'settle'> {
	const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false });
	return {
		connection,
		settings,
		memory: processMemory,
		resume: checkpointStore(notes),
		progress,
		canceled: () => (connection.client.cancelSignal?.aborted ? canceled : undefined),
		log: (line) => context.logger.info(`${vendor} Upload: ${line}`),
		warn: (line) => {
			context.logger.warn(`${vendor} Upload: ${line}`);
			context.addExecutionHints({ message: line, type: 'warning', location: 'outputPane' });
		},
	};
}

/** The next try of a run must not replace what the first one has stored, either. */
const targetsOfRuns = new WeakMap<EarlierResults, TakenTargets>();

function takenTargetsOf(earlier: EarlierResults): TakenTargets {
	const takenTargets = targetsOfRuns.get(earlier) ?? new TakenTargets();
	targetsOfRuns.set(earlier, takenTargets);
	return takenTargets;
}

function sizeOf(outcome: Outcome<IDataObject>): number {
	return outcome.ok && isCount(outcome.value.size) ? outcome.value.size : 0;
}

function reportOf(
	vendor: Failure['vendor'],
	results: readonly ItemResult[],
	totals: Totals,
): IDataObject {
	const failures = results.flatMap(({ itemIndexes: [item = 0], outcome }) =>
		outcome.ok ? [] : [{ item, failure: outcome.failure }],
	);
	return reportItem(vendor, totals, failures);
}

function progressOf<C extends Account, F extends ItemFile, S>(
	{ context, vendor }: UploadOperation<C, F, S>,
	table: OutcomeTable,
	inputs: ReadonlyArray<Ready<C, F, S>>,
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
		return { requests, retriedFor, waitedMs: waitsOf(context, vendor) };
	};
	return new Progress(
		() => table.counts(),
		bytes,
		requestCount,
		(line) => {
			context.logger.info(`${vendor} Upload: ${line}`);
			context.sendMessageToUI(`${vendor} Upload: ${line}`);
		},
	);
}
