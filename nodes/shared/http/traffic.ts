import type { RetryPolicy } from './retry';
import { patienceMs } from './retry';

/** What one run has sent and sent again, and whether anything comes of it. */
export class Traffic {
	requests = 0;
	/** By host: one may be away while the others answer. */
	private readonly awaySinceMs = new Map<string, number>();
	private readonly reasons = new Map<string, number>();

	/** How often something was sent again, by the reason (`error.path`). */
	get retriedFor(): ReadonlyMap<string, number> {
		return this.reasons;
	}

	/**
	 * False when the run has been patient with this host for long enough: the calls that are left find
	 * out with one try each, instead of each waiting for itself. The first that gets through changes that.
	 */
	mayRetry(url: string, policy: RetryPolicy): boolean {
		const sinceMs = this.awaySinceMs.get(hostOf(url));
		return sinceMs === undefined || Date.now() - sinceMs < patienceMs(policy);
	}

	retried(reason: string): void {
		this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
	}

	/** Whether a call to it has got an answer of the service's own. */
	noteAnswer(url: string, answered: boolean): void {
		const host = hostOf(url);
		if (answered) this.awaySinceMs.delete(host);
		else if (!this.awaySinceMs.has(host)) this.awaySinceMs.set(host, Date.now());
	}
}

function hostOf(url: string): string {
	return new URL(url).host;
}
