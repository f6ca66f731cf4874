import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { collectionOf } from '../../shared/input/parameters';
import { readItems } from '../../shared/input/readItems';
import { resumeFolder } from '../../shared/input/resumeFolder';
import { EarlierTries } from '../../shared/upload/earlierTries';
import { processMemory } from '../../shared/upload/memoryCeiling';
import { Progress } from '../../shared/upload/progress';
import { resumeStore } from '../../shared/upload/resume';
import { followRun } from '../../shared/output/followRun';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import { readNoReply } from '../api/failures/read';
import type { DropboxRun } from '../run';
import { readFile } from './readFile';
import { readSettings } from './readSettings';
import type { FileToUpload } from './types';
import { uploadAll } from './uploader';

interface Input {
	readonly connection: Connection;
	readonly file: FileToUpload;
}

/** What earlier tries of the same run have stored. */
const earlierTries = new EarlierTries<Outcome<IDataObject>>();

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	const inputs = await readItems(context, 'Dropbox', async (itemIndex): Promise<Input> => ({
		connection: connectionFor(itemIndex),
		file: await readFile(context, itemIndex),
	}));
	const results = new Map<number, Outcome<IDataObject>>();
	inputs.forEach((input, itemIndex) => {
		if (!input.ok) results.set(itemIndex, input);
	});
	if (results.size > 0 && !context.continueOnFail()) return itemResults(results);

	const runKey = runKeyOf(context);
	const stored = earlierTries.of(runKey);
	const readable = inputs.flatMap((input) => (input.ok ? [input.value] : []));
	const progress = progressOf(context, readable);
	const settle = (file: FileToUpload, outcome: Outcome<IDataObject>): void => {
		results.set(file.itemIndex, outcome);
		if (outcome.ok || outcome.failure.stored !== 'no') stored.set(identityOf(file), outcome);
		const skipped = outcome.ok && outcome.value.skipped !== undefined;
		progress.fileDone(outcome.ok ? (skipped ? 'skipped' : 'stored') : 'failed');
	};

	for (const [connection, files] of filesByConnection(readable)) {
		const open = files.filter((file) => {
			const outcome = stored.get(identityOf(file));
			if (outcome !== undefined) settle(file, outcome);
			return outcome === undefined;
		});
		await uploadAll(open, {
			connection,
			settings: readSettings(context, open[0]?.itemIndex ?? 0),
			memory: processMemory,
			resume: resumeStore(resumeFolder(context, collectionOf(context, 0).resumeFolder)),
			progress,
			canceled: () => (connection.client.cancelSignal?.aborted ? CANCELED : undefined),
			settle,
		});
	}
	followRun(context, progress.summary());
	if ([...results.values()].every(({ ok }) => ok)) earlierTries.forget(runKey);
	return itemResults(results);
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

function filesByConnection(inputs: readonly Input[]): Map<Connection, FileToUpload[]> {
	const files = new Map<Connection, FileToUpload[]>();
	for (const { connection, file } of inputs) {
		const list = files.get(connection);
		if (list === undefined) files.set(connection, [file]);
		else list.push(file);
	}
	return files;
}

function progressOf(context: IExecuteFunctions, inputs: readonly Input[]): Progress {
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
	return new Progress(inputs.length, bytes, requestCount, (line) => {
		context.logger.info(`Dropbox Upload: ${line}`);
		context.sendMessageToUI(`Dropbox Upload: ${line}`);
	});
}

/** The run that Retry On Fail repeats: the same execution, node and round of a loop. */
function runKeyOf(context: IExecuteFunctions): string {
	const { $runIndex: runIndex } = context.getWorkflowDataProxy(0);
	return JSON.stringify([context.getExecutionId(), context.getNode().id, runIndex]);
}

function identityOf({ itemIndex, commit, source }: FileToUpload): string {
	return JSON.stringify([itemIndex, commit.path, source.sizeBytes]);
}
