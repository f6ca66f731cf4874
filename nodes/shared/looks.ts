/** How often what may be stuck is looked at. */
export const LOOK_EVERY_MS = 15_000;

/** All waits of the process share one timer, so that none needs its own. */
const looks = new Set<() => void>();
let isLooking = false;

/**
 * Calls `look` every 15 seconds, for the first time within 15 seconds, until the function that is given
 * back is called. Whoever counts looks and not the time does not count a time in which the machine slept.
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
