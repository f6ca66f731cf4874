import { ourFault } from '../../shared/catalogue';
import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readItems } from '../../shared/fields/readItems';
import { toJson } from '../../shared/json';
import { internalFailure, outcomeOf, withNothingStored } from '../../shared/net';
import type { ItemResult } from '../../shared/output/toItems';
import { inInputOrder } from '../../shared/output/toItems';
import { inParallel } from '../../shared/transfer/inParallel';
import { getSharedFiles, MAX_SHARED_FILES } from '../api/sharing';
import type { Connection } from '../api/connection';
import { readEntry, toFailure } from '../api/failures/read';
import { inPartsWhenRefused } from '../api/refusedBatch';
import type { SharedFileBatchEntry } from '../api/types';
import { readActions, readFile } from '../fields/sharedFile';
import type { DropboxRun } from '../run';

interface AskedFile {
	readonly itemIndex: number;
	readonly connection: Connection;
	readonly file: string;
	readonly actions: readonly string[];
}

const PARALLEL_CALLS = 2;

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	const inputs = await readItems(context, 'Dropbox', (itemIndex): AskedFile => ({
		itemIndex,
		connection: connectionFor(itemIndex),
		file: readFile(context, itemIndex),
		actions: readActions(context, itemIndex),
	}));
	const unreadable = inputs.flatMap((input, itemIndex): ItemResult[] =>
		input.ok ? [] : [{ itemIndexes: [itemIndex], outcome: input }],
	);
	const asked = inputs.flatMap((input) => (input.ok ? [input.value] : []));
	const answered = await inParallel(callsFor(asked), PARALLEL_CALLS, ask);
	return inInputOrder([...unreadable, ...answered.flat()]);
}

/** Files that ask for the same actions on the same connection go together, 100 in a call. */
function callsFor(asked: readonly AskedFile[]): AskedFile[][] {
	const open = new Map<Connection, Map<string, AskedFile[]>>();
	const calls: AskedFile[][] = [];
	for (const file of asked) {
		const ofConnection = open.get(file.connection) ?? new Map<string, AskedFile[]>();
		open.set(file.connection, ofConnection);
		const key = JSON.stringify(file.actions);
		let call = ofConnection.get(key);
		if (call === undefined || call.length === MAX_SHARED_FILES) {
			call = [];
			calls.push(call);
			ofConnection.set(key, call);
		}
		call.push(file);
	}
	return calls;
}

async function ask(files: readonly AskedFile[]): Promise<ItemResult[]> {
	const [first] = files;
	if (first === undefined) return [];
	const parts = await inPartsWhenRefused(
		files,
		async (part) =>
			await outcomeOf(
				async () =>
					await getSharedFiles(
						first.connection,
						part.map(({ file }) => file),
						first.actions,
					),
				withNothingStored((error) => internalFailure('Dropbox', error)),
			),
	);
	return parts.flatMap(({ entries, response }) => resultsOf(entries, response));
}

function resultsOf(
	files: readonly AskedFile[],
	response: Outcome<readonly SharedFileBatchEntry[]>,
): ItemResult[] {
	return files.map(({ itemIndex, file }, index) => {
		const entry =
			response.ok && response.value.length === files.length ? response.value[index] : undefined;
		const outcome = entry
			? entryOutcome(entry)
			: failed(response.ok ? WRONG_COUNT : response.failure);
		return {
			itemIndexes: [itemIndex],
			outcome: outcome.ok ? outcome : failed({ ...outcome.failure, subject: file }),
		};
	});
}

function entryOutcome({ result }: SharedFileBatchEntry): Outcome<IDataObject> {
	if (result['.tag'] === 'access_error') {
		return failed(readEntry('sharing.SharingFileAccessError', result.access_error, result));
	}
	return success(toJson(result));
}

const WRONG_COUNT = toFailure(
	'http/unexpected_reply',
	ourFault(
		'Dropbox returned a different number of files than requested',
		'Try again. If it happens every time, report it.',
	),
);
