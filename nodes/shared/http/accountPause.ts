import type { HttpClient } from './types';
import { waitMs } from './wait';

/**
 * When a vendor tells one request to slow down, all requests of that account rest, in every
 * execution of this process: the limit is the account's, not the request's.
 */
const restingUntilMs = new Map<string, number>();

export function pauseAccount(accountKey: string, forMs: number): void {
	const untilMs = Date.now() + forMs;
	if (untilMs > (restingUntilMs.get(accountKey) ?? 0)) restingUntilMs.set(accountKey, untilMs);
}

/** False when the execution was cancelled meanwhile. */
export async function waitWhilePaused(client: HttpClient): Promise<boolean> {
	for (;;) {
		const remainingMs = (restingUntilMs.get(client.accountKey) ?? 0) - Date.now();
		if (remainingMs <= 0) {
			restingUntilMs.delete(client.accountKey);
			return !(client.cancelSignal?.aborted ?? false);
		}
		if (!(await waitMs(remainingMs, client.cancelSignal))) return false;
	}
}
