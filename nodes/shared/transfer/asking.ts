/** When a vendor is asked next which of the parts it has. */
export interface Asking {
	/** So many parts go out before the next question is collected, also while the one before is open. */
	readonly sendFirst: number;
	/** Of so many parts is the next question. */
	readonly askParts: number;
	/** Parts that the vendor did not have, since the last that it had. */
	readonly missedInRow: number;
}

/** Enough to see early that a file has nothing in common with what is there. */
const FIRST_PARTS = 2;
/** A few changed parts side by side say nothing about the rest of the file. */
const PAUSE_AFTER_MISSED = 4;
/**
 * Then parts go out unasked, and the vendor is asked about one after so many, until there is a hit: the hash costs CPU,
 * and a window that is held takes the memory of half the requests.
 */
const PARTS_UNASKED = 8;
/** No limit is documented; a question may not keep the first part of a slow source from going out for long. */
const MOST_PARTS = 16;

/** How many parts one question is about: while they wait for the answer, the next ones are read. */
export function windowParts(partSizeBytes: number, memoryLimitBytes: number): number {
	const half = Math.floor(memoryLimitBytes / 2 / partSizeBytes);
	return Math.min(MOST_PARTS, Math.max(1, half));
}

export function firstAsking(mostParts: number): Asking {
	return { sendFirst: 0, askParts: Math.min(FIRST_PARTS, mostParts), missedInRow: 0 };
}

/** What follows from an answer about `asked` parts. Pure. */
export function nextAsking(
	{ missedInRow }: Asking,
	asked: number,
	hits: number,
	mostParts: number,
): Asking {
	const missed = hits > 0 ? 0 : missedInRow + asked;
	const pauses = missed >= PAUSE_AFTER_MISSED;
	return {
		sendFirst: pauses ? PARTS_UNASKED : 0,
		askParts: pauses ? 1 : mostParts,
		missedInRow: missed,
	};
}

/** How many questions a file takes of which the vendor has no part. */
export function questionsWithoutHits(parts: number, mostParts: number): number {
	let asking = firstAsking(mostParts);
	let questions = 0;
	for (let left = parts; ; questions++) {
		left -= asking.sendFirst;
		if (left <= 0) return questions;
		const asked = Math.min(left, asking.askParts);
		left -= asked;
		asking = nextAsking(asking, asked, 0, mostParts);
	}
}
