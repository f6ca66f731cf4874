import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { BinarySource } from '../../shared/source/binarySource';
import { binarySource } from '../../shared/source/binarySource';
import { collectionOf, optionFlag } from '../../shared/fields/parameters';
import { eachPart } from '../../shared/source/reading';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import { appendToSession } from '../api/sessions';
import type { Connection } from '../api/connection';
import type { UploadSessionCursor } from '../api/types';
import { readPartSizeBytes } from '../fields/partSize';
import { readCursor } from '../fields/session';
import type { DropboxRun } from '../run';

const AUTOMATIC_PART_SIZE_BYTES = 16 * 1024 * 1024;

interface Input {
	readonly connection: Connection;
	readonly source: BinarySource;
	readonly cursor: UploadSessionCursor;
	readonly close: boolean;
	readonly partSizeBytes: number;
}

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	return await operateOnItems<Input>({
		context: run.context,
		vendor: 'Dropbox',
		keepsBinary: true,
		read: async (itemIndex) => await readInput(run, itemIndex),
		orderKey: ({ cursor }) => cursor.session_id,
		perform: appendFile,
	});
}

async function appendFile({
	connection,
	source,
	cursor,
	close,
	partSizeBytes,
}: Input): Promise<Outcome<IDataObject>> {
	const { session_id } = cursor;
	let acknowledged = cursor.offset;
	const appended = await eachPart('Dropbox', source, partSizeBytes, async (part) => {
		const offset = cursor.offset + part.offset;
		const outcome = await appendToSession(
			connection,
			{ session_id, offset },
			close && part.last,
			part.content,
		);
		if (outcome.ok) acknowledged = offset + part.content.length;
		return outcome;
	});
	if (appended.ok) return success({ session_id, offset: acknowledged, closed: close });
	const resume = { sessionId: session_id, offset: acknowledged, ...appended.failure.resume };
	return failed({ ...appended.failure, resume });
}

async function readInput(run: DropboxRun, itemIndex: number): Promise<Input> {
	const { context } = run;
	const options = collectionOf(context, itemIndex);
	return {
		connection: run.connectionFor(itemIndex),
		cursor: readCursor(context, itemIndex),
		source: await binarySource(context, itemIndex),
		close: optionFlag(options, 'closeSession', 'Close Session'),
		partSizeBytes: readPartSizeBytes(options) ?? AUTOMATIC_PART_SIZE_BYTES,
	};
}
