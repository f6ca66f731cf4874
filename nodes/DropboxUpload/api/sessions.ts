import type { Failure, Outcome } from '../../shared/failure';
import { correctOffsetOf, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { firstWay } from '../../shared/http/missingRoutes';
import type { Connection } from './connection';
import { contentHashOf } from './contentHash';
import { readEntry } from './failures/read';
import { isRouteRefused } from './failures/refusedRoute';
import * as shapes from './shapes';
import type {
	AppendBatchEntry,
	AppendBatchResultEntry,
	SessionType,
	UploadSessionCursor,
} from './types';

/** Most sessions in one start_batch, most entries in one append_batch. */
export const MAX_SESSIONS = 1_000;
export const START = 'files/upload_session/start';
export const START_BATCH = 'files/upload_session/start_batch';
export const APPEND_BATCH = 'files/upload_session/append_batch';
const APPEND = 'files/upload_session/append_v2';
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
			name: START,
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
			name: APPEND,
			argument: { cursor, close, content_hash: contentHashOf(content) },
			shape: shapes.nothing,
			errorUnion: 'files.UploadSessionAppendError',
		},
		content,
	);
	if (outcome.ok || !outcome.responseLost) return outcome;
	const { code } = outcome.failure;
	if (code === 'closed' && close) return success(null);
	const offset = cursor.offset + content.length;
	if (code !== 'incorrect_offset' || correctOffsetOf(outcome.failure) !== offset) return outcome;
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
		name: START_BATCH,
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
			name: APPEND_BATCH,
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

/** One part of a session; its hash is known already. `append_batch` takes it as well, as a batch of one. */
export async function appendPart(
	connection: Connection,
	cursor: UploadSessionCursor,
	close: boolean,
	content: Buffer,
	contentHash: string,
): Promise<CallOutcome<null>> {
	return await firstWay<null>(
		connection.client.accountKey,
		[
			{
				route: APPEND,
				call: async () =>
					await connection.content(
						{
							name: APPEND,
							argument: { cursor, close, content_hash: contentHash },
							shape: shapes.nothing,
							errorUnion: 'files.UploadSessionAppendError',
						},
						content,
					),
			},
			{
				route: APPEND_BATCH,
				call: async () => {
					const entry = { cursor, close, length: content.length };
					const appended = await appendBatch(connection, [entry], content, contentHash);
					return appended.ok ? { ...appended, ...entryOutcome(appended.value[0]) } : appended;
				},
			},
		],
		isRouteRefused,
	);
}

function entryOutcome(result: AppendBatchResultEntry | undefined): Outcome<null> {
	if (result?.['.tag'] === 'success') return success(null);
	const union = 'files.UploadSessionAppendBatchEntryError';
	return failed(readEntry(union, result?.failure, result ?? {}));
}

/** A session for the parts of one large file. */
export interface OpenedSession {
	readonly sessionId: string;
	/** Its parts have to be sent one after the other. */
	readonly inOrder: boolean;
}

/** Not a route: what an account may lack as one. */
export const CONCURRENT = 'concurrent sessions';

/** Opens a session for parts in any order; where Dropbox gives none, one for parts in order. */
export async function openSession(connection: Connection): Promise<CallOutcome<OpenedSession>> {
	const { accountKey } = connection.client;
	return await firstWay<OpenedSession>(
		accountKey,
		[
			{ route: CONCURRENT, call: async () => await openAs(connection, 'concurrent') },
			{ route: 'sequential sessions', call: async () => await openAs(connection, 'sequential') },
		],
		// The argument is the same for every file, so any refusal of it is one of the kind of session.
		(failure) => isRouteRefused(failure) || failure.status === 409 || isBadInput(failure),
	);
}

function isBadInput({ code, status }: Failure): boolean {
	return status === 400 && code === 'http/400';
}

async function openAs(
	connection: Connection,
	type: SessionType,
): Promise<CallOutcome<OpenedSession>> {
	const opened = await firstWay<string>(
		connection.client.accountKey,
		[
			{
				route: START_BATCH,
				call: async () => {
					const started = await startSessions(connection, 1, type);
					return started.ok ? { ...started, ...success(started.value[0] ?? '') } : started;
				},
			},
			{
				route: START,
				call: async () => await startSession(connection, { type, close: false }, Buffer.alloc(0)),
			},
		],
		isRouteRefused,
	);
	const inOrder = type === 'sequential';
	return opened.ok ? { ...opened, ...success({ sessionId: opened.value, inOrder }) } : opened;
}
