import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import { wrongInput } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { BinarySource } from '../../shared/source/binarySource';
import { binarySource } from '../../shared/source/binarySource';
import { added, collectionOf } from '../../shared/fields/parameters';
import { readRange } from '../../shared/source/reading';
import { byteCount } from '../../shared/fields/values';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { uploadPart } from '../api/parts';
import type { UploadSession } from '../api/types';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

interface Input {
	readonly connection: Connection;
	readonly sessionId: string;
	readonly source: BinarySource;
	readonly offset: number;
	/** Undefined when the binary field holds the whole file. */
	readonly fileSizeBytes: number | undefined;
}

export async function execute(run: BoxRun): Promise<ItemResult[]> {
	return await operateOnItems<Input>({
		context: run.context,
		vendor: 'Box',
		keepsBinary: true,
		read: async (itemIndex) => await readInput(run, itemIndex),
		perform: async (input) => {
			const { connection, sessionId } = input;
			const session = await run.sessionOf(connection, sessionId, 'uploadPart');
			const sent = session.ok ? await sendPart(input, session.value) : session;
			return sent.ok ? sent : failed({ ...sent.failure, subject: sessionId });
		},
	});
}

async function sendPart(input: Input, session: UploadSession): Promise<Outcome<IDataObject>> {
	const { connection, sessionId, source, offset } = input;
	const fileSizeBytes = input.fileSizeBytes ?? source.sizeBytes;
	const expectedBytes = Math.min(session.part_size, fileSizeBytes - offset);
	const holdsPart = input.fileSizeBytes !== undefined;
	const misplaced = offset % session.part_size !== 0 || expectedBytes <= 0;
	if (misplaced || (holdsPart && source.sizeBytes !== expectedBytes)) {
		return failed({
			...toFailure('input/offset', doesNotFit),
			remedy: `${doesNotFit.remedy} The parts of this session have ${session.part_size} bytes.`,
		});
	}
	const content = await readRange('Box', source, holdsPart ? 0 : offset, expectedBytes);
	if (!content.ok) return content;
	const sent = await uploadPart(connection, session, {
		offset,
		content: content.value,
		sha1: createHash('sha1').update(content.value).digest('hex'),
		fileSizeBytes,
	});
	return sent.ok ? success({ session_id: sessionId, part: { ...sent.value } }) : sent;
}

const doesNotFit = wrongInput(
	"The part doesn't fit into the upload session",
	"Correct 'Offset' or the data. The offset must be a multiple of the part size and inside the file. Each part but the last has exactly that size.",
);

async function readInput({ context, connectionFor }: BoxRun, itemIndex: number): Promise<Input> {
	const options = collectionOf(context, itemIndex);
	const fileSizeBytes = byteCount(added(options, 'fileSize', 0), 'fileSize', 'File Size');
	return {
		connection: connectionFor(itemIndex),
		sessionId: readSessionId(context, itemIndex),
		source: await binarySource(context, itemIndex),
		offset: byteCount(context.getNodeParameter('offset', itemIndex, 0), 'offset', 'Offset'),
		fileSizeBytes: fileSizeBytes === 0 ? undefined : fileSizeBytes,
	};
}
