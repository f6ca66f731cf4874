import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import { UPLOAD_URL } from './connection';
import { idSegment } from './endpoint';
import type { NewFile } from './files';
import type { Step } from './failures/steps';
import * as shapes from './shapes';
import type { UploadSession } from './types';
import { usableSession } from './usableSession';

const JSON_HEADERS = { 'Content-Type': 'application/json' };

export type NewUpload =
	| ({ readonly kind: 'newFile' } & NewFile)
	| { readonly kind: 'newVersion'; readonly fileId: string; readonly fileName: string | undefined };

/** Opens an upload session; Box takes files from 20,000,000 bytes on. */
export async function createSession(
	connection: Connection,
	upload: NewUpload,
	fileSizeBytes: number,
): Promise<CallOutcome<UploadSession>> {
	const isNew = upload.kind === 'newFile';
	const created = await connection.send({
		method: 'POST',
		url: isNew
			? `${UPLOAD_URL}/files/upload_sessions`
			: `${UPLOAD_URL}/files/${idSegment(upload.fileId)}/upload_sessions`,
		headers: JSON_HEADERS,
		body: JSON.stringify({
			...(isNew && { folder_id: upload.folderId }),
			file_size: fileSizeBytes,
			...(upload.fileName !== undefined && { file_name: upload.fileName }),
		}),
		shape: shapes.namedSession,
		...(isNew && { folderId: upload.folderId }),
		step: upload.kind,
	});
	if (!created.ok) return created;
	const usable = usableSession(created.value, fileSizeBytes);
	if (!usable.ok) {
		const url = sessionUrl(created.value.id);
		await connection.send({ ...DELETE, url });
	}
	return { ...created, ...usable };
}

/**
 * Part size, progress and addresses of a session. 404 when it is committed, given up or older than 7 days; `step`
 * is what it is asked for.
 */
export async function getSession(
	connection: Connection,
	sessionId: string,
	{
		fileSizeBytes,
		step = 'getSession',
	}: { readonly fileSizeBytes?: number; readonly step?: Step } = {},
): Promise<CallOutcome<UploadSession>> {
	const session = await connection.send({
		method: 'GET',
		url: sessionUrl(sessionId),
		shape: shapes.namedSession,
		step,
	});
	return session.ok ? { ...session, ...usableSession(session.value, fileSizeBytes) } : session;
}

function sessionUrl(sessionId: string): string {
	return `${UPLOAD_URL}/files/upload_sessions/${idSegment(sessionId)}`;
}

/** Gives the session's parts up. A session that is gone after a lost answer was given up by it. */
export async function abortSession(
	connection: Connection,
	session: UploadSession,
): Promise<Outcome<null>> {
	const aborted = await connection.send({ ...DELETE, url: session.session_endpoints.abort });
	const goneSince = !aborted.ok && aborted.responseLost && aborted.failure.status === 404;
	return goneSince ? success(null) : aborted;
}

const DELETE = { method: 'DELETE', shape: shapes.nothing, step: 'abort' } as const;
