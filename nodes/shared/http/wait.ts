import { sleep } from 'n8n-workflow';

/** Waits, and returns at once when the execution is cancelled. True when the whole time has passed. */
export async function waitMs(delayMs: number, cancelSignal?: AbortSignal): Promise<boolean> {
	if (cancelSignal === undefined) {
		await sleep(delayMs);
		return true;
	}
	if (cancelSignal.aborted) return false;
	let onAbort: () => void = () => {};
	const canceled = new Promise<void>((resolve) => {
		onAbort = resolve;
		cancelSignal.addEventListener('abort', onAbort, { once: true });
	});
	await Promise.race([sleep(delayMs), canceled]);
	cancelSignal.removeEventListener('abort', onAbort);
	return !cancelSignal.aborted;
}
