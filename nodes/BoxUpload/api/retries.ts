import { hostOf } from '../../shared/http/outageBudget';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import type { Failure } from '../../shared/failure';
import type { Connection } from './connection';

/**
 * Asks until a response will do, for what Box shows a moment later than it knows it. With the pauses and as many
 * tries as a call that is repeated; the last response counts, whatever it is.
 */
export async function retryUnclear<T>(
	{ client, policy }: Connection,
	ask: () => Promise<T>,
	willDo: (response: T) => boolean,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const response = await ask();
		if (willDo(response)) return response;
		const delayMs = retryDelayMs({ attempt, passes: true, policy, random: Math.random() });
		if (delayMs === undefined || !(await waitMs(delayMs, client.cancelSignal))) return response;
	}
}

/**
 * Waits before something is sent again by whoever has looked first. False when nothing is left to try: too many
 * attempts, a failure that does not pass, the run cancelled, or the host waited for for long enough.
 */
export async function mayResend(
	{ client, policy }: Connection,
	url: string,
	attempt: number,
	{ code, retryable: passes }: Pick<Failure, 'retryable' | 'code'>,
): Promise<boolean> {
	const { cancelSignal, outage, traffic } = client;
	const delayMs = retryDelayMs({ attempt, passes, policy, random: Math.random() });
	const host = hostOf(url);
	if (delayMs === undefined || outage.endOf(host) !== undefined) return false;
	if (!outage.mayWait(host, delayMs) || !(await waitMs(delayMs, cancelSignal))) return false;
	traffic.retried(code);
	return true;
}
