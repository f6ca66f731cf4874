import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { commitTimeoutMs } from './commitTimeout';
import type { Connection } from './connection';
import { contentHashOf } from './contentHash';
import * as shapes from './shapes';
import type {
	FileMetadata,
	FinishBatchJob,
	FinishBatchResult,
	FinishEntry,
	CommitInfo,
	SessionType,
	SharedFileBatchEntry,
	SharedFileMetadata,
	UploadSessionCursor,
} from './types';

/** Most entries in one finish_batch or finish_batch_v2. */
export const MAX_BATCH_ENTRIES = 1_000;
/** Most files in one sharing/get_file_metadata/batch. */
export const MAX_SHARED_FILES = 100;
/** Most bytes in one request. */
export const MAX_REQUEST_BYTES = 150 * 1024 * 1024;

/**
 * Opens a session with its first bytes, 150 MiB at most; a concurrent session takes none. Gives its ID.
 * https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-start
 */
export async function startSession(
	connection: Connection,
	session: { readonly type: SessionType; readonly close: boolean },
	content: Buffer,
): Promise<CallOutcome<string>> {
	return await connection.content(
		{
			name: 'files/upload_session/start',
			argument: {
				close: session.close,
				session_type: session.type,
				...(content.length > 0 && { content_hash: contentHashOf(content) }),
			},
			shape: shapes.sessionId,
			errorUnion: 'files.UploadSessionStartError',
		},
		content,
	);
}

/**
 * Appends at an offset. The bytes are known to be in when a repeated call is told that the session
 * ends where they end: the first answer was lost, not the data.
 */
export async function appendToSession(
	connection: Connection,
	cursor: UploadSessionCursor,
	close: boolean,
	content: Buffer,
): Promise<Outcome<null>> {
	const outcome = await connection.content(
		{
			name: 'files/upload_session/append_v2',
			argument: { cursor, close, content_hash: contentHashOf(content) },
			shape: shapes.nothing,
			errorUnion: 'files.UploadSessionAppendError',
		},
		content,
	);
	if (outcome.ok || !outcome.responseLost) return outcome;
	const { path, resume } = outcome.failure;
	if (path === 'closed' && close) return success(null);
	const offset = cursor.offset + content.length;
	if (path !== 'incorrect_offset' || resume?.correctOffset !== offset) return outcome;
	if (!close) return success(null);
	// The bytes are in; whether the session was closed as well is what an empty append finds out.
	const closed = await appendToSession(connection, { ...cursor, offset }, true, Buffer.alloc(0));
	return closed.ok || closed.failure.path === 'closed' ? success(null) : outcome;
}

/**
 * Appends the last bytes, 150 MiB at most, and saves the session as a file. The session is used up by it.
 * Of a try that may have appended the bytes there is no other here: the next one has to begin elsewhere.
 */
export async function finishSession(
	connection: Connection,
	cursor: UploadSessionCursor,
	commit: CommitInfo,
	content: Buffer,
): Promise<CallOutcome<FileMetadata>> {
	return await connection.content(
		{
			name: 'files/upload_session/finish',
			argument: { cursor, commit, content_hash: contentHashOf(content) },
			shape: shapes.fileMetadata,
			errorUnion: 'files.UploadSessionFinishError',
			afterLostResponse: 'settle',
			once409: true,
			...timeoutsFor(1),
		},
		content,
	);
}

/**
 * Saves up to 1,000 closed sessions as files and answers when that is done: one entry for each, in order.
 * https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-finish_batch
 */
export async function finishBatch(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CallOutcome<FinishBatchResult>> {
	return await connection.rpc({
		name: 'files/upload_session/finish_batch_v2',
		argument: { entries },
		shape: shapes.finishBatchResult,
		...timeoutsFor(entries.length),
	});
}

/** The same as a job, unless Dropbox is through with it at once. */
export async function launchFinishBatchJob(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CallOutcome<FinishBatchJob>> {
	return await connection.rpc({
		name: 'files/upload_session/finish_batch',
		argument: { entries },
		shape: shapes.finishBatchJob,
		...timeoutsFor(entries.length),
	});
}

/** A commit is waited for as long as it may take, and not begun again after that: it is looked at. */
function timeoutsFor(files: number): { responseTimeoutMs: number; giveUpAtMs: number } {
	const responseTimeoutMs = commitTimeoutMs(files);
	return { responseTimeoutMs, giveUpAtMs: Date.now() + responseTimeoutMs };
}

/** What a job has come to. No further try begins after `giveUpAtMs`. */
export async function checkFinishBatchJob(
	connection: Connection,
	asyncJobId: string,
	giveUpAtMs?: number,
): Promise<CallOutcome<FinishBatchJob>> {
	return await connection.rpc({
		name: 'files/upload_session/finish_batch/check',
		argument: { async_job_id: asyncJobId },
		shape: shapes.finishBatchJob,
		errorUnion: 'async.PollError',
		...(giveUpAtMs !== undefined && { giveUpAtMs }),
	});
}

/** https://www.dropbox.com/developers/documentation/http/documentation#sharing-get_file_metadata: not for apps with App Folder access. */
export async function getSharedFile(
	connection: Connection,
	file: string,
	actions: readonly string[],
): Promise<CallOutcome<SharedFileMetadata>> {
	return await connection.rpc({
		name: 'sharing/get_file_metadata',
		argument: { file, ...(actions.length > 0 && { actions }) },
		shape: shapes.sharedFileMetadata,
		errorUnion: 'sharing.GetFileMetadataError',
	});
}

/** The same for up to 100 files: one entry for each, in order. */
export async function getSharedFiles(
	connection: Connection,
	files: readonly string[],
	actions: readonly string[],
): Promise<CallOutcome<readonly SharedFileBatchEntry[]>> {
	return await connection.rpc({
		name: 'sharing/get_file_metadata/batch',
		argument: { files, ...(actions.length > 0 && { actions }) },
		shape: shapes.sharedFileEntries,
		errorUnion: 'sharing.SharingUserError',
	});
}
