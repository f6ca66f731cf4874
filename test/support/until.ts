import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the condition holds; fails after a while, so that a test says what it waited for. */
export async function until(
	condition: () => boolean | Promise<boolean>,
	deadlineMs = 60_000,
	pollMs = 5,
): Promise<void> {
	const startedAtMs = Date.now();
	while (!(await condition())) {
		if (Date.now() - startedAtMs > deadlineMs) {
			throw new Error(`Not within ${deadlineMs} ms: ${condition.toString()}`);
		}
		await sleep(pollMs);
	}
}
