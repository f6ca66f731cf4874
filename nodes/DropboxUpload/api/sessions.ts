import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import * as shapes from './shapes';
import type {
	AppendBatchEntry,
	AppendBatchResultEntry,
	FolderPage,
	SessionType,
	StoredEntry,
	UploadSessionCursor,
} from './types';

/** Most sessions in one start_batch, most entries in one append_batch. */
export const MAX_SESSIONS = 1_000;

/** Sessions to be filled; Dropbox keeps them for 7 days. */
export async function startSessions(
	connection: Connection,
	count: number,
	type: SessionType,
): Promise<CallOutcome<readonly string[]>> {
	return await connection.rpc({
		name: 'files/upload_session/start_batch',
		argument: { num_sessions: count, session_type: type },
		shape: (value) => {
			const ids = shapes.sessionIds(value);
			return ids?.length === count ? ids : undefined;
		},
	});
}

/** The bytes of many sessions in one body, one after the other. */
export async function appendBatch(
	connection: Connection,
	entries: readonly AppendBatchEntry[],
	content: Buffer,
	contentHash: string,
): Promise<CallOutcome<readonly AppendBatchResultEntry[]>> {
	return await connection.content(
		{
			name: 'files/upload_session/append_batch',
			argument: { entries, content_hash: contentHash },
			shape: (value, requestId) => {
				const results = shapes.appendBatchEntries(value, requestId);
				return results?.length === entries.length ? results : undefined;
			},
			errorUnion: 'files.UploadSessionAppendBatchError',
		},
		content,
	);
}

/** One part of a concurrent session; its hash is known already. */
export async function appendPart(
	connection: Connection,
	cursor: UploadSessionCursor,
	close: boolean,
	content: Buffer,
	contentHash: string,
): Promise<CallOutcome<null>> {
	return await connection.content(
		{
			name: 'files/upload_session/append_v2',
			argument: { cursor, close, content_hash: contentHash },
			shape: shapes.nothing,
			errorUnion: 'files.UploadSessionAppendError',
		},
		content,
	);
}

/** What is at a path; fails with `path/not_found` where nothing is. */
export async function getMetadata(
	connection: Connection,
	path: string,
): Promise<CallOutcome<StoredEntry | 'deleted'>> {
	return await connection.rpc({
		name: 'files/get_metadata',
		argument: { path },
		shape: shapes.pathMetadata,
		errorUnion: 'files.GetMetadataError',
	});
}

const FOLDER_PAGE = 2_000;

/** The first page of a folder, without its subfolders' content. The root's path is empty. */
export async function listFolder(
	connection: Connection,
	path: string,
): Promise<CallOutcome<FolderPage>> {
	return await connection.rpc({
		name: 'files/list_folder',
		argument: { path, limit: FOLDER_PAGE },
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderError',
	});
}

/** The next page; `reset` means that the listing has to begin anew. */
export async function listFolderContinue(
	connection: Connection,
	cursor: string,
): Promise<CallOutcome<FolderPage>> {
	return await connection.rpc({
		name: 'files/list_folder/continue',
		argument: { cursor },
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderContinueError',
	});
}
