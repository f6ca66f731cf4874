import { passing } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { JsonObject } from '../../shared/json';
import { isCount, isObject, isString, quotable } from '../../shared/json';
import { checkedEndpoint } from './endpoint';
import { toFailure } from './failures/read';
import type { SessionEndpoints, UploadSession } from './types';

export const UNUSABLE = 'session/unusable';

/** A part is held in one buffer. Box is known to hand out parts of 8 to 64 MiB. */
const MAX_PART_BYTES = 1024 ** 3;
/** Far above the parts of the largest file. */
const MAX_PARTS = 200_000;
const ENDPOINTS = ['upload_part', 'commit', 'abort', 'list_parts'] as const;

/**
 * A session as an answer describes it, if a file can be sent through it: with parts that fit into memory, of a
 * number that fits to the file's size where that is known, and with Box's own endpoints.
 */
export function usableSession(value: unknown, fileSizeBytes?: number): Outcome<UploadSession> {
	if (!isObject(value) || !isString(value.id)) return unusable('id', undefined);
	const { id } = value;
	const partSize = usablePartSize(value, fileSizeBytes);
	if (!partSize.ok) return partSize;
	const endpoints = usableEndpoints(value.session_endpoints);
	if (!endpoints.ok) return endpoints;
	return success({ ...value, id, part_size: partSize.value, session_endpoints: endpoints.value });
}

function usablePartSize(
	{ part_size: partSize, total_parts: total }: JsonObject,
	fileSizeBytes: number | undefined,
): Outcome<number> {
	if (!isCount(partSize) || partSize === 0 || partSize > MAX_PART_BYTES) {
		return unusable('part_size', partSize);
	}
	if (fileSizeBytes === undefined) return success(partSize);
	const parts = Math.ceil(fileSizeBytes / partSize);
	if (parts > MAX_PARTS) return unusable('part_size', partSize);
	const isOtherTotal = total !== undefined && total !== null && total !== parts;
	return isOtherTotal ? unusable('total_parts', total) : success(partSize);
}

function usableEndpoints(endpoints: unknown): Outcome<SessionEndpoints> {
	if (!isObject(endpoints)) return unusable('session_endpoints', endpoints);
	const usable = { upload_part: '', commit: '', abort: '', list_parts: '' };
	for (const name of ENDPOINTS) {
		const address = endpoints[name];
		if (!isString(address)) return unusable(`session_endpoints.${name}`, address);
		const checked = checkedEndpoint(address);
		if (!checked.ok) return checked;
		usable[name] = checked.value;
	}
	return success({ ...endpoints, ...usable });
}

function unusable(field: string, value: unknown): Outcome<never> {
	return failed({
		...NO_USE,
		vendorText: quotable(`${field} ${JSON.stringify(value) ?? 'missing'}`),
	});
}

const NO_USE = toFailure(
	'session/unusable',
	passing(
		"Box returned an upload session that can't be used",
		"Run this again later. Nothing was uploaded. If it happens again, check the proxy of the n8n server, which may change Box's responses.",
	),
);

/** Box keeps sessions for 7 days; one hour is left for the commit. */
const SESSION_MS = 7 * 24 * 60 * 60 * 1_000;
const FOR_COMMIT_MS = 60 * 60 * 1_000;

/** Until when parts may be added to the session, in Unix time. */
export function usableUntilMs({ session_expires_at: expiresAt }: UploadSession): number {
	const expiresAtMs = typeof expiresAt === 'string' ? Date.parse(expiresAt) : Number.NaN;
	return (Number.isNaN(expiresAtMs) ? Date.now() + SESSION_MS : expiresAtMs) - FOR_COMMIT_MS;
}
