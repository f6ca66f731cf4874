/** Thousands of items are read without keeping n8n from anything else. */
import type { IExecuteFunctions } from 'n8n-workflow';

import { readItems } from '../../../nodes/shared/fields/readItems';

it('lets the event loop turn while the parameters of many items are read', async () => {
	const items = Array.from({ length: 200 }, () => ({ json: {} }));
	const context = {
		getInputData: () => items,
		getNodeParameter: (_name: string, _item: number, fallback: unknown) => fallback,
		getNode: () => ({ typeVersion: 1 }),
	} as unknown as IExecuteFunctions;
	let turns = 0;
	let isOver = false;
	const turn = (): void => {
		turns += 1;
		if (!isOver) setImmediate(turn);
	};
	setImmediate(turn);
	const outcomes = await readItems(context, 'Dropbox', (itemIndex) => {
		const startedAt = performance.now();
		while (performance.now() - startedAt < 1) continue;
		return itemIndex;
	});
	isOver = true;
	expect(outcomes.map((outcome) => outcome.ok && outcome.value)).toEqual(
		items.map((_, index) => index),
	);
	// 200 ms of work; without a pause there would be one turn.
	expect(turns).toBeGreaterThan(5);
});
