import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from './failure';
import { noReplyFailure } from './http/noReply';
import type { HttpClient } from './http/types';
import { collectionOf } from './input/parameters';
import { readItems } from './input/readItems';
import { resumeFolder } from './input/resumeFolder';
import { followRun } from './output/followRun';
import type { ItemResult } from './output/toItems';
import { EarlierTries } from './upload/earlierTries';
import type { MemoryCeiling } from './upload/memoryCeiling';
import { processMemory } from './upload/memoryCeiling';
import { Progress } from './upload/progress';
import type { ResumeStore } from './upload/resume';
import { resumeStore } from './upload/resume';

/** One item's file, as far as a run as a whole is concerned with it. */
export interface ItemFile {
	readonly itemIndex: number;
	readonly source: { readonly sizeBytes: number };
}

export interface UploadInput<C, F, S> {
	readonly connection: C;
	readonly file: F;
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
	/** The same for the same item in the next try, and for no other file. */
	readonly identityOf: (file: F) => string;
	readonly uploadAll: (files: readonly F[], around: UploadSurroundings<C, F, S>) => Promise<void>;
}

interface Account {
	readonly client: HttpClient;
}

type Read<C, F, S> = UploadInput<C, F, S> & { readonly notes: ResumeStore | undefined };
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

	const runKey = runKeyOf(context);
	const stored: Outcomes<string> =
		runKey === undefined ? new Map<string, Outcome<IDataObject>>() : earlierTries.begin(runKey);
	try {
		await uploadReadable(operation, inputs, results, stored);
	} finally {
		const allWell = [...results.values()].every(({ ok }) => ok);
		if (runKey !== undefined) earlierTries.end(runKey, { allWell });
	}
	return itemResults(results);
}

async function uploadReadable<C extends Account, F extends ItemFile, S>(
	{ context, vendor, identityOf, uploadAll }: UploadOperation<C, F, S>,
	inputs: ReadonlyArray<Outcome<Read<C, F, S>>>,
	results: Outcomes<number>,
	stored: Outcomes<string>,
): Promise<void> {
	const readable = inputs.flatMap((input) => (input.ok ? [input.value] : []));
	const log = (line: string): void => context.logger.info(`${vendor} Upload: ${line}`);
	const progress = progressOf(inputs.length, readable, (line) => {
		log(line);
		context.sendMessageToUI(`${vendor} Upload: ${line}`);
	});
	for (let unreadable = inputs.length - readable.length; unreadable > 0; unreadable--) {
		progress.fileDone('failed', 0);
	}
	const settle = (file: F, outcome: Outcome<IDataObject>): void => {
		results.set(file.itemIndex, outcome);
		if (outcome.ok || outcome.failure.stored !== 'no') stored.set(identityOf(file), outcome);
		const skipped = outcome.ok && outcome.value.skipped !== undefined;
		const end = outcome.ok ? (skipped ? 'skipped' : 'stored') : 'failed';
		progress.fileDone(end, file.source.sizeBytes);
	};
	const canceled = noReplyFailure(vendor, { kind: 'canceled', inFlight: false }, false);

	for (const [connection, ofConnection] of byConnection(readable)) {
		const [{ settings, notes }] = ofConnection as [Read<C, F, S>];
		const open = ofConnection.filter(({ file }) => {
			const outcome = stored.get(identityOf(file));
			if (outcome !== undefined) settle(file, outcome);
			return outcome === undefined;
		});
		await uploadAll(
			open.map(({ file }) => file),
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
	followRun(context, progress.summary());
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
	inputs: ReadonlyArray<Read<C, F, S>>,
	report: (line: string) => void,
): Progress {
	const connections = new Set(inputs.map(({ connection }) => connection));
	const bytes = inputs.reduce((sum, { file }) => sum + file.source.sizeBytes, 0);
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
