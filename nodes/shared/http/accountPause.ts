import type { Failure } from '../failure';

/** When an account may be asked again, and how often in a row it was told to rest. */
interface Rest {
	readonly beganAtMs: number;
	readonly untilMs: number;
	readonly strikes: number;
	readonly failure: Failure;
}

/**
 * When a vendor tells one request to slow down, all requests of that account rest, in every
 * execution of this process: the limit is the account's, not the request's.
 */
const rests = new Map<string, Rest>();
const MAX_ACCOUNTS = 1_000;

/** A 429. */
interface Refusal {
	readonly sentAtMs: number;
	readonly failure: Failure;
	/** How long to rest after so many refusals in a row. */
	readonly restMs: (strikes: number) => number;
}

/**
 * Requests that were under way together are refused together, which counts once. A rest that is under way
 * is never made shorter. Gives its length when it is a new one.
 */
export function restAccount(
	accountKey: string,
	{ sentAtMs, failure, restMs }: Refusal,
): number | undefined {
	const nowMs = Date.now();
	const before = rests.get(accountKey);
	const isSame = before !== undefined && sentAtMs <= before.beganAtMs;
	const strikes = isSame ? before.strikes : (before?.strikes ?? 0) + 1;
	const durationMs = restMs(strikes);
	const untilMs = Math.max(before?.untilMs ?? 0, nowMs + durationMs);
	const beganAtMs = isSame ? before.beganAtMs : nowMs;
	// Anew at the end of the map, so that the first is the oldest.
	rests.delete(accountKey);
	rests.set(accountKey, { beganAtMs, untilMs, strikes, failure });
	const [oldest] = rests.keys();
	if (rests.size > MAX_ACCOUNTS && oldest !== undefined) rests.delete(oldest);
	return isSame ? undefined : durationMs;
}

/** The account is let in again: its next rest will be a shorter one. */
export function noteLetIn(accountKey: string, sentAtMs: number): void {
	const rest = rests.get(accountKey);
	if (rest === undefined || sentAtMs < rest.untilMs) return;
	if (rest.strikes > 1) rests.set(accountKey, { ...rest, strikes: rest.strikes - 1 });
	else rests.delete(accountKey);
}

export function restLeftMs(accountKey: string): number {
	return Math.max(0, (rests.get(accountKey)?.untilMs ?? 0) - Date.now());
}

/** Why the account rests, or last did. */
export function reasonToRest(accountKey: string): Failure | undefined {
	return rests.get(accountKey)?.failure;
}
