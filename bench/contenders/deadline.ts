import { setTimeout as sleep } from 'node:timers/promises';
import { RunFailed } from './types';

/** Rejects when there is no answer in time; ending the work is the caller's part. */
export async function withinTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
	const timer = new AbortController();
	const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
		throw new RunFailed('stopped', { wallMs: timeoutMs, peakGrowthBytes: undefined });
	});
	try {
		return await Promise.race([answer, late]);
	} finally {
		late.catch(() => undefined);
		answer.catch(() => undefined);
		timer.abort();
	}
}
