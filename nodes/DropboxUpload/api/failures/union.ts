import type { Explanation } from '../../../shared/catalogue';

/** A tag whose value is a union itself; the deeper tag explains more. */
interface Branch {
	readonly union: string;
	/** Used when the deeper tag is missing or new. */
	readonly otherwise: Explanation;
}

export type Tag = Explanation | Branch;

/** Union name, as Dropbox's specification has it, to tag to what it means. */
export type UnionTable = Readonly<Record<string, Readonly<Record<string, Tag>>>>;

export function isBranch(tag: Tag): tag is Branch {
	return 'union' in tag;
}
