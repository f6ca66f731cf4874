import { beside } from '../net';

const RECOVER_AFTER_SUCCESSES = 8;
/** Requests that were under way together are told to slow down together; that counts once. */
const SLOW_DOWN_ONCE_IN_MS = 1_000;

/**
 * Requests under way at once. The number is halved when the vendor says to slow down, and grows back
 * one by one while things go well.
 */
export class ConcurrencyLimiter {
	private limit: number;
	private busy = 0;
	private successes = 0;
	private slowedAtMs = 0;
	private readonly waiting: Array<() => void> = [];
	private readonly running = new Set<Promise<void>>();

	constructor(readonly maxParallel: number) {
		this.limit = maxParallel;
	}

	get parallel(): number {
		return this.limit;
	}

	/** Waits until another one may start, then starts the work and returns; what it throws goes to `onThrow`. */
	async start(work: () => Promise<void>, onThrow: (error: unknown) => void): Promise<void> {
		while (this.busy >= this.limit) await new Promise<void>((enter) => this.waiting.push(enter));
		this.busy += 1;
		const run = beside(work, onThrow).finally(() => {
			this.busy -= 1;
			this.running.delete(run);
			this.waiting.shift()?.();
		});
		this.running.add(run);
	}

	/** The vendor asked to slow down. */
	slowDown(): void {
		this.successes = 0;
		const nowMs = Date.now();
		if (nowMs - this.slowedAtMs < SLOW_DOWN_ONCE_IN_MS) return;
		this.slowedAtMs = nowMs;
		this.limit = Math.max(1, Math.floor(this.limit / 2));
	}

	wentWell(): void {
		this.successes += 1;
		if (this.successes < RECOVER_AFTER_SUCCESSES || this.limit >= this.maxParallel) return;
		this.successes = 0;
		this.limit += 1;
		this.waiting.shift()?.();
	}

	/** Resolves when nothing is under way. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}
}

/** What one call says about how many there may be at once. */
export function noteSpeed(
	outcome: { readonly rateLimited: boolean; readonly ok: boolean },
	limiter: ConcurrencyLimiter,
): void {
	if (outcome.rateLimited) limiter.slowDown();
	else if (outcome.ok) limiter.wentWell();
}
