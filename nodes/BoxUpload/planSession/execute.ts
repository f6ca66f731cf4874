import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import { wrongInput } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readItems } from '../../shared/fields/readItems';
import { isCount } from '../../shared/json';
import { internalFailure, outcomeOf } from '../../shared/net';
import type { ItemResult } from '../../shared/output/toItems';
import type { BinarySource } from '../../shared/source/binarySource';
import { binarySource } from '../../shared/source/binarySource';
import { eachPart } from '../../shared/source/reading';
import { inParallel } from '../../shared/transfer/inParallel';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { planParts, sha512Of } from '../api/plan';
import type { PlannedPart, UploadSession } from '../api/types';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

/** One file after the other: each holds a part in memory. */
const PARALLEL_SESSIONS = 1;
/** Box documents no limit. */
const PARTS_PER_QUESTION = 100;

interface Input {
	readonly connection: Connection;
	readonly sessionId: string;
	readonly source: BinarySource;
}

type ReadPart = PlannedPart & { readonly sha1: string };

/** One output item per part of the file, so that those that Box lacks can be sent. */
export async function execute(run: BoxRun): Promise<ItemResult[]> {
	const { context, connectionFor } = run;
	const inputs = await readItems(context, 'Box', async (itemIndex): Promise<Input> => ({
		connection: connectionFor(itemIndex),
		sessionId: readSessionId(context, itemIndex),
		source: await binarySource(context, itemIndex),
	}));
	const stop = !context.continueOnFail() && inputs.some((input) => !input.ok);
	const results = await inParallel(
		inputs,
		PARALLEL_SESSIONS,
		async (input, itemIndex): Promise<ItemResult[]> => {
			if (!input.ok) return [{ itemIndexes: [itemIndex], outcome: input, keepsBinary: true }];
			return stop ? [] : await partItems(run, input.value, itemIndex);
		},
	);
	return results.flat();
}

async function partItems(run: BoxRun, input: Input, itemIndex: number): Promise<ItemResult[]> {
	const { sessionId } = input;
	const planned = await outcomeOf(
		async () => await plan(run, input),
		(error) => internalFailure('Box', error),
	);
	const common = { itemIndexes: [itemIndex], keepsBinary: true };
	if (!planned.ok) {
		return [{ ...common, outcome: failed({ ...planned.failure, subject: sessionId }) }];
	}
	return planned.value.map((part) => ({
		...common,
		outcome: success({ session_id: sessionId, ...part }),
	}));
}

async function plan(run: BoxRun, input: Input): Promise<Outcome<IDataObject[]>> {
	const { connection, sessionId, source } = input;
	const session = await run.sessionOf(connection, sessionId, 'getSession');
	if (!session.ok) return session;
	const { part_size: partSize, total_parts: total } = session.value;
	const count = Math.ceil(source.sizeBytes / partSize);
	if (count === 0 || (isCount(total) && total !== count)) return failed(OTHER_FILE);
	const parts: ReadPart[] = [];
	const read = await eachPart('Box', source, partSize, async (part) => {
		const { content, offset } = part;
		const sha1 = createHash('sha1').update(content).digest('hex');
		parts.push({ offset, size: content.length, sha512: sha512Of(content), sha1 });
		return await Promise.resolve(success(null));
	});
	if (!read.ok) return read;
	return await asked(connection, session.value, parts);
}

const OTHER_FILE = toFailure(
	'input/other_file',
	wrongInput(
		'The file does not fit into the upload session',
		"Use the file that the session was created for: 'Input Binary Field' must hold all of it.",
	),
);

/** A part that Box has comes in the form in which Commit Box Session takes it. */
async function asked(
	connection: Connection,
	session: UploadSession,
	parts: readonly ReadPart[],
): Promise<Outcome<IDataObject[]>> {
	const items: IDataObject[] = [];
	for (let first = 0; first < parts.length; first += PARTS_PER_QUESTION) {
		const these = parts.slice(first, first + PARTS_PER_QUESTION);
		const question = these.map(({ offset, size, sha512 }) => ({ offset, size, sha512 }));
		const hits = await planParts(connection, session, question);
		if (!hits.ok) return hits;
		const idAt = new Map(hits.value.map(({ offset, part_id: id }) => [offset, id]));
		for (const { offset, size, sha1, sha512 } of these) {
			const part_id = idAt.get(offset);
			items.push({
				offset,
				size,
				sha512,
				hit: part_id !== undefined,
				...(part_id !== undefined && { part: { part_id, offset, size, sha1 } }),
			});
		}
	}
	return success(items);
}
