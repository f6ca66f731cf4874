/** What most sessions were reported to get: https://support.box.com/hc/community/posts/360049143154 */
export const USUAL_PART_BYTES = 8 * 1024 * 1024;

const MAX_ACCOUNTS = 1_000;
const MAX_SIZES = 100;

/** For each account the part sizes of its latest sessions, by the size of their files. */
const given = new Map<string, Map<number, number>>();

/** Box has opened a session: only then it names the size of the parts. */
export function rememberPartSize(
	accountKey: string,
	fileSizeBytes: number,
	partBytes: number,
): void {
	const sizes = given.get(accountKey) ?? new Map<number, number>();
	given.delete(accountKey);
	given.set(accountKey, sizes);
	sizes.delete(fileSizeBytes);
	sizes.set(fileSizeBytes, partBytes);
	dropOldest(sizes, MAX_SIZES);
	dropOldest(given, MAX_ACCOUNTS);
}

interface PartSize {
	readonly bytes: number;
	/** Whether Box gave it to this account for a file of this size, or for a smaller and a larger one. */
	readonly isKnown: boolean;
}

/** The part size that a file of this size will probably get: that of the sessions nearest to it. */
export function partSizeFor(accountKey: string, fileSizeBytes: number): PartSize {
	const sizes = [...(given.get(accountKey) ?? [])].sort(([one], [other]) => one - other);
	const below = sizes.findLast(([size]) => size <= fileSizeBytes)?.[1];
	const above = sizes.find(([size]) => size >= fileSizeBytes)?.[1];
	return {
		bytes: below ?? above ?? USUAL_PART_BYTES,
		isKnown: below !== undefined && below === above,
	};
}

function dropOldest(map: Map<unknown, unknown>, most: number): void {
	const [oldest] = map.keys();
	if (map.size > most) map.delete(oldest);
}
