import type { Failure } from '../failure';
import type { CallOutcome } from './call';

/** A vendor may bring a route back, or an administrator may allow it. */
const REMEMBERED_MS = 60 * 60_000;
const MAX_ROUTES = 1_000;

/** By account and route: until when it is not asked for. Of this process. */
const missing = new Map<string, number>();

/** Whether the vendor has refused this account the route itself lately, and another route did the same job. */
export function isMissing(accountKey: string, route: string): boolean {
	return (missing.get(`${accountKey} ${route}`) ?? 0) > Date.now();
}

export function noteMissing(accountKey: string, route: string): void {
	const key = `${accountKey} ${route}`;
	// Anew at the end of the map, so that the first is the oldest.
	missing.delete(key);
	missing.set(key, Date.now() + REMEMBERED_MS);
	const [oldest] = missing.keys();
	if (missing.size > MAX_ROUTES && oldest !== undefined) missing.delete(oldest);
}

/** One of several routes that do the same job. */
interface Way<T> {
	readonly route: string;
	readonly call: () => Promise<CallOutcome<T>>;
}

/**
 * Goes the first way whose route the vendor does not refuse, and remembers the refused ones once another has got
 * through: what is refused everywhere is about the account or the network, and stays the failure that it is.
 */
export async function firstWay<T>(
	accountKey: string,
	ways: readonly [Way<T>, ...Array<Way<T>>],
	isRefused: (failure: Failure) => boolean,
): Promise<CallOutcome<T>> {
	const known = ways.filter(({ route }) => !isMissing(accountKey, route));
	const refusals: Array<{ readonly route: string; readonly outcome: CallOutcome<T> }> = [];
	for (const { route, call } of known.length > 0 ? known : ways) {
		const outcome = await call();
		if (outcome.ok || !isRefused(outcome.failure)) {
			if (gotThrough(outcome))
				refusals.forEach((refused) => noteMissing(accountKey, refused.route));
			const responseLost =
				outcome.responseLost || refusals.some((refused) => refused.outcome.responseLost);
			return { ...outcome, responseLost };
		}
		refusals.push({ route, outcome });
	}
	const first = refusals[0]?.outcome ?? (await ways[0].call());
	return { ...first, responseLost: refusals.some(({ outcome }) => outcome.responseLost) };
}

/** A verdict on what was asked for shows that the route is there. */
function gotThrough(outcome: CallOutcome<unknown>): boolean {
	return outcome.ok || outcome.failure.status === 409;
}
