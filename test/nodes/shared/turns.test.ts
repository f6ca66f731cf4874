/** Thousands of items, and bytes that come fast, are worked on without keeping n8n from anything else. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { success } from '../../../nodes/shared/failure';
import { readItems } from '../../../nodes/shared/fields/readItems';
import { simplifyResults } from '../../../nodes/shared/output/simplify';
import { chunksOf } from '../../../nodes/shared/source/url/chunks';

function work(ms: number): void {
	const startedAt = performance.now();
	while (performance.now() - startedAt < ms) continue;
}

/** Counts turns of the event loop, until it is asked how many there were. */
function startTurns(): () => number {
	let turns = 0;
	let isOver = false;
	const turn = (): void => {
		turns += 1;
		if (!isOver) setImmediate(turn);
	};
	setImmediate(turn);
	return () => {
		isOver = true;
		return turns;
	};
}

it('lets the event loop turn while the parameters of many items are read', async () => {
	const items = Array.from({ length: 200 }, () => ({ json: {} }));
	const context = {
		getInputData: () => items,
		getNodeParameter: (_name: string, _item: number, fallback: unknown) => fallback,
		getNode: () => ({ typeVersion: 1 }),
	} as unknown as IExecuteFunctions;
	const countTurns = startTurns();
	const outcomes = await readItems(context, 'Dropbox', (itemIndex) => {
		work(1);
		return itemIndex;
	});
	const turns = countTurns();
	expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual(
		items.map((_, index) => index),
	);
	// 200 ms of work; without a pause there would be one turn.
	expect(turns).toBeGreaterThan(5);
});

it('lets the event loop turn while many results are simplified', async () => {
	const results = Array.from({ length: 200 }, (_, id) => ({
		itemIndexes: [id],
		outcome: success({ id, rest: 'of it' }),
	}));
	const countTurns = startTurns();
	const simplified = await simplifyResults(
		results,
		({ id }) => {
			work(1);
			return { id };
		},
		(itemIndex) => itemIndex !== 7,
	);
	const turns = countTurns();
	expect(simplified.map(({ outcome }) => outcome.ok && outcome.value)).toEqual(
		results.map((_, id) => (id === 7 ? { id, rest: 'of it' } : { id })),
	);
	expect(turns).toBeGreaterThan(5);
});

it('lets the event loop turn while chunks of a link come one right after the other', async () => {
	let isClosed = false;
	const countTurns = startTurns();
	const body = (async function* () {
		for (let chunk = 0; chunk < 200; chunk++) yield await Promise.resolve(Buffer.from([chunk]));
	})();
	const read: number[] = [];
	for await (const [byte] of chunksOf({
		kind: 'download',
		status: 200,
		headers: {},
		body: body as never,
		close: () => (isClosed = true),
	})) {
		work(1);
		read.push(byte!);
	}
	const turns = countTurns();
	expect(read).toEqual(Array.from({ length: 200 }, (_, chunk) => chunk));
	expect(isClosed).toBe(true);
	expect(turns).toBeGreaterThan(5);
});
