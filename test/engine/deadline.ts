import { setTimeout as delay } from 'node:timers/promises';

export class DeadlineError extends Error {}

export async function withDeadline<T>(
	promise: Promise<T>,
	timeoutMs: number,
	what: string,
): Promise<T> {
	const timer = new AbortController();
	const deadline = delay(timeoutMs, undefined, { signal: timer.signal }).then(() => {
		throw new DeadlineError(`${what} within ${timeoutMs} ms`);
	});
	try {
		return await Promise.race([promise, deadline]);
	} finally {
		deadline.catch(() => {});
		timer.abort();
	}
}
