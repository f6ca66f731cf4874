/**
 * Retry On Fail runs the whole node again, and n8n keeps nothing of the first try. What was stored
 * is remembered here, so that the second try sends only the rest: otherwise rename or a new version
 * would store a file twice.
 */

/** n8n waits 5 seconds at most between two tries. */
const KEPT_AFTER_TRY_MS = 10 * 60 * 1_000;
/** Of all runs that wait for their next try; the oldest is forgotten first, never the one that has just ended. */
const MAX_KEPT_VALUES = 100_000;

/** One run of one node in one execution, whichever try of it. */
export interface TriedRun {
	readonly key: string;
	/** How often n8n tries at most. */
	readonly maxTries: number;
}

interface Run<T> {
	readonly values: Map<string, T>;
	tries: number;
	/** Undefined while a try is under way, however long it takes. */
	endedAtMs: number | undefined;
}

export class EarlierTries<T> {
	private readonly runs = new Map<string, Run<T>>();

	/** How many values are held. */
	get size(): number {
		return [...this.runs.values()].reduce((sum, { values }) => sum + values.size, 0);
	}

	/** A try begins; what the earlier ones have left. */
	begin({ key }: TriedRun): Map<string, T> {
		this.forgetOld();
		const known = this.runs.get(key);
		const run = known ?? { values: new Map<string, T>(), tries: 0, endedAtMs: undefined };
		run.tries += 1;
		run.endedAtMs = undefined;
		this.runs.set(key, run);
		return run.values;
	}

	/** The try is over; after one in which all went well, and after the last, there is no other. */
	end({ key, maxTries }: TriedRun, { allWell }: { readonly allWell: boolean }): void {
		const run = this.runs.get(key);
		this.runs.delete(key);
		if (run === undefined || allWell || run.tries >= maxTries) return;
		run.endedAtMs = Date.now();
		// The one that ended last stands last.
		this.runs.set(key, run);
		this.forgetTooMany(key);
	}

	private forgetOld(): void {
		const oldestMs = Date.now() - KEPT_AFTER_TRY_MS;
		for (const [key, { endedAtMs }] of this.runs) {
			if (endedAtMs !== undefined && endedAtMs < oldestMs) this.runs.delete(key);
		}
	}

	private forgetTooMany(kept: string): void {
		let held = this.size;
		for (const [key, { endedAtMs, values }] of this.runs) {
			if (held <= MAX_KEPT_VALUES) return;
			if (endedAtMs === undefined || key === kept) continue;
			held -= values.size;
			this.runs.delete(key);
		}
	}
}
