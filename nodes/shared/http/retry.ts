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

/** A service may be away for as long as so many calls wait. */
const CALLS_OF_PATIENCE = 10;

/** How long a run bears that nothing gets through: about 5 minutes by default. */
export function patienceMs({ maxRetries, baseDelayMs, maxDelayMs }: RetryPolicy): number {
	let ofCallMs = 0;
	for (let retry = 0; retry < maxRetries; retry++) {
		ofCallMs += Math.min(maxDelayMs, baseDelayMs * 2 ** retry);
	}
	return CALLS_OF_PATIENCE * ofCallMs;
}

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
	const { attempt, passes, retryAfterMs, policy, random } = question;
	if (!passes || attempt > policy.maxRetries) return undefined;
	const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
	const backOffMs = ceilingMs * (0.5 + random * 0.5);
	if (retryAfterMs === undefined) return backOffMs;
	if (retryAfterMs > policy.maxRetryAfterMs) return undefined;
	// Earlier than asked for would only be refused again; a vendor that asks for one second again and
	// again must not use all tries up.
	return Math.max(backOffMs, retryAfterMs + random * Math.min(1_000, retryAfterMs * 0.25));
}

/** `Retry-After` in milliseconds: seconds (fractions too) or an HTTP date. */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
	if (value === undefined || value.trim() === '') return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
	const dateMs = Date.parse(value);
	return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
