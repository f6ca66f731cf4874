import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { onceAcrossTries } from '../run/acrossTries';
import { readItems } from '../fields/readItems';
import { groupBy } from '../groupBy';
import { internalFailure, outcomeOf } from '../net';
import type { ItemResult } from '../output/toItems';
import { inInputOrder } from '../output/toItems';
import { inParallel } from '../transfer/inParallel';

/** Items under way at once, for operations whose items do not depend on each other. */
const PARALLEL_ITEMS = 4;

/** An operation that is one call, or a few, for each item. */
interface ItemOperation<T> {
	readonly context: IExecuteFunctions;
	readonly vendor: Failure['vendor'];
	read(itemIndex: number): T | Promise<T>;
	perform(input: T, itemIndex: number): Promise<Outcome<IDataObject>>;
	/** Items with the same key go one after the other, in input order. */
	orderKey?(input: T): string;
	readonly keepsBinary?: boolean;
}

/**
 * One result per item, in order. A mistake in one item keeps no other from being done, and what an earlier try of
 * Retry On Fail has done is not done again.
 */
export async function operateOnItems<T>(operation: ItemOperation<T>): Promise<ItemResult[]> {
	const { context, vendor, keepsBinary } = operation;
	const inputs = await readItems(context, vendor, operation.read.bind(operation));
	const results = await onceAcrossTries(
		context,
		() => false,
		async ({ isDone }) => {
			const open = inputs.flatMap((input, itemIndex): Array<Read<T>> =>
				isDone(itemIndex) ? [] : [{ itemIndex, input }],
			);
			return await performAll(operation, open);
		},
	);
	return inInputOrder(
		results.map((result) => ({ ...result, ...(keepsBinary && { keepsBinary }) })),
	);
}

interface Read<T> {
	readonly itemIndex: number;
	readonly input: Outcome<T>;
}

async function performAll<T>(
	operation: ItemOperation<T>,
	items: ReadonlyArray<Read<T>>,
): Promise<ItemResult[]> {
	const results = items.flatMap(({ itemIndex, input }): ItemResult[] =>
		input.ok ? [] : [{ itemIndexes: [itemIndex], outcome: input }],
	);
	await inParallel(queuesOf(items, operation), PARALLEL_ITEMS, async (queue) => {
		for (const { itemIndex, input } of queue) {
			const outcome = await outcomeOf(
				async () => await operation.perform(input, itemIndex),
				(error) => internalFailure(operation.vendor, error),
			);
			results.push({ itemIndexes: [itemIndex], outcome });
		}
	});
	return results;
}

interface Queued<T> {
	readonly itemIndex: number;
	readonly input: T;
}

function queuesOf<T>(
	items: ReadonlyArray<Read<T>>,
	operation: ItemOperation<T>,
): Array<Array<Queued<T>>> {
	const read = items.flatMap(({ itemIndex, input }) =>
		input.ok ? [{ itemIndex, input: input.value }] : [],
	);
	const keyOf = ({ itemIndex, input }: Queued<T>): string =>
		operation.orderKey?.(input) ?? `item ${itemIndex}`;
	return [...groupBy(read, keyOf).values()];
}
