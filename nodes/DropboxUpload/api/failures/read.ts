import type { Explanation } from '../../../shared/catalogue';
import { forUser, passing } from '../../../shared/catalogue';
import type { Failure } from '../../../shared/failure';
import { failureOf } from '../../../shared/failureOf';
import { noReplyFailure } from '../../../shared/http/noReply';
import { foreignReply, statusExplanation } from '../../../shared/http/statuses';
import type { HttpReply, NoReply } from '../../../shared/http/types';
import type { JsonObject } from '../../../shared/json';
import { isCount, isObject, isString, parseJson, quotable } from '../../../shared/json';
import { accountUnions } from './accountUnions';
import { badRequest, isOfDropbox, neededScope } from './badRequest';
import { downloadUnions } from './downloadUnions';
import { fetchUnions } from './fetchUnions';
import { linkUnions } from './linkUnions';
import { lookupUnions } from './lookupUnions';
import type { RootKind } from './root';
import { rootRefused, rootUnexplained } from './root';
import { signInTexts } from './signIn';
import type { Tag, UnionTable } from './union';
import { isBranch } from './union';
import { uploadUnions } from './uploadUnions';

export const dropboxUnions: UnionTable = {
	...uploadUnions,
	...lookupUnions,
	...accountUnions,
	...fetchUnions,
	...linkUnions,
	...downloadUnions,
};

const MAX_TAG_CHARACTERS = 60;

/** The union of a non-2xx status that is the same for every route. */
const UNION_OF_STATUS: Readonly<Record<number, string>> = {
	401: 'auth.AuthError',
	403: 'auth.AccessError',
	422: 'common.PathRootError',
};

const unexpectedReply = passing(
	"The response isn't one that Dropbox sends",
	'Run this again. If it happens again, check the proxy of the n8n server: something between n8n and Dropbox may have sent the response.',
);

/** What a call can be answered with. */
export interface CallContext {
	readonly errorUnion: string | undefined;
	/** Which root the call was made with. */
	readonly root?: RootKind;
}

/** An answer with a status other than 2xx. */
export function readErrorReply(reply: HttpReply, { errorUnion, root }: CallContext): Failure {
	const { status } = reply;
	const requestId = requestIdOf(reply);
	const foreign = isOfDropbox(reply) ? undefined : foreignReply('Dropbox', reply, requestId);
	if (foreign !== undefined) return foreign;
	const said = readReason(reply, errorUnion);
	const failure = { ...(said ?? readText(reply, requestId)), status, requestId };
	if (status !== 422) return failure;
	return said === undefined ? rootUnexplained(failure, root) : rootRefused(failure, root);
}

/** The reason that the reply has as a tagged union. */
function readReason({ status, text }: HttpReply, errorUnion: string | undefined) {
	const body = parseJson(text);
	if (!isObject(body)) return undefined;
	const { error } = body;
	if (status === 429) return isObject(error) ? rateLimitReason(error.reason) : undefined;
	const union = UNION_OF_STATUS[status] ?? (status === 409 ? errorUnion : undefined);
	return union === undefined || error === undefined ? undefined : readUnion(union, error);
}

/** The union is open. A tag that isn't known here is a rate limit too, as the status says. */
function rateLimitReason(reason: unknown): Failure | undefined {
	const failure = readUnion('auth.RateLimitReason', reason);
	return isKnownReason('auth.RateLimitReason', failure.code) ? failure : undefined;
}

/** What the status says, or the plain text of a 400. */
function readText({ status, text }: HttpReply, requestId: string | undefined): Failure {
	const vendorText = quotable(text);
	const [path, explanation] =
		status === 400 && vendorText !== undefined
			? badRequest(text)
			: statusExplanation('Dropbox', status, { vendorText, requestId });
	return { ...toFailure(path, explanation), vendorText };
}

/** What Dropbox's support asks for. */
export function requestIdOf({ headers }: HttpReply): string | undefined {
	return headers['x-dropbox-request-id'];
}

/** One of many that failed, in an answer that was fine. */
export function readEntry(
	unionName: string,
	value: unknown,
	{ requestId }: { readonly requestId?: string },
): Failure {
	const failure = readUnion(unionName, value);
	return requestId === undefined ? failure : { ...failure, requestId };
}

