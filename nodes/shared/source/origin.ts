import { isString } from '../json';

/** Hashes bytes in the order in which they come, however they are cut. */
export interface StreamDigest {
	update(chunk: Buffer): void;
	/** Hexadecimal, lower case; once, after the last chunk. */
	hex(): string;
}

/** What a cloud says that the content of a file hashes to. */
export interface ContentClaim {
	/** Equal for two clouds that hash in the same way. */
	readonly algorithm: string;
	/** Hexadecimal, lower case. */
	readonly hash: string;
	readonly newDigest: () => StreamDigest;
}

/** What the cloud that a file comes from says of it, before a byte is read. */
export interface Origin {
	/** Names of the folders between the chosen folder and the file; undefined for a file that was chosen itself. */
	readonly folders: readonly string[] | undefined;
	/** When the content was last changed; ISO 8601. */
	readonly modifiedAt: string | undefined;
	/** When the content was first made; ISO 8601. */
	readonly createdAt: string | undefined;
	readonly claim: ContentClaim | undefined;
}

/** A vendor's time as both vendors take it: whole seconds, UTC, years 0 to 9999; undefined for what is none. */
export function timestampOf(value: unknown): string | undefined {
	const ms = isString(value) ? Date.parse(value) : Number.NaN;
	const text = Number.isNaN(ms) ? '' : new Date(ms).toISOString();
	return /^\d{4}-/.test(text) ? `${text.slice(0, 19)}Z` : undefined;
}

/** What a file is compared with. */
interface Compared {
	/** The algorithm of the hashes at the destination. */
	readonly algorithm: string;
	/** When the content there was last changed. */
	readonly modifiedAt: unknown;
	/** Whether size and time may stand for the content. */
	readonly mayGoByTime: boolean;
}

/** The hash that a file's own cloud has for it, if it is made in this way. */
export function claimedHash(origin: Origin | undefined, algorithm: string): string | undefined {
	return origin?.claim?.algorithm === algorithm ? origin.claim.hash : undefined;
}

/**
 * Of two files of one size: whether they count as the same without reading them. Undefined where only
 * their content can tell.
 */
export function isSameByTime(
	origin: Origin | undefined,
	{ algorithm, modifiedAt, mayGoByTime }: Compared,
): boolean | undefined {
	if (origin?.modifiedAt === undefined || !mayGoByTime) return undefined;
	if (claimedHash(origin, algorithm) !== undefined) return undefined;
	return secondOf(origin.modifiedAt) === secondOf(modifiedAt);
}

/** Dropbox keeps whole seconds, and Box shows no more of what it keeps. */
function secondOf(time: unknown): number | undefined {
	const ms = isString(time) ? Date.parse(time) : Number.NaN;
	return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000);
}
