/** The cloud's own time, so that a test can let tokens and sessions grow old without waiting. */
export class Clock {
	private aheadMs = 0;
	private speed = 1;
	private sinceMs = 0;

	now(): number {
		return this.sinceMs + (Date.now() - this.sinceMs) * this.speed + this.aheadMs;
	}

	advance(byMs: number): void {
		this.aheadMs += byMs;
	}

	/** The real time, and from `sinceMs` on so many times as fast, as the engine's with `clockSpeed`. */
	run(speed: number, sinceMs: number): void {
		this.speed = speed;
		this.sinceMs = sinceMs;
		this.aheadMs = 0;
	}
}
