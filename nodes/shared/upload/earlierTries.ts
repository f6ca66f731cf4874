/**
 * Retry On Fail runs the whole node again, and n8n keeps nothing of the first try. What was stored
 * is remembered here, so that the second try sends only the rest: otherwise rename or a new version
 * would store a file twice.
 */
const MAX_RUNS = 100;
const KEPT_MS = 24 * 60 * 60 * 1_000;

interface Run<T> {
	readonly values: Map<string, T>;
	touchedAtMs: number;
}

export class EarlierTries<T> {
	private readonly runs = new Map<string, Run<T>>();

	/** Of one run of one node in one execution. */
	of(runKey: string): Map<string, T> {
		this.forgetOld();
		const run = this.runs.get(runKey) ?? { values: new Map<string, T>(), touchedAtMs: 0 };
		run.touchedAtMs = Date.now();
		this.runs.delete(runKey);
		this.runs.set(runKey, run);
		return run.values;
	}

	/** Nothing will be tried again. */
	forget(runKey: string): void {
		this.runs.delete(runKey);
	}

	private forgetOld(): void {
		const oldestMs = Date.now() - KEPT_MS;
		for (const [key, run] of this.runs) {
			if (run.touchedAtMs >= oldestMs && this.runs.size < MAX_RUNS) return;
			this.runs.delete(key);
		}
	}
}
