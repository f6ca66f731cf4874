import type { RetryPolicy, RetryQuestion } from './retry';
import { retryDelayMs } from './retry';
import { waitMs } from './wait';

/** What the retry decision asks about one result. */
type RetryAbout = Omit<RetryQuestion, 'attempt' | 'policy' | 'random'>;

/**
 * Works until a result is final, the policy has no further try, or the run is cancelled; then the last result
 * counts, whatever it is. `about` gives undefined for a result that is final.
 */
export async function retrying<T>(
	{ policy, cancelSignal }: { readonly policy: RetryPolicy; readonly cancelSignal?: AbortSignal },
	work: (attempt: number) => Promise<T>,
	about: (result: T) => RetryAbout | undefined,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const result = await work(attempt);
		const question = about(result);
		if (question === undefined) return result;
		const delayMs = retryDelayMs({ ...question, attempt, policy, random: Math.random() });
		if (delayMs === undefined || !(await waitMs(delayMs, cancelSignal))) return result;
	}
}