/** A 2xx whose body is not what the route answers. */
export function unexpectedReplyFailure(reply: HttpReply): Failure {
	return {
		...toFailure('http/unexpected_reply', unexpectedReply),
		status: reply.status,
		requestId: requestIdOf(reply),
		vendorText: quotable(reply.text),
	};
}

export function readNoReply(noReply: NoReply): Failure {
	return noReplyFailure('Dropbox', noReply, signInTexts);
}

/**
 * A tagged union value, followed down to its deepest tag: `{".tag":"path","path":{".tag":"conflict",…}}`
 * of `UploadSessionFinishError` becomes the path `path/conflict/file`. A tag that is new to us keeps
 * its raw name in the path.
 */
export function readUnion(unionName: string, value: unknown): Failure {
	const tags: string[] = [];
	let explanation: Explanation | undefined;
	let known = true;
	let union = dropboxUnions[unionName];
	let current: unknown = value;
	let deepest: unknown = value;
	while (union !== undefined) {
		const tag = tagOf(current);
		if (tag === undefined) break;
		tags.push(tag);
		deepest = current;
		const meaning = Object.hasOwn(union, tag) ? union[tag] : undefined;
		if (meaning === undefined) {
			known = false;
			break;
		}
		if (!isBranch(meaning)) {
			explanation = meaning;
			break;
		}
		explanation = meaning.otherwise;
		union = dropboxUnions[meaning.union];
		current = isObject(current) ? valueOf(current, tag) : undefined;
	}
	const unexplained = !known || tags.length === 0;
	return {
		...toFailure(tags.join('/') || 'unknown', explanation ?? unexplainedBy(tags)),
		...(unexplained ? { vendorText: quotable(JSON.stringify(value ?? null)) } : detailOf(deepest)),
	};
}

/** https://www.dropbox.com/developers/documentation/http/documentation#error-handling: open unions have this tag. */
const noReason = forUser(
	'Dropbox refused the request without a reason',
	'Run this again. If it happens again, ask Dropbox support at dropbox.com/support.',
);
const newReason = forUser(
	"Dropbox returned a reason that this node doesn't know",
	'Read what Dropbox says below, and update this package: a newer version may know the reason.',
);

/** Whether the tables know each tag of the path down to a reason of its own; another one proves nothing. */
export function isKnownReason(unionName: string, path: string): boolean {
	let union = dropboxUnions[unionName];
	let meaning: Tag | undefined;
	for (const tag of path.split('/')) {
		meaning = union && Object.hasOwn(union, tag) ? union[tag] : undefined;
		if (meaning === undefined) return false;
		union = isBranch(meaning) ? dropboxUnions[meaning.union] : undefined;
	}
	return meaning !== undefined && !isBranch(meaning);
}

/** Nothing, or `other`, is no reason that a newer version could know. */
function unexplainedBy(tags: readonly string[]): Explanation {
	return ['other', undefined].includes(tags.at(-1)) ? noReason : newReason;
}

/** Whether it is a union at all. */
export function isTagged(value: unknown): boolean {
	return tagOf(value) !== undefined;
}

function tagOf(value: unknown): string | undefined {
	const tag = isObject(value) ? value['.tag'] : value;
	return isString(tag) && /^\S+$/.test(tag) ? tag.slice(0, MAX_TAG_CHARACTERS) : undefined;
}

/** UploadWriteFailed, the `path` of UploadError, is a struct that holds the next union as its `reason`. */
function valueOf(value: JsonObject, tag: string): unknown {
	return value[tag] ?? (isObject(value.reason) ? value.reason : undefined);
}

/** The values that some tags carry beside their name. */
function detailOf(value: unknown): Partial<Failure> {
	if (!isObject(value)) return {};
	if (isCount(value.correct_offset)) {
		return {
			detail: { kind: 'offset', correctOffset: value.correct_offset },
			vendorText: `The session ends at offset ${value.correct_offset}.`,
		};
	}
	// MalformedPathError: what Dropbox says about the path.
	if (isString(value.malformed_path)) return { vendorText: quotable(value.malformed_path) };
	// The link that is there already.
	if (isObject(value.metadata)) return { detail: { kind: 'conflict', item: value.metadata } };
	if (isString(value.required_scope)) return neededScope(value.required_scope);
	return {};
}

export function toFailure(code: string, explanation: Explanation): Failure {
	return failureOf('Dropbox', code, explanation);
}
