import type { Parallelism } from '../fields/parallel';
import { beside } from '../net';
import { lanesOf } from './accountLanes';
import { Lanes } from './lanes';
import type { RunLanes } from './runLanes';

/** The requests of one run, over the lanes that all runs of its account share. */
export class ConcurrencyLimiter {
	private readonly running = new Set<Promise<void>>();
	private readonly own: RunLanes;

	constructor(
		private readonly lanes: Lanes,
		isOver: () => boolean = () => false,
	) {
		this.own = lanes.newRun(isOver);
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

	/** A request that was sent at this time was refused or got stuck. */
	slowDown(sentAtMs: number): void {
		this.lanes.slowDown(sentAtMs);
	}

	wentWell(): void {
		this.lanes.wentWell();
	}

	/** Resolves when nothing of this run is under way. */
	async idle(): Promise<void> {
		while (this.running.size > 0) await Promise.all(this.running);
	}
}

/** Whose requests they are. */
interface RunOfAccount {
	readonly accountKey: string;
	/** Whether the run sends nothing more. */
	isOver(): boolean;
}

/**
 * A number that the user has set is the run's own. An automatic one is the account's: what was found to pay
 * for one run is where the next one begins.
 */
export function limiterFor(run: RunOfAccount, parallelism: Parallelism): ConcurrencyLimiter {
	const { startLimit, maxLimit } = parallelism;
	const isFixed = startLimit === maxLimit;
	const lanes = isFixed ? new Lanes(parallelism) : lanesOf(run.accountKey, parallelism);
	return new ConcurrencyLimiter(lanes, () => run.isOver());
}

/** What one call says about how many there may be at once. */
export function noteSpeed(
	outcome: { readonly tooFastAtMs: number | undefined; readonly ok: boolean },
	limiter: ConcurrencyLimiter,
): void {
	if (outcome.tooFastAtMs !== undefined) limiter.slowDown(outcome.tooFastAtMs);
	else if (outcome.ok) limiter.wentWell();
}
