import type { Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Page } from '../../shared/http/pages';
import { endlessList, readPages } from '../../shared/http/pages';
import { parseRetryAfterMs, retryDelayMs } from '../../shared/http/retry';
import { waitForHost } from '../../shared/http/waitForHost';
import type { Connection } from './connection';
import { UPLOAD_URL } from './connection';
import { retryUnclear } from './retryUnclear';
import { checkedEndpoint, idSegment } from './endpoint';
import { HALF_A_LIST, OTHER_PART_THERE } from './failures/read';
import type { Step } from './failures/steps';
import * as shapes from './shapes';
import type { Files, UploadPart, UploadSession } from './types';
import { usableSession } from './usableSession';

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const PARTS_PAGE = 1_000;
/** Far above the parts of the largest file, also for a server whose pages are shorter than asked for. */
const MAX_PARTS = 200_000;
const MAX_PARTS_PAGES = 400;

export type NewUpload =
	| { readonly kind: 'newFile'; readonly folderId: string; readonly fileName: string }
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
	if (!usable.ok) await deleteSession(connection, sessionUrl(created.value.id));
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

export interface PartContent {
	readonly content: Buffer;
	/** Of the content, in hexadecimal. */
	readonly sha1: string;
}

export interface PartToUpload extends PartContent {
	readonly offset: number;
	readonly fileSizeBytes: number;
}

/**
 * Sends one part. Parts are immutable: after a lost answer the session is asked whether it has the
 * part, and only if not the part is sent again.
 */
export async function uploadPart(
	connection: Connection,
	session: UploadSession,
	part: PartToUpload,
): Promise<CallOutcome<UploadPart>> {
	const endpoint = checkedEndpoint(session.session_endpoints.upload_part);
	if (!endpoint.ok) return notSent(endpoint);
	const { offset, content, sha1, fileSizeBytes } = part;
	const digest = Buffer.from(sha1, 'hex').toString('base64');
	let sendings = 0;
	for (let attempt = 1; ; attempt++) {
		const answer = await connection.send({
			method: 'PUT',
			url: endpoint.value,
			headers: {
				'Content-Type': 'application/octet-stream',
				Digest: `sha=${digest}`,
				'Content-Range': `bytes ${offset}-${offset + content.length - 1}/${fileSizeBytes}`,
			},
			body: content,
			shape: shapes.uploadedPart,
			step: 'uploadPart',
			afterLostResponse: 'settle',
		});
		if (answer.ok) return answer;
		sendings += answer.retries + 1;
		const sent = { ...answer, ...failed(afterRetries(answer.failure, sendings - 1)) };
		const { path, status } = sent.failure;
		if (!sent.responseLost && status !== 409 && status !== 416) return sent;
		const isThere = !sent.responseLost && path !== 'range_out_of_bounds';
		const listed = await retryUnclear(
			connection,
			async () => await partAt(connection, session, offset),
			// Box has the part, says the refusal: then its list only lags behind.
			(found) => !isThere || !found.ok || found.value !== undefined,
		);
		if (!listed.ok) return sent;
		const { value: there } = listed;
		if (there !== undefined) {
			if (isSamePart(there, part)) return { ...sent, ...success(there) };
			return sent.responseLost ? { ...sent, ...failed(OTHER_PART_THERE) } : sent;
		}
		const { policy, client } = connection;
		const delayMs = retryDelayMs({
			attempt,
			passes: sent.responseLost,
			policy,
			random: Math.random(),
		});
		if (delayMs === undefined || !(await waitForHost(client, endpoint.value, delayMs))) return sent;
		client.traffic.retried(sent.failure.path);
	}
}

async function partAt(
	connection: Connection,
	session: UploadSession,
	offset: number,
): Promise<Outcome<UploadPart | undefined>> {
	const listed = await listParts(connection, session);
	return listed.ok ? success(listed.value.parts.find((part) => part.offset === offset)) : listed;
}

/** Box keeps what a part's digest says, so these are its very bytes. */
export function isSamePart(there: UploadPart, { content, sha1 }: PartContent): boolean {
	return there.size === content.length && there.sha1?.toLowerCase() === sha1;
}

export interface ListedParts {
	readonly parts: UploadPart[];
	/** Whether there are as many as Box counts, and no two begin at one offset. */
	readonly isWhole: boolean;
}

