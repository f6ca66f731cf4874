import type { Outcome } from './failure';

/**
 * Asks once for each key, also while the first answer is still on its way. A failure is asked for anew
 * the next time unless it is to be kept.
 */
export function memoized<A, T>(
	keyOf: (argument: A) => string,
	ask: (argument: A) => Promise<Outcome<T>>,
	{ keepFailures }: { readonly keepFailures: boolean },
): (argument: A) => Promise<Outcome<T>> {
	const known = new Map<string, Promise<Outcome<T>>>();
	return async (argument) => {
		const key = keyOf(argument);
		const asked = known.get(key) ?? ask(argument);
		known.set(key, asked);
		const outcome = await asked;
		if (!outcome.ok && !keepFailures && known.get(key) === asked) known.delete(key);
		return outcome;
	};
}

/** Makes one for each key, when it is first asked for. */
export function onePer<A, T>(
	keyOf: (argument: A) => string,
	make: (argument: A) => T,
): (argument: A) => T {
	const made = new Map<string, { readonly value: T }>();
	return (argument) => {
		const key = keyOf(argument);
		const known = made.get(key) ?? { value: make(argument) };
		made.set(key, known);
		return known.value;
	};
}
