import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { isString } from '../../shared/json';
import type { Connection } from '../api/connection';
import { isUsedUp } from '../api/failures/lostCommit';
import type { FinishEntry } from '../api/types';
import type { Unsettled } from '../uploadFiles/reconcile';
import { reconcileCommits } from '../uploadFiles/reconcile';

/** What the batches of one run have made so far, by revision. */
export type Revisions = Set<string>;

/**
 * Looks at the paths of the files whose answer was lost, as Upload does. The node has not seen their bytes, so it
 * looks only where the session is used up.
 */
export async function reconcileBatch(
	connection: Connection,
	entries: readonly FinishEntry[],
	outcomes: ReadonlyArray<Outcome<IDataObject>>,
	{ sinceMs, revisions }: { readonly sinceMs: number; readonly revisions: Revisions },
): Promise<Array<Outcome<IDataObject>>> {
	for (const outcome of outcomes) {
		if (outcome.ok && isString(outcome.value.rev)) revisions.add(outcome.value.rev);
	}
	const unsettled: Array<Unsettled & { readonly index: number }> = [];
	for (const [index, outcome] of outcomes.entries()) {
		const entry = entries[index];
		if (outcome.ok || entry === undefined || !isUsedUp(outcome.failure)) continue;
		const sizeBytes = entry.cursor.offset;
		const { commit } = entry;
		const { failure } = outcome;
		unsettled.push({ index, commit, sizeBytes, contentHash: undefined, failure, skips: false });
	}
	const looked = await reconcileCommits(connection, unsettled, {
		sinceMs,
		isOfAnother: ({ rev }) => isString(rev) && revisions.has(rev),
	});
	const settled = [...outcomes];
	for (const [position, { index, failure }] of unsettled.entries()) {
		const outcome = looked[position] ?? failed(failure);
		settled[index] = outcome;
		if (outcome.ok && isString(outcome.value.rev)) revisions.add(outcome.value.rev);
	}
	return settled;
}
