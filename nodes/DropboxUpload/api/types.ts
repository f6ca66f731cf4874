import type { JsonObject } from '../../shared/json';

/** Wire shapes, named as in Dropbox's API specification. Only fields that the node reads are typed. */
export type SessionType = 'sequential' | 'concurrent';

export interface UploadSessionCursor {
	readonly session_id: string;
	/** Bytes in the session so far. */
	readonly offset: number;
}

export interface PropertyGroup {
	readonly template_id: string;
	readonly fields: ReadonlyArray<{ readonly name: string; readonly value: string }>;
}

export type WriteMode =
	'add' | 'overwrite' | { readonly '.tag': 'update'; readonly update: string };

/** As Dropbox's CommitInfo; `client_modified` has whole seconds in UTC. */
export interface CommitInfo {
	readonly path: string;
	readonly mode: WriteMode;
	readonly autorename: boolean;
	readonly mute: boolean;
	readonly strict_conflict: boolean;
	/** Whole seconds, UTC: `2015-05-12T15:50:38Z`. */
	readonly client_modified?: string;
	readonly property_groups?: readonly PropertyGroup[];
}

export interface FinishEntry {
	readonly cursor: UploadSessionCursor;
	readonly commit: CommitInfo;
}

/** All fields pass through to the output item. */
export type FileMetadata = JsonObject & { readonly name: string };

export type FinishBatchEntry =
	(JsonObject & { readonly '.tag': 'success'; readonly requestId?: string }) | FailedEntry;

/** One of many that failed, in an answer that was fine. */
interface FailedEntry {
	readonly '.tag': 'failure';
	readonly failure: unknown;
	/** Of the whole answer; not Dropbox's own field. */
	readonly requestId?: string;
}

export interface FinishBatchResult {
	readonly entries: readonly FinishBatchEntry[];
}

/** What finish_batch and its check answer. */
export type FinishBatchJob =
	| { readonly '.tag': 'async_job_id'; readonly async_job_id: string }
	| { readonly '.tag': 'in_progress' }
	| ({ readonly '.tag': 'complete' } & FinishBatchResult);

/** What save_url and its check answer. */
export type SaveUrlJob =
	| { readonly '.tag': 'async_job_id'; readonly async_job_id: string }
	| { readonly '.tag': 'in_progress' }
	| ({ readonly '.tag': 'complete' } & FileMetadata)
	| { readonly '.tag': 'failed'; readonly failed: unknown };

export type SharedFileMetadata = JsonObject & { readonly id: string };

export interface SharedFileBatchEntry {
	readonly file: string;
	readonly result:
		| (JsonObject & { readonly '.tag': 'metadata' })
		| {
				readonly '.tag': 'access_error';
				readonly access_error: unknown;
				readonly requestId?: string;
		  };
}

export interface AppendBatchEntry {
	readonly cursor: UploadSessionCursor;
	/** Bytes of the request's body that belong to this session. */
	readonly length: number;
	readonly close: boolean;
}

export type AppendBatchResultEntry = { readonly '.tag': 'success' } | FailedEntry;

/** A file as get_metadata and list_folder give it; all fields pass through. */
export type StoredFile = JsonObject & {
	readonly '.tag': 'file';
	readonly name: string;
	readonly size: number;
	readonly path_lower?: string;
	readonly path_display?: string;
	readonly id?: string;
	readonly rev?: string;
	/** None for a cloud document. */
	readonly content_hash?: string;
	readonly client_modified?: string;
	/** False for a cloud document. */
	readonly is_downloadable?: boolean;
	readonly server_modified?: string;
};

export type StoredFolder = JsonObject & {
	readonly '.tag': 'folder';
	readonly name: string;
	readonly path_lower?: string;
};

export type StoredEntry = StoredFile | StoredFolder;

/** What a shared link leads to. */
export type LinkedEntry = JsonObject & {
	readonly '.tag': 'file' | 'folder';
	readonly name: string;
	readonly id?: string;
	readonly path_lower?: string;
	/** Of a file. */
	readonly size?: number;
	readonly client_modified?: string;
};

export interface FolderPage {
	/** Deleted ones are left out. */
	readonly entries: readonly StoredEntry[];
	readonly cursor: string;
	readonly hasMore: boolean;
}
