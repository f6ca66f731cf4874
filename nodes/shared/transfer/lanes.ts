import { sleep } from 'n8n-workflow';

import type { Parallelism } from '../fields/parallel';
import type { Climb } from './climb';
import { moreThan, nextClimb, slowedClimb } from './climb';
import type { Pace } from './pace';
import { noPace, pacedSuccess, refusedPace, resumedPace } from './pace';
import type { Lane, RunLanes } from './runLanes';
import { Run } from './runLanes';

const RECOVER_AFTER_SUCCESSES = 8;
/** What a request costs beside its bytes, so that small files can be compared with large parts. */
const REQUEST_COST_BYTES = 256 * 1024;
/** Of the even distance between two starts; what is left makes up for requests of different lengths. */
const SPACED_BY = 0.7;
const SHORTEST_GAP_MS = 4;
const LONGEST_GAP_MS = 1_000;
/** A line on which an answer without content takes so long needs more requests to be full. */
const FAR_MS = 100;
/** Weight of the last request in the mean of their durations. */
const NEWEST_WEIGHT = 0.2;
/** Requests that end within so short a time leave their lanes together, before the next ones can begin. */
const TOGETHER_MS = 20;
/** The line, and what else uses it, may have changed since. */
const REMEMBERED_MS = 10 * 60_000;

/** What has ended at the present number; those that began with another one are left out. */
const NOTHING_MEASURED = { leftToSkip: 0, requests: 0, bytes: 0, sinceMs: 0 };

/**
 * Requests under way at once, over all runs that share the lanes. More of them are tried while that brings
 * more bytes a second, one after the other so that they do not end together and leave the line idle. The
 * number is halved when the vendor says to slow down, and grows back one by one while things go well. Then
 * they also begin no faster than the vendor has let them in: a number alone can't keep to a rate.
 *
 * Runs share them evenly instead of queueing for the same ones: a run may hold a lane and wait for memory
 * that another run holds while it waits for a lane.
 */
export class Lanes {
	private climb: Climb;
	private limit: number;
	private successes = 0;
	private slowedAtMs = 0;
	private usedAtMs = Date.now();
	private meanDurationMs = 0;
	private nextStartAtMs = 0;
	private measured = NOTHING_MEASURED;
	private fullAtMs = 0;
	/** Nothing is known of the line yet. */
	private isNew = true;
	private pace: Pace = noPace(Date.now());
	/** Those with something under way or waiting. */
	private readonly active = new Set<Run>();

	constructor(private readonly parallelism: Parallelism) {
		this.limit = parallelism.startLimit;
		this.climb = { limit: this.limit, lower: undefined, hold: 0, unpaid: 0 };
	}

	get parallel(): number {
		return this.limit;
	}

	/** Nobody has used them for so long that what they found no longer counts. */
	get isOutdated(): boolean {
		return this.active.size === 0 && Date.now() - this.usedAtMs > REMEMBERED_MS;
	}

	newRun(isOver: () => boolean): RunLanes {
		const run = new Run(isOver);
		return { enter: async (sizeBytes) => await this.enter(run, sizeBytes) };
	}

	private async enter(run: Run, sizeBytes: number): Promise<Lane> {
		const isIdle = this.active.size === 0 && Date.now() - this.usedAtMs > TOGETHER_MS;
		if (isIdle) this.measureAfterRest();
		if (isIdle) this.pace = resumedPace(this.pace, Date.now());
		this.active.add(run);
		while (run.busy >= this.share) {
			await new Promise<void>((enter) => run.waiting.push(enter));
			this.active.add(run);
		}
		run.busy += 1;
		// A pace may be a second for each request, and a cancelled run waits for all that have their lanes.
		const isPaced = this.pace.gapMs > 0;
		if (isPaced) await this.spaced(run);
		let startedAtMs = Date.now();
		return {
			begin: async () => {
				if (!isPaced) await this.spaced(run);
				startedAtMs = Date.now();
			},
			leave: () => this.leave(run, startedAtMs, sizeBytes),
		};
	}

	private leave(run: Run, startedAtMs: number, sizeBytes: number): void {
		this.isNew = false;
		this.usedAtMs = Date.now();
		if (this.busy >= this.limit) this.fullAtMs = this.usedAtMs;
		run.busy -= 1;
		// One that was told to rest says nothing about the line.
		if (this.mayClimb && startedAtMs > this.slowedAtMs) this.measure(startedAtMs, sizeBytes);
		if (!run.isActive) this.active.delete(run);
		this.admit();
	}

