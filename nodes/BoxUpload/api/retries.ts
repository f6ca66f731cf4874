import { retryDelayMs } from '../../shared/http/retry';
import { waitForHost } from '../../shared/http/waitForHost';
import { waitMs } from '../../shared/http/wait';
import type { Failure } from '../../shared/failure';
import type { Connection } from './connection';

/**
 * Asks until an answer will do, for what Box shows a moment later than it knows it. With the pauses and as many
 * tries as a call that is repeated; the last answer counts, whatever it is.
 */
export async function retryUnclear<T>(
	{ client, policy }: Connection,
	ask: () => Promise<T>,
	willDo: (answer: T) => boolean,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const answer = await ask();
		if (willDo(answer)) return answer;
		const delayMs = retryDelayMs({ attempt, passes: true, policy, random: Math.random() });
		if (delayMs === undefined || !(await waitMs(delayMs, client.cancelSignal))) return answer;
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
	{ path, retryable: passes }: Pick<Failure, 'path' | 'retryable'>,
): Promise<boolean> {
	const delayMs = retryDelayMs({ attempt, passes, policy, random: Math.random() });
	if (delayMs === undefined || !(await waitForHost(client, url, delayMs))) return false;
	client.traffic.retried(path);
	return true;
}
