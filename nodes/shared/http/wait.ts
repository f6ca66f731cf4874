import { sleep } from 'n8n-workflow';

/** No timer outlives a cancel by more than this; n8n's helper cannot be stopped. */
const LONGEST_SLEEP_MS = 1_000;

/** Waits, and returns at once when the execution is cancelled. True when the whole time has passed. */
export async function waitMs(delayMs: number, cancelSignal?: AbortSignal): Promise<boolean> {
	for (let leftMs = delayMs; leftMs > 0 && !cancelSignal?.aborted; leftMs -= LONGEST_SLEEP_MS) {
		await unlessAborted(sleep(Math.min(leftMs, LONGEST_SLEEP_MS)), cancelSignal);
	}
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
