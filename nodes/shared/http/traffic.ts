/** What one connection of a run has sent, and sent again. */
export class Traffic {
	requests = 0;
	private readonly reasons = new Map<string, number>();

	/** How often something was sent again, by the reason (`error.path`). */
	get retriedFor(): ReadonlyMap<string, number> {
		return this.reasons;
	}

	retried(reason: string): void {
		this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
	}
}
