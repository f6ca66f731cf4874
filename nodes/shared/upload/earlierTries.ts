/**
 * Retry On Fail runs the whole node again, and n8n keeps nothing of the first try. What was stored
 * is remembered here, so that the second try sends only the rest: otherwise rename or a new version
 * would store a file twice.
 */

/** n8n waits 5 seconds at most between two tries. */
const KEPT_AFTER_TRY_MS = 10 * 60 * 1_000;

interface Run<T> {
	readonly values: Map<string, T>;
	/** Undefined while a try is under way, however long it takes. */
	endedAtMs: number | undefined;
}

export class EarlierTries<T> {
	private readonly runs = new Map<string, Run<T>>();

	/** A try of one run of one node in one execution begins; what the earlier ones have left. */
	begin(runKey: string): Map<string, T> {
		this.forgetOld();
		const run = this.runs.get(runKey) ?? { values: new Map<string, T>(), endedAtMs: undefined };
		run.endedAtMs = undefined;
		this.runs.set(runKey, run);
		return run.values;
	}

	/** The try is over; after one in which all went well there is no other. */
	end(runKey: string, { allWell }: { readonly allWell: boolean }): void {
		const run = this.runs.get(runKey);
		if (allWell) this.runs.delete(runKey);
		else if (run !== undefined) run.endedAtMs = Date.now();
	}

	private forgetOld(): void {
		const oldestMs = Date.now() - KEPT_AFTER_TRY_MS;
		for (const [key, { endedAtMs }] of this.runs) {
			if (endedAtMs !== undefined && endedAtMs < oldestMs) this.runs.delete(key);
		}
	}
}
