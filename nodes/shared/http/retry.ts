/** How often and how patiently a call is repeated. */
export interface RetryPolicy {
	/** Tries after the first one. */
	readonly maxRetries: number;
	readonly baseDelayMs: number;
	/** Longest wait of our own choice between two tries. */
	readonly maxDelayMs: number;
	/** Longest wait that a vendor may ask for; past it the call fails and says so. */
	readonly maxRetryAfterMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
	maxRetries: 6,
	baseDelayMs: 500,
	maxDelayMs: 30_000,
	maxRetryAfterMs: 300_000,
};

/** Whether, and when, one failed try is followed by another. */
export interface RetryQuestion {
	/** 1 for the first try that failed. */
	readonly attempt: number;
	/** Whether the failure passes by itself. */
	readonly passes: boolean;
	/** What the vendor asked for, if it did. */
	readonly retryAfterMs?: number;
	readonly policy: RetryPolicy;
	/** How long the caller may still wait; undefined for as long as the policy says. */
	readonly remainingMs?: number;
	/** 0 ≤ random < 1 */
	readonly random: number;
}

/** The wait before the next try in milliseconds, or `undefined` for no further try. Pure. */
export function retryDelayMs(question: RetryQuestion): number | undefined {
	const { remainingMs = Infinity } = question;
	const delayMs = wantedDelayMs(question);
	return delayMs !== undefined && delayMs <= remainingMs ? delayMs : undefined;
}

function wantedDelayMs(question: RetryQuestion): number | undefined {
	const { attempt, passes, retryAfterMs, policy } = question;
	if (!passes || attempt > policy.maxRetries) return undefined;
	return retryAfterMs !== undefined && retryAfterMs > policy.maxRetryAfterMs
		? undefined
		: backOffMs(question);
}

/** A wait that doubles with each failure in a row, or as long as the vendor asks for. Pure. */
export function backOffMs({
	attempt,
	retryAfterMs,
	policy,
	random,
}: Pick<RetryQuestion, 'attempt' | 'retryAfterMs' | 'policy' | 'random'>): number {
	const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
	const ownMs = ceilingMs * (0.5 + random * 0.5);
	if (retryAfterMs === undefined) return ownMs;
	// Earlier than asked for would only be refused again; a vendor that asks for one second again and
	// again means longer.
	return Math.max(ownMs, retryAfterMs + random * Math.min(1_000, retryAfterMs * 0.25));
}

/** What asks for more than a day says no more than that. */
const LONGEST_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** A wait that an answer asks for, within sane bounds. */
export function boundedWaitMs(wantedMs: number): number | undefined {
	return Number.isNaN(wantedMs)
		? undefined
		: Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, wantedMs));
}

/** `Retry-After` in milliseconds: seconds (fractions too) or an HTTP date. `nowMs` by the clock of its sender. */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
	const text = value?.trim() ?? '';
	if (/^[+-]?\d+(\.\d*)?$/.test(text)) return boundedWaitMs(Number(text) * 1_000);
	// An HTTP date begins with the day of the week; Date.parse takes anything for a date.
	return /^[a-z]{3,9},? /i.test(text) ? boundedWaitMs(Date.parse(text) - nowMs) : undefined;
}
