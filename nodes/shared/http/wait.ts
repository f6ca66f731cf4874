import { sleep } from 'n8n-workflow';

/** Waits, and returns at once when the execution is cancelled. True when the whole time has passed. */
export async function waitMs(delayMs: number, cancelSignal?: AbortSignal): Promise<boolean> {
	await unlessAborted(sleep(delayMs), cancelSignal);
	return !(cancelSignal?.aborted ?? false);
}

/** Resolves with the promise, or as soon as the signal is aborted. */
export async function unlessAborted(
	promise: Promise<unknown>,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal === undefined) {
		await promise;
		return;
	}
	if (signal.aborted) return;
	let onAbort: () => void = () => {};
	const aborted = new Promise<void>((resolve) => {
		onAbort = resolve;
		signal.addEventListener('abort', onAbort, { once: true });
	});
	await Promise.race([promise, aborted]);
	signal.removeEventListener('abort', onAbort);
}
