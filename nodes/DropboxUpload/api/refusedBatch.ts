import type { Outcome } from '../../shared/failure';

/** Further calls to find the entries of one batch that Dropbox refuses: some five of 1,000. */
export const MAX_SPLITS = 50;

/**
 * Whether Dropbox has refused the argument itself: a 400 in plain text for the whole call, before it looks at any
 * entry. Nothing has been done, and one entry that no pattern of the specification fits is enough for it.
 */
export function isRefusedWhole(response: Outcome<unknown>): boolean {
	return !response.ok && response.failure.status === 400 && response.failure.class === 'input';
}

/** Some of the entries, in order, and what the call for them came to. */
interface Part<E, A> {
	readonly entries: readonly E[];
	readonly response: A;
}

/** Makes the call for all entries; one that is refused as a whole is made in halves, until only the guilty ones fail. */
export async function inPartsWhenRefused<E, A extends Outcome<unknown>>(
	entries: readonly E[],
	call: (part: readonly E[]) => Promise<A>,
	splits = { left: MAX_SPLITS },
): Promise<Array<Part<E, A>>> {
	const response = await call(entries);
	if (!isRefusedWhole(response) || entries.length < 2 || splits.left <= 0) {
		return [{ entries, response }];
	}
	splits.left -= 1;
	const [first, second] = inHalves(entries);
	const before = await inPartsWhenRefused(first, call, splits);
	return [...before, ...(await inPartsWhenRefused(second, call, splits))];
}

export function inHalves<E>(entries: readonly E[]): [E[], E[]] {
	const middle = Math.ceil(entries.length / 2);
	return [entries.slice(0, middle), entries.slice(middle)];
}
