import type { Explanation } from '../../../shared/catalogue';
import { passing } from '../../../shared/catalogue';
import type { Failure } from '../../../shared/failure';
import { noReplyFailure, statusExplanation } from '../../../shared/http/noReply';
import type { HttpReply, NoReply } from '../../../shared/http/types';
import type { JsonObject } from '../../../shared/json';
import { isObject, isString, parseJson, quotable } from '../../../shared/json';
import { boxCodes, byStatus, noSession, otherFile, partIsThere } from './codes';

/** What a call does at Box, which decides what an answer means. */
export interface CallContext {
	/** Calls on a session: a 404 is about the session. */
	readonly onSession: boolean;
	/** The one whose digest is the whole file's. */
	readonly isCommit: boolean;
}

/** An answer with a status other than 2xx. */
export function readErrorReply(reply: HttpReply, context: CallContext): Failure {
	const body = parseJson(reply.text);
	const error = isObject(body) ? body : {};
	const code = isString(error.code) ? error.code.slice(0, 60) : undefined;
	const aboutSession = context.onSession && reply.status === 404;
	const ofCommit = context.isCommit && code === 'bad_digest';
	const byCode = code !== undefined && Object.hasOwn(boxCodes, code) ? boxCodes[code] : undefined;
	const known = aboutSession
		? noSession
		: ofCommit
			? otherFile
			: (byCode ?? byStatus[reply.status]);
	const [fallbackPath, fallback] = statusExplanation('Box', reply.status);
	const inTheWay = inTheWayOf(error.context_info);
	const requestId = isString(error.request_id) ? error.request_id : reply.headers['box-request-id'];
	return {
		...toFailure(code ?? fallbackPath, known ?? fallback),
		status: reply.status,
		...(requestId !== undefined && { requestId }),
		...(inTheWay !== undefined && { inTheWay }),
		vendorText: vendorTextOf(error, reply),
	};
}

/** One item for uploads, a list for folders; the open session for `session_conflict`. */
function inTheWayOf(context: unknown): JsonObject | undefined {
	if (!isObject(context)) return undefined;
	const { conflicts, session } = context;
	const named: unknown = Array.isArray(conflicts) ? conflicts[0] : (conflicts ?? session);
	return isObject(named) ? named : undefined;
}

export function unexpectedReplyFailure(reply: HttpReply): Failure {
	return {
		...toFailure(
			'http/unexpected_reply',
			passing(
				'The answer was not one that Box gives',
				'Something between n8n and Box may have answered instead. Check the proxy and try again.',
			),
		),
		status: reply.status,
		requestId: reply.headers['box-request-id'],
		vendorText: quotable(reply.text),
	};
}

export function readNoReply(noReply: NoReply): Failure {
	return noReplyFailure('Box', noReply);
}

/** Other bytes than ours are in the session where the part should be. */
export const OTHER_PART_THERE: Failure = toFailure('range_overlaps_existing_part', partIsThere);

export function toFailure(path: string, explanation: Explanation): Failure {
	return {
		vendor: 'Box',
		path,
		message: explanation.message,
		remedy: explanation.remedy,
		class: explanation.class,
		retryable: explanation.class === 'transient',
		stored: explanation.stored ?? 'no',
	};
}

function vendorTextOf(error: Record<string, unknown>, reply: HttpReply): string | undefined {
	if (!isString(error.message)) return quotable(reply.text);
	const context = isObject(error.context_info)
		? quotable(JSON.stringify(error.context_info))
		: undefined;
	return quotable(context === undefined ? error.message : `${error.message} ${context}`);
}
