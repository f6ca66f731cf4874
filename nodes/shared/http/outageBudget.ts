import { readableDuration } from '../duration';
import type { Failure } from '../failure';

/** How long a run waits for one host while nothing gets through. */
const RUN_BUDGET_MS = 10 * 60_000;
/** Somebody waits in front of the screen for a list. */
const LIST_BUDGET_MS = 10_000;
/** The random parts of the waits must not end the run. */
const MARGIN_MS = 10_000;
/** A budget that does not even hold the first wait has nothing to say about itself. */
const LEAST_TOLD_MS = 1_000;
/** What a request needs for its bytes is no waiting, down to this speed. */
export const SLOWEST_BYTES_PER_SECOND = 16 * 1024;

/** Other requests may get through while one hangs, and that one is retried at least once. */
const MOST_OF_ONE_TRY_MS = 5 * 60_000;

/** Time that is covered by waits, however many of them run side by side. */
class Waited {
	totalMs = 0;

	constructor(private countedUntilMs = 0) {}

	/** What a wait adds to those before it; to be added in the order of their beginnings. */
	addedBy(fromMs: number, untilMs: number): number {
		return Math.max(0, untilMs - Math.max(fromMs, this.countedUntilMs));
	}

	add(fromMs: number, untilMs: number): void {
		this.totalMs += this.addedBy(fromMs, untilMs);
		this.countedUntilMs = Math.max(this.countedUntilMs, untilMs);
	}
}

/** Of the service that the run uploads to, or of servers that files come from. */
type Waiting = 'service' | 'links';

/**
 * How long one run may wait, over all its connections: for each host about ten minutes in which nothing
 * gets through. A success fills the budget up again; transferring is no waiting. Waits are counted as they
 * are planned, so a machine that was asleep in one has not waited longer.
 */
export class OutageBudget {
	private readonly outages = new Map<string, Waited>();
	private readonly ends = new Map<string, Failure>();
	private readonly waits = { service: new Waited(), links: new Waited() };

	constructor(private readonly limitMs = RUN_BUDGET_MS) {}

	/** In all, with successes in between. */
	waitedMs(waiting: Waiting): number {
		return this.waits[waiting].totalMs;
	}

	/** Counts a wait that begins now; false when the budget does not hold it. */
	mayWait(host: string, delayMs: number, waiting: Waiting = 'service'): boolean {
		const nowMs = Date.now();
		const outage = this.outageOf(host);
		const untilMs = nowMs + delayMs;
		if (outage.totalMs + outage.addedBy(nowMs, untilMs) > this.limitMs + MARGIN_MS) return false;
		outage.add(nowMs, untilMs);
		this.waits[waiting].add(nowMs, untilMs);
		return true;
	}

	/** A try has failed that may have taken minutes to do so. */
	noteFailedTry(host: string, sentAtMs: number, sentBytes: number): void {
		const nowMs = Date.now();
		const transferMs = (sentBytes / SLOWEST_BYTES_PER_SECOND) * 1_000;
		const fromMs = Math.max(sentAtMs + transferMs, nowMs - MOST_OF_ONE_TRY_MS);
		this.outageOf(host).add(fromMs, nowMs);
	}

	/** Something has got through: what was waited for up to now counts no more. */
	noteSuccess(host: string): void {
		this.outages.set(host, new Waited(Date.now()));
		this.ends.delete(host);
	}

	/** The run asks this host, or this account, for nothing more; gives the failure for what is left. */
	end(key: string, failure: Failure): Failure {
		// Those that are not sent any more have neither an answer nor tries of their own.
		const own = { detail: undefined, requestId: undefined, retries: undefined, resume: undefined };
		const ended: Failure = this.ends.get(key) ?? {
			...failure,
			...own,
			subject: undefined,
			stored: 'no',
		};
		this.ends.set(key, ended);
		return ended;
	}

	/** The same, because all waiting has come to nothing. */
	endSpent(host: string, failure: Failure, whom: string): Failure {
		const waitedMs = this.outageOf(host).totalMs;
		if (waitedMs < LEAST_TOLD_MS) return this.end(host, failure);
		return this.end(host, {
			...failure,
			remedy: `Run the workflow again later. The run waited ${readableDuration(waitedMs)} for ${whom}, no request got through, and it stopped. Files stored before that stay stored.`,
		});
	}

	/** Set when the run has given this host or this account up. */
	endOf(host: string, accountKey?: string): Failure | undefined {
		return (
			this.ends.get(host) ?? (accountKey === undefined ? undefined : this.ends.get(accountKey))
		);
	}

	private outageOf(host: string): Waited {
		const known = this.outages.get(host);
		if (known !== undefined) return known;
		const outage = new Waited();
		this.outages.set(host, outage);
		return outage;
	}
}

export function hostOf(url: string): string {
	return new URL(url).host;
}

const budgets = new WeakMap<object, OutageBudget>();

/** The budget of the run that a context belongs to; n8n makes a context for each run. */
export function budgetOf(context: object): OutageBudget {
	const known = budgets.get(context);
	if (known !== undefined) return known;
	const isRun = 'getExecutionCancelSignal' in context;
	const budget = new OutageBudget(isRun ? RUN_BUDGET_MS : LIST_BUDGET_MS);
	budgets.set(context, budget);
	return budget;
}

/** How long the run has waited in all, by whom it waited for. */
export function waitsOf(context: object, service: string): ReadonlyMap<string, number> {
	const budget = budgetOf(context);
	const waits = [
		[service, budget.waitedMs('service')],
		['the servers of links', budget.waitedMs('links')],
	] as const;
	return new Map(waits.filter(([, durationMs]) => durationMs > 0));
}
