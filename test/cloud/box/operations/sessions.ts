import { BoxFailure, notFound } from '../errors';
import type { Call, Handler } from '../call';
import { fileList, pathId, textOf, timeOf } from '../call';
import { parseDigestHeader } from '../digests';
import type { FileItem, NewContent } from '../items';
import { checkIfMatch } from '../items';
import { boxTime } from '../render';
import type { ListedPart, PlannedPart, SessionTarget, UploadSession } from '../sessions';
import { partsMismatch } from '../sessions';

export const createSession: Handler = (call) => {
	const folderId = String(call.json.folder_id);
	const name = String(call.json.file_name);
	const folder = findFolder(call, folderId);
	const size = checkedSize(call);
	const again = call.state.settings.sessionConflicts && untouchedTwin(call, folderId, name, size);
	if (again) {
		throw new BoxFailure(409, 'session_conflict', 'An upload session for this file is open', {
			session: renderSession(call, again),
		});
	}
	call.state.checkWrite(folder, name);
	return created(call, { folderId, name }, size);
};

export const createVersionSession: Handler = (call) => {
	const file = call.state.items.file(call.userId, pathId(call));
	const name = textOf(call.json.file_name);
	const size = checkedSize(call);
	if (file.parent) call.state.checkWrite(file.parent, name ?? file.name, file);
	return created(call, { fileId: file.id, name }, size);
};

export const getSession: Handler = (call) => ({
	status: 200,
	json: renderSession(call, sessionOf(call)),
});

export const uploadPart: Handler = async (call) => {
	const session = sessionOf(call);
	const digest = parseDigestHeader(call.headers.digest ?? '');
	const part = await session.receivePart(call.headers['content-range'] ?? '', digest, call.body);
	return { status: 200, json: { part } };
};

export const listParts: Handler = (call) => {
	const { settings } = call.state;
	const session = sessionOf(call);
	const parts = settings.unlistedParts > 0 ? session.partsButNewest : session.listed;
	settings.unlistedParts -= settings.unlistedParts > 0 ? 1 : 0;
	const offset = Number(call.query.offset ?? 0);
	const limit = Math.min(Number(call.query.limit ?? 1000), settings.partsPage);
	return {
		status: 200,
		json: {
			entries: parts.slice(offset, offset + limit),
			offset,
			limit,
			total_count: parts.length,
			order: [{ by: 'offset', direction: 'ASC' }],
		},
	};
};

export const planSession: Handler = (call) => {
	const { knownParts, settings } = call.state;
	const session = sessionOf(call);
	if (!settings.plans) throw notFound('Not Found');
	const planned = session.plan(call.json.parts as PlannedPart[], knownParts);
	return { status: 200, json: { upload_session_id: session.id, ...planned } };
};

export const abortSession: Handler = (call) => {
	sessionOf(call).state = 'aborted';
	return { status: 204 };
};

export const commitSession: Handler = (call) => {
	const session = sessionOf(call);
	const digest = parseDigestHeader(call.headers.digest ?? '');
	const { settings } = call.state;
	if (session.hasHits && settings.vanishingHits > 0) {
		settings.vanishingHits -= 1;
		session.loseHits();
	}
	session.checkParts(call.json.parts as ListedPart[]);
	if (session.mismatches > 0) {
		// Seen right after the last part: the list is right, Box has not caught up with it yet.
		session.mismatches -= 1;
		throw partsMismatch('Not all parts of the list are known yet');
	}
	if (session.processing > 0) {
		session.processing -= 1;
		// The session stays: the commit that comes next meets its own file.
		if (session.processing === 0 && settings.storesBehind202) makeFile(call, session, digest);
		return { status: 202, headers: { 'retry-after': String(settings.retryAfterSec) } };
	}
	const file = makeFile(call, session, digest);
	if (file === undefined) return { status: 304 };
	session.state = 'committed';
	return { status: 201, json: fileList(call, file) };
};

