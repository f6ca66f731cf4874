import { unlessAborted } from './wait';

/** The last of those that run or wait for a key. */
const tails = new Map<string, Promise<void>>();

/**
 * Runs `work` when every earlier one of the same key has ended, across all executions of this
 * process; n8n offers no lock across processes. A cancelled execution does not wait: its work runs
 * at once, and finds out that it may not send any more.
 */
export async function oneAtATime<T>(
	key: string,
	cancelSignal: AbortSignal | undefined,
	work: () => Promise<T>,
): Promise<T> {
	const before = tails.get(key) ?? Promise.resolve();
	const mine = unlessAborted(before, cancelSignal).then(work);
	// Of nothing: a tail that had the results would keep all of them, back to the first.
	const tail = Promise.allSettled([before, mine]).then(() => undefined);
	tails.set(key, tail);
	void tail.then(() => {
		if (tails.get(key) === tail) tails.delete(key);
	});
	return await mine;
}
