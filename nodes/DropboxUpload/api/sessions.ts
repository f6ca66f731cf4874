import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import { contentHashOf } from './contentHash';
import * as shapes from './shapes';
import type {
	AppendBatchEntry,
	AppendBatchResultEntry,
	SessionType,
	UploadSessionCursor,
} from './types';

/** Most sessions in one start_batch, most entries in one append_batch. */
export const MAX_SESSIONS = 1_000;
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
	const { code, resume } = outcome.failure;
	if (code === 'closed' && close) return success(null);
	const offset = cursor.offset + content.length;
	if (code !== 'incorrect_offset' || resume?.correctOffset !== offset) return outcome;
	if (!close) return success(null);
	// The bytes are in; whether the session was closed as well is what an empty append finds out.
	const closed = await appendToSession(connection, { ...cursor, offset }, true, Buffer.alloc(0));
	return closed.ok || closed.failure.code === 'closed' ? success(null) : outcome;
}

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
