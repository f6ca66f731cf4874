/** How often to look at whatever may be stuck. */
export const LOOK_EVERY_MS = 15_000;

/** All waits of the process share one timer. */
const looks = new Set<() => void>();
let isLooking = false;

/**
 * Calls `look` every 15 seconds, for the first time within 15 seconds, until the returned function is called.
 * Counting looks instead of time leaves out the time in which the machine slept.
 */
export function onEachLook(look: () => void): () => void {
	looks.add(look);
	if (!isLooking) lookLater();
	return () => {
		looks.delete(look);
	};
}

function lookLater(): void {
	isLooking = looks.size > 0;
	if (!isLooking) return;
	AbortSignal.timeout(LOOK_EVERY_MS).addEventListener('abort', () => {
		for (const look of looks) look();
		lookLater();
	});
}