/** Undefined when `If-None-Match` says that nothing is to be done. */
function makeFile(call: Call, session: UploadSession, digest: string): FileItem | undefined {
	const { settings } = call.state;
	const { parts, sha1, size } = session.finish();
	if (session.hasHits && settings.spoiltHits > 0) settings.spoiltHits -= 1;
	const isRefused = settings.digestMismatchTimes > 0;
	if (isRefused) settings.digestMismatchTimes -= 1;
	if (sha1 !== digest || isRefused) {
		throw digestMismatch(sha1, digest);
	}
	const existing = targetFile(call, session.target);
	checkIfMatch(call.headers['if-match'], existing);
	if (existing && call.headers['if-none-match'] === String(existing.etag)) return undefined;
	const { keepBytesUpTo, knownPartsBytes } = settings;
	if (size <= knownPartsBytes) {
		for (const part of parts ?? []) {
			call.state.knownParts.remember(call.userId, part, knownPartsBytes);
		}
	}
	const content = parts && size <= keepBytesUpTo ? Buffer.concat(parts) : undefined;
	const attributes = attributesOf(call.json.attributes);
	return store(call, session.target, { sha1, size, content, ...attributes });
}

/**
 * Not the `bad_digest` of the list of errors, which is about a request's own bytes: of the whole file Box says this,
 * as reported in https://github.com/box/box-java-sdk/issues/701 and
 * https://github.com/box/box-windows-sdk-v2/issues/767. What becomes of the session is not reported.
 */
function digestMismatch(actualHex: string, expectedHex: string): BoxFailure {
	const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
	const message = `File digest was incorrect. Actual: ${base64(actualHex)} Expected: ${base64(expectedHex)}`;
	return new BoxFailure(400, 'digest_mismatch', message);
}

function store(call: Call, target: SessionTarget, content: NewContent): FileItem {
	if (target.fileId !== undefined) {
		return call.state.storeVersion(call.userId, target.fileId, target.name, content);
	}
	const folder = call.state.items.folder(call.userId, target.folderId ?? '0');
	return call.state.storeFile(folder, target.name ?? '', content);
}

function targetFile(call: Call, target: SessionTarget): FileItem | undefined {
	return target.fileId === undefined
		? undefined
		: call.state.items.file(call.userId, target.fileId);
}

function sessionOf(call: Call): UploadSession {
	return call.state.session(call.userId, pathId(call));
}

/** The documented codes of creating a session differ from those of every other operation. */
function findFolder(call: Call, folderId: string) {
	if (!/^\d+$/.test(folderId)) {
		throw new BoxFailure(400, 'invalid_folder_id', 'folder_id is not valid');
	}
	try {
		return call.state.folder(call.userId, folderId);
	} catch {
		throw new BoxFailure(404, 'invalid_parameter', 'folder_id names no folder of this user');
	}
}

function checkedSize(call: Call): number {
	const size = Number(call.json.file_size);
	const minimum = call.state.settings.minimumSessionBytes;
	if (size < minimum) {
		throw new BoxFailure(
			400,
			'file_size_too_small',
			`file_size is below the minimum of ${minimum} bytes`,
		);
	}
	call.state.checkSpace(call.userId, size);
	return size;
}

function untouchedTwin(
	call: Call,
	folderId: string,
	name: string,
	size: number,
): UploadSession | undefined {
	return [...call.state.sessions.values()].find(
		({ isOpen, userId, target, fileSize, parts }) =>
			isOpen &&
			userId === call.userId &&
			target.folderId === folderId &&
			target.name === name &&
			fileSize === size &&
			parts.length === 0,
	);
}

function attributesOf(attributes: unknown): Partial<NewContent> {
	const given = (attributes ?? {}) as Record<string, unknown>;
	return {
		description: textOf(given.description),
		contentCreatedAtMs: timeOf(given.content_created_at),
		contentModifiedAtMs: timeOf(given.content_modified_at),
	};
}

function created(call: Call, target: SessionTarget, size: number) {
	const session = call.state.createSession(call.userId, target, size);
	return { status: 201, json: renderSession(call, session) };
}

function renderSession(call: Call, session: UploadSession): Record<string, unknown> {
	const { endpointOrigin, plans } = call.state.settings;
	const url = `${endpointOrigin}/api/2.0/files/upload_sessions/${session.id}`;
	return {
		type: 'upload_session',
		id: session.id,
		session_expires_at: boxTime(session.expiresAtMs),
		part_size: session.partSize,
		total_parts: session.totalParts,
		num_parts_processed: session.processedParts,
		session_endpoints: {
			upload_part: url,
			commit: `${url}/commit`,
			abort: url,
			list_parts: `${url}/parts`,
			status: url,
			log_event: `${url}/log`,
			...(plans && { plan: `${url}/plan` }),
		},
	};
}
