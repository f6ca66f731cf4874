import type { Parallelism } from '../fields/parallel';
import { beside } from '../net';
import { lanesOf } from './accountLanes';
import type { RunLanes } from './lanes';
import { Lanes } from './lanes';

/** The requests of one run, over the lanes that all runs of its account share. */
export class ConcurrencyLimiter {
	private readonly running = new Set<Promise<void>>();
	private readonly own: RunLanes;

	constructor(private readonly lanes: Lanes) {
		this.own = lanes.newRun();
	}

	/** How many requests may be under way at once, over all runs of the account. */
	get parallel(): number {
		return this.lanes.parallel;
	}

	/**
	 * Waits for a lane, then returns while the work begins there; what it throws goes to `onThrow`.
	 * `sizeBytes`: of the content that the work sends.
	 */
	async start(
		work: () => Promise<void>,
		onThrow: (error: unknown) => void,
		sizeBytes: number,
	): Promise<void> {
		const lane = await this.own.enter(sizeBytes);
		const run = beside(async () => {
			await lane.begin();
			await work();
		}, onThrow).finally(() => {
			this.running.delete(run);
			lane.leave();
		});
		this.running.add(run);
	}

	/** How long an answer without content took. */
	answeredAfter(durationMs: number): void {
		this.lanes.answeredAfter(durationMs);
	}

	/** The vendor asked to slow down, or nothing gets through at this rate. */
	slowDown(): void {
		this.lanes.slowDown();
	}

	wentWell(): void {
		this.lanes.wentWell();
	}

	/** Resolves when nothing of this run is under way. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}
}

/**
 * A number that the user has set is the run's own. An automatic one is the account's: what was found to pay
 * for one run is where the next one begins.
 */
export function limiterFor(accountKey: string, parallelism: Parallelism): ConcurrencyLimiter {
	const { startLimit, maxLimit } = parallelism;
	const isFixed = startLimit === maxLimit;
	return new ConcurrencyLimiter(
		isFixed ? new Lanes(parallelism) : lanesOf(accountKey, parallelism),
	);
}

/** What one call says about how many there may be at once. */
export function noteSpeed(
	outcome: { readonly tooFast: boolean; readonly ok: boolean },
	limiter: ConcurrencyLimiter,
): void {
	if (outcome.tooFast) limiter.slowDown();
	else if (outcome.ok) limiter.wentWell();
}
