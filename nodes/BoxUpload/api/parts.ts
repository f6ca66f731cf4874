import type { Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Page } from '../../shared/http/pages';
import { endlessList, readPages } from '../../shared/http/pages';
import type { Connection } from './connection';
import { HALF_A_LIST, OTHER_PART_THERE } from './failures/read';
import { isRouteRefused } from './failures/refusedRoute';
import { mayResend, retryUnclear } from './retries';
import * as shapes from './shapes';
import type { UploadPart, UploadSession } from './types';

const PARTS_PAGE = 1_000;
/** Far above the parts of the largest file, also for a server whose pages are shorter than asked for. */
const MAX_PARTS = 200_000;
const MAX_PARTS_PAGES = 400;

interface PartContent {
	readonly content: Buffer;
	/** Of the content, in hexadecimal. */
	readonly sha1: string;
}

interface PartToUpload extends PartContent {
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
	let sendings = 0;
	for (let attempt = 1; ; attempt++) {
		const response = await sendPart(connection, session, part);
		if (response.ok) return response;
		sendings += response.retries + 1;
		const sent = { ...response, ...failed(afterRetries(response.failure, sendings - 1)) };
		const settled = await settledBySession(connection, session, part, sent);
		if (settled !== undefined) return settled;
		const { failure, responseLost } = sent;
		const passing = { code: failure.code, retryable: responseLost };
		const { upload_part: url } = session.session_endpoints;
		if (!(await mayResend(connection, url, attempt, passing))) return sent;
	}
}

async function sendPart(
	connection: Connection,
	session: UploadSession,
	{ offset, content, sha1, fileSizeBytes }: PartToUpload,
): Promise<CallOutcome<UploadPart>> {
	const digest = Buffer.from(sha1, 'hex').toString('base64');
	return await connection.send({
		method: 'PUT',
		url: session.session_endpoints.upload_part,
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
}

/** What a part that failed comes to by what the session holds; undefined: the session has no such part. */
async function settledBySession(
	connection: Connection,
	session: UploadSession,
	part: PartToUpload,
	sent: Extract<CallOutcome<UploadPart>, { ok: false }>,
): Promise<CallOutcome<UploadPart> | undefined> {
	const { code, status } = sent.failure;
	if (!sent.responseLost && status !== 409 && status !== 416) return sent;
	const isThere = !sent.responseLost && code !== 'range_out_of_bounds';
	const listed = await retryUnclear(
		connection,
		async () => await partAt(connection, session, part.offset),
		// Box has the part, says the refusal: then its list only lags behind.
		(found) => !isThere || !found.ok || found.value !== undefined,
	);
	// Without a list, sending it again shows whether it is there.
	if (!listed.ok) return sent.responseLost && isRouteRefused(listed.failure) ? undefined : sent;
	const { value: there } = listed;
	if (there === undefined) return undefined;
	if (isSamePart(there, part)) return { ...sent, ...success(there) };
	return sent.responseLost ? { ...sent, ...failed(OTHER_PART_THERE) } : sent;
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

interface ListedParts {
	readonly parts: UploadPart[];
	/** Whether there are as many as Box counts, and no two begin at one offset. */
	readonly isWhole: boolean;
}

/** All parts that Box has of a session, page by page. */
export async function listParts(
	connection: Connection,
	session: UploadSession,
): Promise<Outcome<ListedParts>> {
	const parts: UploadPart[] = [];
	let total = 0;
	const listed = await readPages<UploadPart>(
		'Box',
		async (offset) => {
			const page = await partsPage(connection, session, Number(offset ?? 0));
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
	session: UploadSession,
	offset: number,
): Promise<Outcome<Page<UploadPart> & { readonly total: number }>> {
	const url = new URL(session.session_endpoints.list_parts);
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
