/** The cloud's own time, so that a test can let tokens and sessions grow old without waiting. */
export class Clock {
	private aheadMs = 0;

	now(): number {
		return Date.now() + this.aheadMs;
	}

	advance(byMs: number): void {
		this.aheadMs += byMs;
	}
}
