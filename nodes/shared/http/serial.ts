/** Callers waiting for one key, oldest last; each runs when the one before has ended. */
const tails = new Map<string, Promise<void>>();

/**
 * Runs `work` when every earlier one of the same key has ended, across all executions of this
 * process. n8n offers no lock across processes.
 */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = tails.get(key) ?? Promise.resolve();
	const mine = before.then(work);
	const tail = mine.then(
		() => {},
		() => {},
	);
	tails.set(key, tail);
	const result = await mine.finally(() => {
		if (tails.get(key) === tail) tails.delete(key);
	});
	return result;
}
