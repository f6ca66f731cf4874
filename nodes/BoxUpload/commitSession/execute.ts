import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';

import { wrongInput } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { onceAcrossTries } from '../../shared/run/acrossTries';
import { eachPart } from '../../shared/source/reading';
import { readItems } from '../../shared/fields/readItems';
import { groupBy } from '../../shared/groupBy';
import { toJson } from '../../shared/json';
import { internalFailure, outcomeOf } from '../../shared/net';
import type { ItemResult } from '../../shared/output/toItems';
import { inInputOrder } from '../../shared/output/toItems';
import { inParallel } from '../../shared/transfer/inParallel';
import { commitUntilStored } from '../api/commit';
import { afterLostCommit } from '../api/failures/lostCommit';
import { toFailure } from '../api/failures/read';
import { listAllParts } from '../api/parts';
import type { Files, UploadPart, UploadSession } from '../api/types';
import type { BoxRun } from '../run';
import type { CommitInput } from './readCommit';
import { ANY_SESSION, readCommit, sessionOfPart } from './readCommit';

const PARALLEL_COMMITS = 4;
/** Small enough that V8 gets rid of what was read cheaply. */
const HASHED_AT_ONCE_BYTES = 256 * 1024;

/** One commit and the input items that it stands for. */
interface Job {
	readonly itemIndexes: readonly number[];
	readonly input: CommitInput;
}

export async function execute(run: BoxRun): Promise<ItemResult[]> {
	const inputs = await readItems(
		run.context,
		'Box',
		async (itemIndex) => await readCommit(run, itemIndex),
	);
	const results = await onceAcrossTries<ItemResult>(
		run.context,
		() => false,
		async ({ isDone, isDoubtful }) => {
			const unreadable = inputs.flatMap((input, itemIndex): ItemResult[] =>
				input.ok ? [] : [{ itemIndexes: [itemIndex], outcome: input }],
			);
			const all = jobsOf(inputs);
			const jobs = all.filter(({ itemIndexes }) => !itemIndexes.some(isDone));
			const unreadOf = unreadParts(run, inputs, all);
			const ended = await inParallel(jobs, PARALLEL_COMMITS, async ({ itemIndexes, input }) => ({
				itemIndexes,
				outcome:
					withoutPart(input, unreadOf) ??
					(await committed(run, input, itemIndexes.some(isDoubtful))),
			}));
			return [...unreadable, ...ended];
		},
	);
	return inInputOrder(results);
}

async function committed(
	run: BoxRun,
	input: CommitInput,
	mayBeStored: boolean,
): Promise<Outcome<IDataObject>> {
	const outcome = await outcomeOf(
		async () => await commitFile(run, input, mayBeStored),
		(error) => internalFailure('Box', error),
	);
	if (outcome.ok) return success(toJson(outcome.value));
	const { sessionId } = input;
	const resume = { sessionId, ...outcome.failure.resume };
	return failed({ ...outcome.failure, subject: sessionId, resume });
}

/** Items that are parts of one session make one commit; every other item makes its own. */
function jobsOf(inputs: ReadonlyArray<Outcome<CommitInput>>): Job[] {
	const read = inputs.flatMap((input, itemIndex) =>
		input.ok ? [{ itemIndex, input: input.value }] : [],
	);
	const jobs = groupBy(read, ({ itemIndex, input: { partPerItem, sessionId } }) =>
		partPerItem ? `session ${sessionId}` : `item ${itemIndex}`,
	);
	return [...jobs.values()].map((items) => {
		const [{ input }] = items;
		const parts =
			input.parts === 'listed' ? input.parts : items.flatMap((item) => given(item.input));
		return { itemIndexes: items.map(({ itemIndex }) => itemIndex), input: { ...input, parts } };
	});
}

/** The first item of each session that could not be read although it has one of the parts. */
function unreadParts(
	{ context }: BoxRun,
	inputs: ReadonlyArray<Outcome<CommitInput>>,
	jobs: readonly Job[],
): ReadonlyMap<string, number> {
	const sessions = jobs
		.filter(({ input }) => input.partPerItem)
		.map(({ input }) => input.sessionId);
	const [only, ...others] = sessions;
	const unread = new Map<string, number>();
	for (const [itemIndex, input] of inputs.entries()) {
		if (input.ok) continue;
		const said = sessionOfPart(context, itemIndex);
		// Of several sessions nobody knows which one it is: Box refuses that by the digest.
		const sessionId = said === ANY_SESSION && others.length === 0 ? only : said;
		if (sessionId !== undefined && !unread.has(sessionId)) unread.set(sessionId, itemIndex);
	}
	return unread;
}

/** The failure of a commit that would leave a part out, before anything is asked of Box. */
function withoutPart(
	{ partPerItem, sessionId }: CommitInput,
	unreadOf: ReadonlyMap<string, number>,
): Outcome<IDataObject> | undefined {
	const itemIndex = partPerItem ? unreadOf.get(sessionId) : undefined;
	if (itemIndex === undefined) return undefined;
	const remedy = `${PART_UNREAD.remedy} Item ${itemIndex} couldn't be read.`;
	return failed({ ...PART_UNREAD, remedy, subject: sessionId, resume: { sessionId } });
}

const PART_UNREAD = toFailure(
	'items/part_unread',
	wrongInput(
		"An item with a part of this file couldn't be read, so the file wasn't committed",
		'Correct that item and run this again. The upload session stays open.',
	),
);

function given({ parts }: CommitInput): readonly UploadPart[] {
	return parts === 'listed' ? [] : parts;
}

/** `mayBeStored`: an earlier try has asked for it, and did not learn what came of it. */
async function commitFile(
	run: BoxRun,
	input: CommitInput,
	mayBeStored: boolean,
): Promise<Outcome<Files>> {
	const session = await run.sessionOf(input.connection, input.sessionId, 'commit');
	if (!session.ok) return failed(afterLostCommit(session.failure, mayBeStored));
	const digest = await digestOf(input.digest);
	if (!digest.ok) return digest;
	const { connection, attributes, ifMatch, ifNoneMatch, deadlineMs } = input;
	return await commitUntilStored(connection, session.value, {
		parts: async () => await partsOf(input, session.value),
		digest: digest.value,
		attributes,
		ifMatch,
		ifNoneMatch,
		deadlineMs,
		mayBeStored,
	});
}

async function partsOf(input: CommitInput, session: UploadSession): Promise<Outcome<UploadPart[]>> {
	const { connection, parts } = input;
	const found = parts === 'listed' ? await listAllParts(connection, session) : success(parts);
	return found.ok ? success([...found.value].sort((a, b) => a.offset - b.offset)) : found;
}

/** Base64 of the file's SHA-1, computed in one reading pass. */
async function digestOf(source: CommitInput['digest']): Promise<Outcome<string>> {
	if (typeof source === 'string') return success(source);
	const sha1 = createHash('sha1');
	const read = await eachPart('Box', source, HASHED_AT_ONCE_BYTES, async ({ content }) => {
		sha1.update(content);
		return await Promise.resolve(success(null));
	});
	return read.ok ? success(sha1.digest('base64')) : read;
}
