import type { HttpClient } from './types';
import { waitMs } from './wait';

/**
 * When a vendor tells one request to slow down, all requests of that account rest, in every
 * execution of this process: the limit is the account's, not the request's.
 */
const restingUntilMs = new Map<string, number>();

/** A rest that is under way is never made shorter. */
export function pauseAccount(accountKey: string, forMs: number): void {
	const untilMs = Date.now() + forMs;
	if (untilMs > (restingUntilMs.get(accountKey) ?? 0)) restingUntilMs.set(accountKey, untilMs);
}

/**
 * False when the execution was cancelled meanwhile. Whoever has to give up before the account's rest is
 * over asks once all the same.
 */
export async function waitWhilePaused(client: HttpClient, giveUpAtMs = Infinity): Promise<boolean> {
	for (;;) {
		const nowMs = Date.now();
		const restMs = (restingUntilMs.get(client.accountKey) ?? 0) - nowMs;
		if (restMs <= 0) restingUntilMs.delete(client.accountKey);
		const remainingMs = Math.min(restMs, giveUpAtMs - nowMs);
		if (remainingMs <= 0) {
			return !(client.cancelSignal?.aborted ?? false);
		}
		if (!(await waitMs(remainingMs, client.cancelSignal))) return false;
	}
}
