import { groupBy } from '../../shared/groupBy';
import { MAX_BATCH_ENTRIES } from '../api/commits';
import { pathKey } from '../api/paths';
import type { BatchItem } from './batchItem';

/** For each account and root the batches of its items, to be sent one after the other. */
export function batchesByConnection(items: readonly BatchItem[]): BatchItem[][][] {
	return [...groupBy(items, ({ connection }) => connection).values()].map(batchesOf);
}

/**
 * Batches as full as Dropbox takes them. Of several items with one path each goes into a later batch than
 * the one before, as in Upload Files: within a batch nothing is promised about which comes first.
 */
function batchesOf(items: readonly BatchItem[]): BatchItem[][] {
	const batches: BatchItem[][] = [];
	const nextOfPath = new Map<string, number>();
	let firstOpen = 0;
	for (const item of items) {
		const key = pathKey(item.entry.commit.path);
		let index = Math.max(firstOpen, nextOfPath.get(key) ?? 0);
		while (isFull(batches[index])) index += 1;
		(batches[index] ??= []).push(item);
		nextOfPath.set(key, index + 1);
		while (isFull(batches[firstOpen])) firstOpen += 1;
	}
	return batches;
}

function isFull(batch: readonly BatchItem[] | undefined): boolean {
	return batch !== undefined && batch.length >= MAX_BATCH_ENTRIES;
}
