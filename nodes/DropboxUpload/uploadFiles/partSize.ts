const MAX_PARTS = 10_000;
const MEDIUM_FILE_BYTES = 128 * 1024 * 1024;
/** All parts but the last are a multiple of it. */
export const PART_UNIT_BYTES = 4 * 1024 * 1024;
const MAX_PART_BYTES = 148 * 1024 * 1024;

/**
 * Small parts keep the memory of small files low, larger ones save connections, and very large files get
 * parts so large that their number stays sane. Always a multiple of 4 MiB.
 */
export function partSizeFor(
	sizeBytes: number | undefined,
	chosenBytes: number | undefined,
): number {
	if (sizeBytes === undefined) return chosenBytes ?? 2 * PART_UNIT_BYTES;
	const suitable = sizeBytes < MEDIUM_FILE_BYTES ? PART_UNIT_BYTES : 2 * PART_UNIT_BYTES;
	const needed = Math.ceil(sizeBytes / MAX_PARTS / PART_UNIT_BYTES) * PART_UNIT_BYTES;
	return Math.min(MAX_PART_BYTES, Math.max(chosenBytes ?? suitable, needed));
}

/** How many parts a file has in its session. */
export function partCountOf(sizeBytes: number, chosenBytes: number | undefined): number {
	const partSizeBytes = partSizeFor(sizeBytes, chosenBytes);
	const parts = Math.ceil(sizeBytes / partSizeBytes);
	// The closing part is never longer than a unit.
	const isCutOnce = sizeBytes - (parts - 1) * partSizeBytes > PART_UNIT_BYTES;
	return isCutOnce ? parts + 1 : parts;
}
