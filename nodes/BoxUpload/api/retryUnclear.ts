import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
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
