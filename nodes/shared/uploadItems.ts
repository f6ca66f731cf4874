import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from './failure';
import { success } from './failure';
import { noReplyFailure } from './http/noReply';
import type { HttpClient } from './http/types';
import { collectionOf } from './input/parameters';
import { readItems } from './input/readItems';
import { resumeFolder } from './input/resumeFolder';
import { followRun } from './output/followRun';
import { reportItem } from './output/report';
import type { ItemResult } from './output/toItems';
import { EarlierTries } from './upload/earlierTries';
import type { MemoryCeiling } from './upload/memoryCeiling';
import { processMemory } from './upload/memoryCeiling';
import { inParallel } from './upload/pool';
import { Progress } from './upload/progress';
import type { ResumeStore } from './upload/resume';
import { resumeStore } from './upload/resume';
import type { Totals } from './totals';

/** One item's file, as far as a run as a whole is concerned with it. */
export interface ItemFile {
	readonly itemIndex: number;
	/** The same for the same item in the next try of the run, and for no other file. */
	readonly identity: string;
	readonly source: {
		/** Undefined where it shows only at the end. */
		readonly sizeBytes: number | undefined;
		/** Nobody will open it any more; it opens anew when somebody does. */
		close?(): void;
	};
}

/** A file about which another server has to be asked first: name, size, and whether there is one. */
export interface FileElsewhere<F> {
	readonly itemIndex: number;
	readonly identity: string;
	look(): Promise<Outcome<F>>;
}

export interface UploadInput<C, F, S> {
	readonly connection: C;
	readonly file: F | FileElsewhere<F>;
	/** The first item of a connection decides how its files are uploaded. */
	readonly settings: S;
}

/** What uploading the files of one connection gets to work with. */
export interface UploadSurroundings<C, F, S> {
	readonly connection: C;
	readonly settings: S;
	readonly memory: MemoryCeiling;
	readonly resume: ResumeStore;
	readonly progress: Progress;
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	/** How one file ended; to be told once for each. */
	readonly settle: (file: F, outcome: Outcome<IDataObject>) => void;
	readonly log: (line: string) => void;
	/** For what somebody should know although no item fails: in the log and at the node. */
	readonly warn: (line: string) => void;
}

export interface UploadOperation<C, F, S> {
	readonly context: IExecuteFunctions;
	readonly vendor: Failure['vendor'];
	/** One item; throws InputProblem. */
	readonly read: (itemIndex: number) => Promise<UploadInput<C, F, S>>;
	readonly uploadAll: (files: readonly F[], around: UploadSurroundings<C, F, S>) => Promise<void>;
}

interface Account {
	readonly client: HttpClient;
}

type Read<C, F, S> = UploadInput<C, F, S> & { readonly notes: ResumeStore | undefined };
type Ready<C, F, S> = Read<C, F, S> & { readonly file: F };
type Outcomes<K> = Map<K, Outcome<IDataObject>>;

const PARALLEL_LOOKS = 4;
/** Answers that wait until their file is read; of more, the servers are asked once more. */
const MAX_WAITING_ANSWERS = 4;

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

	const runKey = runKeyOf(context);
	const stored: Outcomes<string> =
		runKey === undefined ? new Map<string, Outcome<IDataObject>>() : earlierTries.begin(runKey);
	try {
		const looked = await lookAtAll(inputs, stored);
		const totals = await uploadReadable(operation, looked, results, stored);
		return withReport(context, vendor, itemResults(results), totals);
	} finally {
		const allWell = [...results.values()].every(({ ok }) => ok);
		if (runKey !== undefined) earlierTries.end(runKey, { allWell });
	}
}

type Looked<C, F, S> = Outcome<Ready<C, F, S>> | { readonly storedBefore: Outcome<IDataObject> };

/** Files on other servers are looked at before any is sent: a name may decide where it goes. */
async function lookAtAll<C, F extends ItemFile, S>(
	inputs: ReadonlyArray<Outcome<Read<C, F, S>>>,
	stored: Outcomes<string>,
): Promise<Array<Looked<C, F, S>>> {
	const elsewhere = inputs.filter((input) => input.ok && 'look' in input.value.file);
	return await inParallel(inputs, PARALLEL_LOOKS, async (input): Promise<Looked<C, F, S>> => {
		if (!input.ok) return input;
		const { file, ...rest } = input.value;
		// A link may be good for one download.
		const storedBefore = stored.get(file.identity);
		if (storedBefore !== undefined) return { storedBefore };
		if (!('look' in file)) return success({ ...rest, file });
		const looked = await file.look();
		if (!looked.ok) return looked;
		if (elsewhere.length > MAX_WAITING_ANSWERS) looked.value.source.close?.();
		return success({ ...rest, file: looked.value });
	});
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
	const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false }, false);

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

function byConnection<I extends { readonly connection: unknown }>(
	inputs: readonly I[],
): Map<I['connection'], I[]> {
	const grouped = new Map<I['connection'], I[]>();
	for (const input of inputs) {
		const list = grouped.get(input.connection);
		if (list === undefined) grouped.set(input.connection, [input]);
		else list.push(input);
	}
	return grouped;
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
