import type { Clock } from './clock';

/**
 * So many requests in each window of time, the refused ones not counted. Box publishes such limits: 1,000 calls and
 * 240 uploads a minute for each user (https://developer.box.com/guides/api-calls/permissions-and-errors/rate-limits/).
 * Dropbox publishes none; that its limits end with a window, and that its 429 may come without Retry-After, is assumed.
 */
export interface RateLimit {
	readonly requests: number;
	readonly windowMs: number;
	/** Whether the window begins with its first request, or, as a penalty, when its last one is taken. */
	readonly begins?: 'with the first' | 'with the last';
	/** The Retry-After of a 429: what is left of the window, a fixed number of seconds, or no header at all. */
	readonly retryAfter: 'rest of window' | number | 'none';
	/** Which routes count; all when absent. */
	readonly routes?: RegExp;
}

export class RateWindow {
	private endsAtMs = 0;
	private taken = 0;

	constructor(private readonly clock: Clock) {}

	/** Undefined for a request that is let in; else the headers of its 429. */
	refusal(limit: RateLimit | undefined, route: string): Record<string, string> | undefined {
		if (limit === undefined || (limit.routes && !limit.routes.test(route))) return undefined;
		const nowMs = this.clock.now();
		const isOpen = limit.begins === 'with the last' && this.taken < limit.requests;
		if (nowMs >= this.endsAtMs && !isOpen) {
			this.endsAtMs = nowMs + limit.windowMs;
			this.taken = 0;
		}
		if (this.taken < limit.requests) {
			this.taken += 1;
			if (limit.begins === 'with the last') this.endsAtMs = nowMs + limit.windowMs;
			return undefined;
		}
		const { retryAfter } = limit;
		if (retryAfter === 'none') return {};
		const seconds = retryAfter === 'rest of window' ? (this.endsAtMs - nowMs) / 1_000 : retryAfter;
		return { 'retry-after': String(seconds) };
	}

	reset(): void {
		this.endsAtMs = 0;
		this.taken = 0;
	}
}
