import { hostOf } from './outageBudget';
import type { HttpClient } from './types';
import { waitMs } from './wait';

/**
 * A wait before a call is made once more by whoever decides that itself. False when the run is cancelled, or
 * has waited for this host for long enough.
 */
export async function waitForHost(
	{ cancelSignal, outage }: HttpClient,
	url: string,
	delayMs: number,
): Promise<boolean> {
	const host = hostOf(url);
	if (outage.endOf(host) !== undefined || !outage.mayWait(host, delayMs)) return false;
	return await waitMs(delayMs, cancelSignal);
}
