import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readItems } from '../../shared/fields/readItems';
import type { ItemResult } from '../../shared/output/toItems';
import { inParallel } from '../../shared/transfer/inParallel';
import { listAllParts } from '../api/parts';
import type { Connection } from '../api/connection';
import type { UploadPart } from '../api/types';
import { readSessionId } from '../fields/session';
import type { BoxRun } from '../run';

const PARALLEL_SESSIONS = 4;

interface Input {
	readonly connection: Connection;
	readonly sessionId: string;
}

/** One output item per part, so that they can be counted, filtered and committed. */
export async function execute(run: BoxRun): Promise<ItemResult[]> {
	const { context, connectionFor } = run;
	const inputs = await readItems(context, 'Box', (itemIndex): Input => ({
		connection: connectionFor(itemIndex),
		sessionId: readSessionId(context, itemIndex),
	}));
	const stop = !context.continueOnFail() && inputs.some((input) => !input.ok);
	const results = await inParallel(
		inputs,
		PARALLEL_SESSIONS,
		async (input, itemIndex): Promise<ItemResult[]> => {
			if (!input.ok) return [{ itemIndexes: [itemIndex], outcome: input }];
			return stop ? [] : await partItems(run, input.value, itemIndex);
		},
	);
	return results.flat();
}

async function partItems(
	run: BoxRun,
	{ connection, sessionId }: Input,
	itemIndex: number,
): Promise<ItemResult[]> {
	const session = await run.sessionOf(connection, sessionId, 'listParts');
	const parts: Outcome<UploadPart[]> = session.ok
		? await listAllParts(connection, session.value)
		: session;
	if (!parts.ok) {
		return [
			{ itemIndexes: [itemIndex], outcome: failed({ ...parts.failure, subject: sessionId }) },
		];
	}
	return parts.value.map((part) => ({
		itemIndexes: [itemIndex],
		outcome: success({ session_id: sessionId, ...part }),
	}));
}
