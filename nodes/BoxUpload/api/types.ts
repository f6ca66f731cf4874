import type { JsonObject } from '../../shared/json';

/**
 * Wire shapes, named as in Box's OpenAPI specification. Only fields that the node reads are typed. A session is made
 * by `usableSession` alone.
 */
export type UploadSession = JsonObject & {
	readonly id: string;
	/** Every part but the last has this many bytes. */
	readonly part_size: number;
	readonly session_endpoints: SessionEndpoints;
};

/** Where the session's calls go: hosts of Box, often others than upload.box.com. */
export interface SessionEndpoints {
	readonly upload_part: string;
	readonly commit: string;
	readonly abort: string;
	readonly list_parts: string;
	/** Named by newer sessions; checked only where it is asked. */
	readonly plan?: unknown;
}

export interface UploadPart {
	readonly part_id: string;
	readonly offset: number;
	readonly size: number;
	/** Hexadecimal. */
	readonly sha1?: string;
}

/** A part of the question which parts Box has. */
export interface PlannedPart {
	readonly offset: number;
	readonly size: number;
	/** Hexadecimal. */
	readonly sha512: string;
}

/** A part that Box has already. */
export interface PlanHit extends PlannedPart {
	readonly part_id: string;
}

export interface PartsPage {
	readonly entries: readonly UploadPart[];
	readonly total_count: number;
}

/** What a commit answers; all fields pass through to the output item. */
export type Files = JsonObject & { readonly entries: readonly JsonObject[] };

/** A file, folder or web link, with the fields that were asked for. */
export type StoredItem = JsonObject & {
	readonly type: string;
	readonly id: string;
	readonly name?: string;
	/** Counts the changes; null for the root folder. */
	readonly etag?: string | null;
	/** Hexadecimal; of files only. */
	readonly sha1?: string;
	readonly size?: number;
};

export interface ItemsPage {
	readonly entries: readonly StoredItem[];
	readonly next_marker?: string | null;
}

export interface SearchPage {
	readonly entries: readonly StoredItem[];
	readonly total_count: number;
}

export interface UploadUrl {
	readonly upload_url?: string;
}
