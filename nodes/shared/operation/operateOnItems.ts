import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { readItems } from '../input/readItems';
import { internalFailure, outcomeOf } from '../net';
import type { ItemResult } from '../output/toItems';
import { inParallel } from '../upload/pool';

/** Items under way at once, for operations whose items do not depend on each other. */
const PARALLEL_ITEMS = 4;

/** An operation that is one call, or a few, for each item. */
export interface ItemOperation<T> {
	readonly context: IExecuteFunctions;
	readonly vendor: Failure['vendor'];
	read(itemIndex: number): T | Promise<T>;
	perform(input: T, itemIndex: number): Promise<Outcome<IDataObject>>;
	/** Items with the same key go one after the other, in input order. */
	orderKey?(input: T): string;
	readonly keepsBinary?: boolean;
}

/** One result per item, in order. A mistake in one item keeps no other from being done. */
export async function operateOnItems<T>(operation: ItemOperation<T>): Promise<ItemResult[]> {
	const { context, vendor } = operation;
	const inputs = await readItems(context, vendor, operation.read.bind(operation));
	const results = inputs.map((input, itemIndex): ItemResult => ({
		itemIndexes: [itemIndex],
		outcome: input.ok ? NOT_RUN : input,
		...(operation.keepsBinary && { keepsBinary: true }),
	}));
	const queues = queuesOf(inputs, operation);
	await inParallel(queues, PARALLEL_ITEMS, async (queue) => {
		for (const { itemIndex, input } of queue) {
			const outcome = await outcomeOf(
				async () => await operation.perform(input, itemIndex),
				(error) => internalFailure(vendor, error),
			);
			results[itemIndex] = { ...results[itemIndex], itemIndexes: [itemIndex], outcome };
		}
	});
	return results;
}

const NOT_RUN: Outcome<IDataObject> = { ok: true, value: {} };

interface Queued<T> {
	readonly itemIndex: number;
	readonly input: T;
}

function queuesOf<T>(
	inputs: ReadonlyArray<Outcome<T>>,
	operation: ItemOperation<T>,
): Array<Array<Queued<T>>> {
	const queues = new Map<string, Array<Queued<T>>>();
	inputs.forEach((input, itemIndex) => {
		if (!input.ok) return;
		const key = operation.orderKey?.(input.value) ?? `item ${itemIndex}`;
		const queue = queues.get(key) ?? [];
		queue.push({ itemIndex, input: input.value });
		queues.set(key, queue);
	});
	return [...queues.values()];
}
