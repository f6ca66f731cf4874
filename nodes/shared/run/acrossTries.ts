import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { EarlierTries } from './earlierTries';
import { runOf } from './runOf';

/** How one item of a run ended, or several that are one file or one job. */
interface TriedResult {
	readonly itemIndexes: readonly number[];
	readonly outcome: Outcome<IDataObject>;
}

/** What the earlier tries of a run have come to, which the next one adds to. */
export type EarlierResults = Map<string, TriedResult>;

/** The items of a run that Retry On Fail repeats. */
interface TriedItems {
	/** Whether an earlier try has ended it, so that there is nothing left to do. */
	readonly isDone: (itemIndex: number) => boolean;
	/** Whether an earlier try may have stored it without learning so. */
	readonly isDoubtful: (itemIndex: number) => boolean;
}

/** Of both nodes and all operations; each run has a key of its own. */
const earlierTries = new EarlierTries<TriedResult>();

/** One try of a run. Nothing is kept after one in which all went well, nor after the last. */
export async function acrossTries<R extends TriedResult>(
	context: IExecuteFunctions,
	work: (earlier: EarlierResults) => Promise<R[]>,
): Promise<R[]> {
	const run = runOf(context);
	if (run === undefined) return await work(new Map<string, TriedResult>());
	let allWell = false;
	try {
		const results = await work(earlierTries.begin(run));
		allWell = results.every(({ outcome }) => outcome.ok);
		return results;
	} finally {
		earlierTries.end(run, { allWell });
	}
}

/**
 * For operations whose sessions are used up by what they do: asked again, a vendor calls them lost although their
 * bytes are stored. So what an earlier try has done, or left as it `stands`, is not asked for again.
 */
export async function onceAcrossTries<R extends TriedResult>(
	context: IExecuteFunctions,
	stands: (failure: Failure) => boolean,
	work: (items: TriedItems) => Promise<R[]>,
): Promise<Array<R | TriedResult>> {
	return await acrossTries<R | TriedResult>(context, async (earlier) => {
		const known = [...earlier.values()];
		const done = known.filter(({ outcome }) => outcome.ok || stands(outcome.failure));
		const doneItems = itemsOf(done);
		const knownItems = itemsOf(known);
		const results = await work({
			isDone: (item) => doneItems.has(item),
			isDoubtful: (item) => knownItems.has(item) && !doneItems.has(item),
		});
		for (const result of results) {
			const { itemIndexes, outcome } = result;
			if (outcome.ok || outcome.failure.stored !== 'no') earlier.set(String(itemIndexes), result);
		}
		return [...done, ...results];
	});
}

function itemsOf(results: readonly TriedResult[]): Set<number> {
	return new Set(results.flatMap(({ itemIndexes }) => itemIndexes));
}