/** All parts that Box has of a session, page by page. */
export async function listParts(
	connection: Connection,
	session: UploadSession,
): Promise<Outcome<ListedParts>> {
	const endpoint = checkedEndpoint(session.session_endpoints.list_parts);
	if (!endpoint.ok) return endpoint;
	const parts: UploadPart[] = [];
	let total = 0;
	const listed = await readPages<UploadPart>(
		'Box',
		async (offset) => {
			const page = await partsPage(connection, endpoint.value, Number(offset ?? 0));
			if (page.ok) ({ total } = page.value);
			return page;
		},
		(part) => {
			parts.push(part);
			return parts.length > MAX_PARTS;
		},
		{ endlessFromPages: MAX_PARTS_PAGES },
	);
	if (!listed.ok) return listed;
	if (!listed.value.complete) return failed(endlessList('Box'));
	const offsets = new Set(parts.map(({ offset }) => offset));
	const isWhole = parts.length === total && offsets.size === total;
	return success({ parts, isWhole });
}

/** For whoever needs each part: half a list is a failure. */
export async function listAllParts(
	connection: Connection,
	session: UploadSession,
): Promise<Outcome<UploadPart[]>> {
	const listed = await listParts(connection, session);
	if (!listed.ok) return listed;
	return listed.value.isWhole ? success(listed.value.parts) : failed(HALF_A_LIST);
}

async function partsPage(
	connection: Connection,
	endpoint: string,
	offset: number,
): Promise<Outcome<Page<UploadPart> & { readonly total: number }>> {
	const url = new URL(endpoint);
	url.searchParams.set('offset', String(offset));
	url.searchParams.set('limit', String(PARTS_PAGE));
	const page = await connection.send({
		method: 'GET',
		url: url.href,
		shape: shapes.partsPage,
		step: 'listParts',
	});
	if (!page.ok) return failed(page.failure);
	const { entries, total_count: total } = page.value;
	const nextOffset = offset + entries.length;
	const hasMore = entries.length > 0 && nextOffset < total;
	return success({ entries, total, next: hasMore ? String(nextOffset) : undefined });
}

/** What a commit answers: the file, or that Box is still at work on the parts. */
export type CommitAnswer =
	| { readonly files: Files }
	| { readonly processing: true; readonly retryAfterMs: number | undefined };

/** What a file is made of, and on which condition. */
export interface Commit {
	readonly parts: readonly UploadPart[];
	/** Base64 of the whole file's SHA-1. */
	readonly digest: string;
	readonly attributes: object;
	readonly ifMatch: string | undefined;
	readonly ifNoneMatch: string | undefined;
	readonly giveUpAtMs: number;
}

/**
 * Makes a file of the parts, in the order of their offsets. Box checks them against the digest of the whole file.
 * https://developer.box.com/reference/post-files-upload-sessions-id-commit
 */
export async function commitSession(
	connection: Connection,
	session: UploadSession,
	commit: Commit,
): Promise<CallOutcome<CommitAnswer>> {
	const endpoint = checkedEndpoint(session.session_endpoints.commit);
	if (!endpoint.ok) return notSent(endpoint);
	const { parts, digest, attributes, ifMatch, ifNoneMatch, giveUpAtMs } = commit;
	return await connection.send<CommitAnswer>({
		method: 'POST',
		url: endpoint.value,
		headers: {
			...JSON_HEADERS,
			Digest: `sha=${digest}`,
			...(ifMatch !== undefined && { 'If-Match': ifMatch }),
			...(ifNoneMatch !== undefined && { 'If-None-Match': ifNoneMatch }),
		},
		body: JSON.stringify({ parts, ...(Object.keys(attributes).length > 0 && { attributes }) }),
		shape: (value) => {
			const files = shapes.files(value);
			return files && { files };
		},
		ofStatus: (status, headers) =>
			status === 202
				? { processing: true, retryAfterMs: parseRetryAfterMs(headers['retry-after'], Date.now()) }
				: undefined,
		giveUpAtMs,
		step: 'commit',
	});
}

/** Gives the session's parts up. A session that is gone after a lost answer was given up by it. */
export async function abortSession(
	connection: Connection,
	session: UploadSession,
): Promise<Outcome<null>> {
	const endpoint = checkedEndpoint(session.session_endpoints.abort);
	return endpoint.ok ? await deleteSession(connection, endpoint.value) : endpoint;
}

async function deleteSession(connection: Connection, url: string): Promise<Outcome<null>> {
	const aborted = await connection.send({
		method: 'DELETE',
		url,
		shape: shapes.nothing,
		step: 'abort',
	});
	const goneSince = !aborted.ok && aborted.responseLost && aborted.failure.status === 404;
	return goneSince ? success(null) : aborted;
}

function notSent<T>(outcome: Outcome<T>): CallOutcome<T> {
	return { ...outcome, responseLost: false, retries: 0, rateLimited: false };
}
