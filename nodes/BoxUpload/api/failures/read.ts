import type { Explanation } from '../../../shared/catalogue';
import { passing } from '../../../shared/catalogue';
import type { Failure } from '../../../shared/failure';
import { failureOf } from '../../../shared/failureOf';
import { noReplyFailure } from '../../../shared/http/noReply';
import { foreignReply, statusExplanation } from '../../../shared/http/statuses';
import type { HttpReply, NoReply } from '../../../shared/http/types';
import type { JsonObject } from '../../../shared/json';
import { isObject, isString, parseJson, quotable } from '../../../shared/json';
import {
	badRequest,
	badRequestOfSession,
	byStatus,
	halfAList,
	knownCode,
	otherFile,
	partIsThere,
} from './codes';
import type { SignedIn } from './signIn';
import { appRefused, AS_USER, scopeToTick, signInTexts } from './signIn';
import type { Step } from './steps';
import { ofStep } from './steps';

/** What a call does at Box, which decides what an answer means. */
export interface CallContext {
	/** Absent for what is no step of an upload: folders, look-ups, links. */
	readonly step?: Step | undefined;
	/** Who asks; a user where it does not matter. */
	readonly signedIn?: SignedIn;
}

/** An answer with a status other than 2xx. */
export function readErrorReply(reply: HttpReply, context: CallContext): Failure {
	const { code, conflict: item, namesField, requestId, vendorText } = errorIn(reply);
	const foreign = foreignReply('Box', reply, requestId);
	if (foreign !== undefined) return foreign;
	const explained = explanationOf(code, reply.status, context);
	const known = pointsBelow(explained) && !namesField ? undefined : explained;
	const told = { vendorText, requestId };
	const [fallbackPath, fallback] = statusExplanation('Box', reply.status, told);
	return {
		...toFailure(code ?? fallbackPath, known ?? fallback),
		status: reply.status,
		...(requestId !== undefined && { requestId }),
		...(item !== undefined && { detail: { kind: 'conflict', item } }),
		vendorText,
	};
}

/** What Box says of an error: in the body, or without one in a header. */
function errorIn(reply: HttpReply) {
	const body = parseJson(reply.text);
	const error = isObject(body) ? body : {};
	const { code, context_info: context, message, request_id: requestId } = error;
	const bearer = bearerError(reply);
	return {
		code: isString(code) && /^\S+$/.test(code) ? code.slice(0, 60) : bearer?.error,
		conflict: conflictIn(context),
		namesField: isString(message) || isObject(context),
		requestId: isString(requestId) ? requestId : reply.headers['box-request-id'],
		vendorText: vendorTextOf(error, reply) ?? bearer?.said,
	};
}

/** Whether the remedy is to correct what Box names. */
function pointsBelow(explanation: Explanation | undefined): boolean {
	return explanation === badRequest || explanation === badRequestOfSession;
}

function explanationOf(
	code: string | undefined,
	status: number,
	{ step, signedIn }: CallContext,
): Explanation | undefined {
	if (step === 'commit' && OTHER_DIGEST.has(code)) return otherFile;
	const stepText = step && ofStep(step, code, status);
	if (stepText !== undefined) return stepText === 'status' ? undefined : stepText;
	if (code === 'insufficient_scope') return scopeToTick(signedIn);
	if (status === 401 && signedIn !== undefined && signedIn.by !== 'user') return appRefused;
	return knownCode(code) ?? byStatus[status];
}

const OTHER_DIGEST = new Set<string | undefined>(['bad_digest', 'digest_mismatch']);

/**
 * Where Box answers without a body, the reason stands in `WWW-Authenticate` (RFC 6750): `Bearer realm="Service",
 * error="insufficient_scope", error_description="..."`, as quoted in https://github.com/cburnette/boxr/issues/20 and
 * https://github.com/box/box-python-sdk/issues/243. A token that is too old is told by its status.
 */
function bearerError({ headers, status }: HttpReply): { error: string; said?: string } | undefined {
	const challenge = (headers['www-authenticate'] ?? '').slice(0, 2_000);
	const error = /\berror="(\w{1,60})"/.exec(challenge)?.[1];
	if (error === undefined || status < 400 || error === 'invalid_token') return undefined;
	const said = quotable(/\berror_description="([^"]*)"/.exec(challenge)?.[1] ?? '');
	return { error, ...(said !== undefined && { said }) };
}

/** One item for uploads, a list for folders; the open session for `session_conflict`. */
function conflictIn(context: unknown): JsonObject | undefined {
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
				"The response isn't one that Box sends",
				'Run this again. If it happens again, check the proxy of the n8n server: something between n8n and Box may have sent the response.',
			),
		),
		status: reply.status,
		requestId: reply.headers['box-request-id'],
		vendorText: quotable(reply.text),
	};
}

export function readNoReply(noReply: NoReply, signedIn: SignedIn = AS_USER): Failure {
	const failure = noReplyFailure('Box', noReply, signInTexts(signedIn));
	// n8n says of every credential that it needs to be reconnected; an app has nobody who could.
	return noReply.kind === 'unauthorized' && signedIn.by !== 'user' && noReply.error !== undefined
		? { ...failure, reason: undefined }
		: failure;
}

/** Other bytes than ours are in the session where the part should be. */
export const OTHER_PART_THERE: Failure = toFailure('range_overlaps_existing_part', partIsThere);

export const HALF_A_LIST: Failure = toFailure('list/incomplete', halfAList);

export function toFailure(code: string, explanation: Explanation): Failure {
	return failureOf('Box', code, explanation);
}

function vendorTextOf(error: Record<string, unknown>, reply: HttpReply): string | undefined {
	if (!isString(error.message)) return quotable(reply.text);
	const context = isObject(error.context_info) ? contextText(error.context_info) : undefined;
	return quotable([error.message, context].filter(isString).join(' '));
}

/** The fields that Box names, and why, as a sentence; what has another form as Box sends it. */
function contextText(context: Record<string, unknown>): string {
	const errors = Array.isArray(context.errors) ? context.errors.filter(isObject) : [];
	const named = errors
		.map(({ name, field, message, reason }) =>
			[name ?? field, message ?? reason].filter(isString).join(': '),
		)
		.filter((text) => text !== '');
	if (named.length > 0) return `(${named.join(', ')})`;
	const { name, id, type } = conflictIn(context) ?? {};
	const item = [type, name].filter(isString).join(' ');
	return isString(id) ? `(${item === '' ? 'item' : item}, ID ${id})` : JSON.stringify(context);
}
