import { sleep } from 'n8n-workflow';

import type { Parallelism } from '../fields/parallel';
import { beside } from '../net';
import type { Climb } from './climb';
import { nextClimb, slowedClimb } from './climb';

const RECOVER_AFTER_SUCCESSES = 8;
/** Requests that were under way together are told to slow down together; that counts once. */
const SLOW_DOWN_ONCE_IN_MS = 1_000;
/** What a request costs beside its bytes, so that small files can be compared with large parts. */
const REQUEST_COST_BYTES = 256 * 1024;
/** Of the even distance between two starts; what is left makes up for requests of different lengths. */
const SPACED_BY = 0.5;
const SHORTEST_GAP_MS = 4;
const LONGEST_GAP_MS = 1_000;
/** Weight of the last request in the mean of their durations. */
const NEWEST_WEIGHT = 0.2;

/**
 * Requests under way at once. More of them are tried while that brings more bytes a second, one after the
 * other so that they do not end together and leave the line idle. The number is halved when the vendor
 * says to slow down, and grows back one by one while things go well.
 */
export class ConcurrencyLimiter {
	private climb: Climb;
	private limit: number;
	private busy = 0;
	private successes = 0;
	private slowedAtMs = 0;
	private meanDurationMs = 0;
	private nextStartAtMs = 0;
	private measured = { leftToSkip: 0, requests: 0, bytes: 0, sinceMs: 0 };
	private readonly waiting: Array<() => void> = [];
	private readonly running = new Set<Promise<void>>();

	constructor(private readonly parallelism: Parallelism) {
		this.limit = parallelism.startLimit;
		this.climb = { limit: this.limit, lower: undefined, hold: 0 };
		this.measureAnew();
	}

	get parallel(): number {
		return this.limit;
	}

	/**
	 * Waits until another one may start, then starts the work and returns; what it throws goes to `onThrow`.
	 * `sizeBytes`: of the content that the work sends.
	 */
	async start(
		work: () => Promise<void>,
		onThrow: (error: unknown) => void,
		sizeBytes: number,
	): Promise<void> {
		while (this.busy >= this.limit) await new Promise<void>((enter) => this.waiting.push(enter));
		this.busy += 1;
		if (this.mayClimb) await this.spaced();
		const startedAtMs = Date.now();
		const run = beside(work, onThrow).finally(() => {
			this.busy -= 1;
			this.running.delete(run);
			if (this.mayClimb) this.measure(startedAtMs, sizeBytes);
			this.admit();
		});
		this.running.add(run);
	}

	/** The vendor asked to slow down, or nothing gets through at this rate. */
	slowDown(): void {
		this.successes = 0;
		const nowMs = Date.now();
		if (nowMs - this.slowedAtMs < SLOW_DOWN_ONCE_IN_MS) return;
		this.slowedAtMs = nowMs;
		this.climb = slowedClimb(this.climb, this.parallelism.startLimit);
		this.limit = Math.max(1, Math.floor(this.limit / 2));
		this.measureAnew();
	}

	wentWell(): void {
		this.successes += 1;
		if (this.successes < RECOVER_AFTER_SUCCESSES || this.limit >= this.climb.limit) return;
		this.successes = 0;
		this.limit += 1;
		this.measureAnew();
		this.admit();
	}

	/** Resolves when nothing is under way. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
		this.measureAnew();
	}

	private get mayClimb(): boolean {
		const { startLimit, maxLimit } = this.parallelism;
		return maxLimit > startLimit;
	}

	private admit(): void {
		for (let free = this.limit - this.busy; free > 0; free--) this.waiting.shift()?.();
	}

	private async spaced(): Promise<void> {
		const nowMs = Date.now();
		const waitMs = this.nextStartAtMs - nowMs;
		const gapMs = Math.min(LONGEST_GAP_MS, (this.meanDurationMs / this.limit) * SPACED_BY);
		this.nextStartAtMs = Math.max(nowMs, this.nextStartAtMs) + gapMs;
		if (waitMs >= SHORTEST_GAP_MS) await sleep(waitMs);
	}

	private measure(startedAtMs: number, sizeBytes: number): void {
		const nowMs = Date.now();
		const durationMs = nowMs - startedAtMs;
		this.meanDurationMs =
			this.meanDurationMs === 0
				? durationMs
				: this.meanDurationMs + (durationMs - this.meanDurationMs) * NEWEST_WEIGHT;
		const { measured } = this;
		// Until as many have ended as may be under way, some of them have begun with another number.
		if (measured.leftToSkip > 0) {
			measured.leftToSkip -= 1;
			measured.sinceMs = nowMs;
			return;
		}
		// With fewer under way than there may be there was nothing to send, or no memory for it.
		const isFull = this.limit === this.climb.limit && this.busy + 1 >= this.limit;
		if (!isFull) {
			this.measureAnew();
			return;
		}
		measured.requests += 1;
		measured.bytes += sizeBytes + REQUEST_COST_BYTES;
		if (measured.requests < this.limit) return;
		const bytesPerMs = measured.bytes / Math.max(1, nowMs - measured.sinceMs);
		const before = this.limit;
		this.climb = nextClimb(this.climb, bytesPerMs, this.parallelism.maxLimit);
		this.limit = this.climb.limit;
		if (this.limit !== before) this.measureAnew();
		else this.measured = { leftToSkip: 0, requests: 0, bytes: 0, sinceMs: nowMs };
	}

	private measureAnew(): void {
		this.measured = { leftToSkip: this.limit, requests: 0, bytes: 0, sinceMs: 0 };
	}
}

/** What one call says about how many there may be at once. */
export function noteSpeed(
	outcome: { readonly tooFast: boolean; readonly ok: boolean },
	limiter: ConcurrencyLimiter,
): void {
	if (outcome.tooFast) limiter.slowDown();
	else if (outcome.ok) limiter.wentWell();
}
