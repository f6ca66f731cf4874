/** The cloud's own time, so that a test can let tokens and sessions grow old without waiting. */
export class Clock {
	private aheadMs = 0;
	private speed = 1;
	private readonly startedAtMs = Date.now();

	now(): number {
		return this.startedAtMs + (Date.now() - this.startedAtMs) * this.speed + this.aheadMs;
	}

	advance(byMs: number): void {
		this.aheadMs += byMs;
	}

	/** From now on its time passes so many times as fast, as the engine's does with `clockSpeed`. */
	run(speed: number): void {
		const nowMs = this.now();
		this.speed = speed;
		this.aheadMs += nowMs - this.now();
	}
}