	/** How long the first answer took: far away, more requests pay before any of them has ended. */
	answeredAfter(durationMs: number): void {
		const isFar = this.isNew && durationMs >= FAR_MS;
		this.isNew = false;
		if (!isFar) return;
		this.limit = moreThan(this.limit, this.parallelism.maxLimit);
		this.climb = { ...this.climb, limit: this.limit };
		this.admit();
	}

	/** Counts once for requests that were sent together, however late each of them ends. */
	slowDown(sentAtMs: number): void {
		this.isNew = false;
		this.successes = 0;
		const nowMs = Date.now();
		if (sentAtMs <= this.slowedAtMs) return;
		this.slowedAtMs = nowMs;
		this.pace = refusedPace(this.pace, nowMs);
		this.climb = slowedClimb(this.climb, this.leastClimb);
		this.limit = Math.max(1, Math.floor(this.limit / 2));
		this.measureAnew();
	}

	wentWell(): void {
		this.successes += 1;
		this.pace = pacedSuccess(this.pace, Date.now());
		if (this.successes < RECOVER_AFTER_SUCCESSES || this.limit >= this.climb.limit) return;
		this.successes = 0;
		this.limit += 1;
		this.measureAnew();
		this.admit();
	}

	/** Of one run; at least one, so that every run gets on. */
	private get share(): number {
		return Math.max(1, Math.ceil(this.limit / Math.max(1, this.active.size)));
	}

	private get busy(): number {
		return [...this.active].reduce((sum, { busy }) => sum + busy, 0);
	}

	private get mayClimb(): boolean {
		const { startLimit, maxLimit } = this.parallelism;
		return maxLimit > startLimit;
	}

	/** Where the pace is known, as many as it takes to keep it. */
	private get leastClimb(): number {
		const { startLimit } = this.parallelism;
		const { gapMs } = this.pace;
		const toKeepPace = gapMs === 0 ? 0 : Math.ceil(this.meanDurationMs / gapMs) + 1;
		return Math.max(startLimit, Math.min(this.climb.limit, toKeepPace));
	}

	private admit(): void {
		for (const { busy, waiting } of this.active) {
			for (let free = this.share - busy; free > 0; free--) waiting.shift()?.();
		}
	}

	private async spaced(run: Run): Promise<void> {
		if (!this.mayClimb || run.isOver()) return;
		const nowMs = Date.now();
		const evenMs = Math.min(LONGEST_GAP_MS, (this.meanDurationMs / this.limit) * SPACED_BY);
		const gapMs = Math.max(evenMs, this.pace.gapMs);
		// Each that waits has a lane: later than that nothing begins, unless the machine's clock was set back.
		const waitMs = Math.min(this.nextStartAtMs - nowMs, gapMs * this.busy);
		this.nextStartAtMs = nowMs + Math.max(0, waitMs) + gapMs;
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
			const leftToSkip = measured.leftToSkip - 1;
			this.measured = { ...NOTHING_MEASURED, leftToSkip, sinceMs: nowMs };
			return;
		}
		// With fewer under way than there may be there was nothing to send, or no memory for it.
		const isFull = this.limit === this.climb.limit && nowMs - this.fullAtMs <= TOGETHER_MS;
		if (!isFull) {
			this.measureAnew();
			return;
		}
		const requests = measured.requests + 1;
		const bytes = measured.bytes + sizeBytes + REQUEST_COST_BYTES;
		// Nothing was under way before the first of them.
		const sinceMs = measured.sinceMs === 0 ? startedAtMs : measured.sinceMs;
		this.measured = { ...measured, requests, bytes, sinceMs };
		if (requests >= this.limit) this.decide(nowMs);
	}

	/** As many requests have ended as may be under way. */
	private decide(nowMs: number): void {
		const { bytes, sinceMs } = this.measured;
		const before = this.limit;
		const bytesPerMs = bytes / Math.max(1, nowMs - sinceMs);
		this.climb = nextClimb(this.climb, bytesPerMs, this.parallelism.maxLimit);
		this.limit = this.climb.limit;
		if (this.limit !== before) this.measureAnew();
		else this.measured = { ...NOTHING_MEASURED, sinceMs: nowMs };
	}

	/** Nothing has begun with another number; but a number on trial is compared with lanes that were full. */
	private measureAfterRest(): void {
		if (this.climb.lower === undefined) this.measured = NOTHING_MEASURED;
		else this.measureAnew();
	}

	private measureAnew(): void {
		this.measured = { ...NOTHING_MEASURED, leftToSkip: this.limit };
	}
}
