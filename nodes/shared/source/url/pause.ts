import type { Failure } from '../../failure';
import { afterRetries } from '../../failure';
import { retryDelayMs } from '../../http/retry';
import { waitMs } from '../../http/wait';
import { SourceProblem } from '../sourceProblem';
import type { Breaks } from './breaks';
import type { Downloader } from './request';

/** Rests before a broken answer is gone on with. Throws SourceProblem where it isn't any more. */
export async function pauseAfterBreak(
	{ cancelSignal, outage, policy, retried }: Downloader,
	host: string,
	{ tries: attempt, connections }: Breaks,
	failure: Failure,
): Promise<void> {
	if (cancelSignal?.aborted) return;
	const delayMs = retryDelayMs({ attempt, passes: true, policy, random: Math.random() });
	if (delayMs === undefined || !outage.mayWait(host, delayMs, 'links')) {
		throw new SourceProblem(afterRetries(failure, connections - 1));
	}
	retried(failure.code);
	await waitMs(delayMs, cancelSignal);
}
