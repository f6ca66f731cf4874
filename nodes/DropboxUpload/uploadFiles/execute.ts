import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { collectionOf } from '../../shared/input/parameters';
import { readItems } from '../../shared/input/readItems';
import { resumeFolder } from '../../shared/input/resumeFolder';
import { EarlierTries } from '../../shared/upload/earlierTries';
import { processMemory } from '../../shared/upload/memoryCeiling';
import { Progress } from '../../shared/upload/progress';
import type { ResumeStore } from '../../shared/upload/resume';
import { resumeStore } from '../../shared/upload/resume';
import { followRun } from '../../shared/output/followRun';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import { readNoReply } from '../api/failures/read';
import type { DropboxRun } from '../run';
import { readFile } from './readFile';
import { readSettings } from './readSettings';
import type { FileToUpload } from './types';
import type { UploadSettings } from './uploader';
import { uploadAll } from './uploader';

interface Input {
	readonly connection: Connection;
	readonly file: FileToUpload;
	/** The first item of a connection decides how its files are uploaded. */
	readonly settings: UploadSettings;
	readonly notes: ResumeStore | undefined;
}

/** What earlier tries of the same run have stored. */
const earlierTries = new EarlierTries<Outcome<IDataObject>>();

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	const inputs = await readItems(context, 'Dropbox', async (itemIndex): Promise<Input> => ({
		connection: connectionFor(itemIndex),
		file: await readFile(context, itemIndex),
		settings: readSettings(context, itemIndex),
		notes: resumeFolder(context, collectionOf(context, itemIndex).resumeFolder),
	}));
	const results = new Map<number, Outcome<IDataObject>>();
	inputs.forEach((input, itemIndex) => {
		if (!input.ok) results.set(itemIndex, input);
	});
	if (results.size > 0 && !context.continueOnFail()) return itemResults(results);

	const runKey = runKeyOf(context);
	const stored =
		runKey === undefined ? new Map<string, Outcome<IDataObject>>() : earlierTries.begin(runKey);
	try {
		await upload(context, inputs, results, stored);
	} finally {
		const allWell = [...results.values()].every(({ ok }) => ok);
		if (runKey !== undefined) earlierTries.end(runKey, { allWell });
	}
	return itemResults(results);
}

async function upload(
	context: IExecuteFunctions,
	inputs: ReadonlyArray<Outcome<Input>>,
	results: Map<number, Outcome<IDataObject>>,
	stored: Map<string, Outcome<IDataObject>>,
): Promise<void> {
	const readable = inputs.flatMap((input) => (input.ok ? [input.value] : []));
	const log = (line: string): void => context.logger.info(`Dropbox Upload: ${line}`);
	const progress = progressOf(context, inputs.length, readable, log);
	for (let unreadable = inputs.length - readable.length; unreadable > 0; unreadable--) {
		progress.fileDone('failed', 0);
	}
	const settle = (file: FileToUpload, outcome: Outcome<IDataObject>): void => {
		results.set(file.itemIndex, outcome);
		if (outcome.ok || outcome.failure.stored !== 'no') stored.set(identityOf(file), outcome);
		const skipped = outcome.ok && outcome.value.skipped !== undefined;
		const end = outcome.ok ? (skipped ? 'skipped' : 'stored') : 'failed';
		progress.fileDone(end, file.source.sizeBytes);
	};

	for (const [connection, ofConnection] of byConnection(readable)) {
		const [{ settings, notes }] = ofConnection as [Input];
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
				canceled: () => (connection.client.cancelSignal?.aborted ? CANCELED : undefined),
				settle,
				log,
			},
		);
	}
	followRun(context, progress.summary());
}

const CANCELED: Failure = readNoReply(
	{ kind: 'canceled', inFlight: false },
	{ errorUnion: undefined, storesFile: false },
);

function itemResults(outcomes: ReadonlyMap<number, Outcome<IDataObject>>): ItemResult[] {
	return [...outcomes]
		.sort(([a], [b]) => a - b)
		.map(([itemIndex, outcome]) => ({ itemIndexes: [itemIndex], outcome }));
}

function byConnection(inputs: readonly Input[]): Map<Connection, Input[]> {
	const grouped = new Map<Connection, Input[]>();
	for (const input of inputs) {
		const list = grouped.get(input.connection);
		if (list === undefined) grouped.set(input.connection, [input]);
		else list.push(input);
	}
	return grouped;
}

function progressOf(
	context: IExecuteFunctions,
	files: number,
	inputs: readonly Input[],
	log: (line: string) => void,
): Progress {
	const connections = new Set(inputs.map(({ connection }) => connection));
	const bytes = inputs.reduce((sum, { file }) => sum + file.source.sizeBytes, 0);
	const requestCount = () => {
		let requests = 0;
		let retries = 0;
		for (const { client } of connections) {
			requests += client.traffic.requests;
			retries += client.traffic.retries;
		}
		return { requests, retries };
	};
	return new Progress(files, bytes, requestCount, (line) => {
		log(line);
		context.sendMessageToUI(`Dropbox Upload: ${line}`);
	});
}

/** The run that Retry On Fail repeats: the same execution, node and round of a loop. */
function runKeyOf(context: IExecuteFunctions): string | undefined {
	const { id, retryOnFail } = context.getNode();
	const executionId = context.getExecutionId();
	if (retryOnFail !== true || !executionId) return undefined;
	const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
	return JSON.stringify([executionId, id, runIndex]);
}

function identityOf({ itemIndex, commit, source }: FileToUpload): string {
	return JSON.stringify([itemIndex, commit.path, source.sizeBytes]);
}
