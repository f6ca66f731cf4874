import { randomBytes } from 'node:crypto';
import type { CloudReply, FaultAction } from '../core/contract';

/** A union as Dropbox writes it. */
export interface Tagged {
	readonly '.tag': string;
	readonly [field: string]: unknown;
}

/** Fails a call with its route's own error union (HTTP 409). */
export class RouteFailure extends Error {
	constructor(readonly error: Tagged) {
		super(summaryOf(error));
	}
}

/** Fails a call before or beside its route: bad input, authentication, path root. */
export class CallRefused extends Error {
	constructor(readonly reply: CloudReply) {
		super(reply.text?.toString() ?? JSON.stringify(reply.json));
	}
}

export function tag(name: string, fields: Record<string, unknown> = {}): Tagged {
	return { '.tag': name, ...fields };
}

/** `{".tag": "path", "path": {".tag": "conflict", ...}}` */
export function nested(name: string, inner: Tagged): Tagged {
	return { '.tag': name, [name]: inner };
}

/** The tags from the outside in, e.g. `path/conflict/file`. */
function summaryOf(error: Tagged): string {
	const inner = error[error['.tag']] ?? error.reason;
	return isTagged(inner) ? `${error['.tag']}/${summaryOf(inner)}` : error['.tag'];
}

function isTagged(value: unknown): value is Tagged {
	return typeof value === 'object' && value !== null && '.tag' in value;
}

/** Dropbox varies the dots on purpose, so that nobody parses the summary. */
function dots(): string {
	return '.'.repeat(1 + ((randomBytes(1)[0] ?? 0) % 3));
}

export function errorReply(status: number, error: Tagged): CloudReply {
	return { status, json: { error_summary: `${summaryOf(error)}/${dots()}`, error } };
}

export function badInput(route: string, message: string): CallRefused {
	return new CallRefused({
		status: 400,
		text: `Error in call to API function "${route}": ${message}`,
	});
}

/** A 429 as `auth.RateLimitError` of Dropbox's own type tables has it: the body says what `Retry-After` says. */
export function tooManyRequests(headers: Record<string, string>): CloudReply {
	const { 'retry-after': retryAfter } = headers;
	return {
		status: 429,
		headers,
		json: {
			error_summary: `too_many_requests/${dots()}`,
			error: {
				reason: { '.tag': 'too_many_requests' },
				...(retryAfter !== undefined && { retry_after: Math.ceil(Number(retryAfter)) }),
			},
		},
	};
}

/** A fault that answers 429 as Dropbox does. */
export function rateLimited(
	retryAfterSec: number,
	reason: 'too_many_requests' | 'too_many_write_operations' = 'too_many_requests',
): FaultAction {
	return {
		kind: 'reply',
		status: 429,
		headers: { 'content-type': 'application/json', 'retry-after': String(retryAfterSec) },
		body: JSON.stringify({
			error_summary: `${reason}/${dots()}`,
			error: { reason: { '.tag': reason }, retry_after: retryAfterSec },
		}),
	};
}
