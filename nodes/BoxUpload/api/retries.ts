import { retryDelayMs } from '../../shared/http/retry';
import { retrying } from '../../shared/http/retrying';
import { waitForHost } from '../../shared/http/waitForHost';
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
	const { cancelSignal } = client;
	const about = (response: T) => (willDo(response) ? undefined : { passes: true });
	return await retrying({ policy, ...(cancelSignal && { cancelSignal }) }, ask, about);
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
	const delayMs = retryDelayMs({ attempt, passes, policy, random: Math.random() });
	if (delayMs === undefined || !(await waitForHost(client, url, delayMs))) return false;
	client.traffic.retried(code);
	return true;
}
