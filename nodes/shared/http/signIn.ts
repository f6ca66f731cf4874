import { isObject, isString, parseJson, pastedObject } from '../json';
import { codeOf, field, noReplyOf } from './rejection';
import { TokenRefused } from './tokenRefused';
import type { NoReply } from './types';

/** Of causes within causes. */
const MAX_CAUSES = 5;

/** Of n8n's OAuth client: the token endpoint gave an `error` of RFC 6749. The error itself has no status. */
const REFUSED = 'EAUTH';
/** Of the same: it answered with something that is neither a token nor such an error. */
const NO_OAUTH_ANSWER = 'ESTATUS';

/** Errors of a token endpoint that pass by themselves; the first two are those of RFC 6749, 4.1.2.1. */
const PASSING_ERRORS = new Set([
	'server_error',
	'temporarily_unavailable',
	'internal_server_error',
	'rate_limit_exceeded',
	'slow_down',
	'too_many_requests',
	'unavailable',
]);

/** n8n wraps what its clients have thrown, once or twice: the error itself first. */
export function causesOf(error: unknown): readonly unknown[] {
	const causes: unknown[] = [];
	for (let cause = error; cause !== undefined && cause !== null; cause = field(cause, 'cause')) {
		causes.push(cause);
		if (causes.length > MAX_CAUSES) break;
	}
	return causes;
}

/**
 * Why no token could be had, from what n8n's request helper threw; undefined for what is not about the
 * sign-in. The call itself was not let in then, so nothing has happened at the vendor. For a first token n8n
 * keeps what its OAuth client threw as a cause, for a renewal too, but for `invalid_grant`: that it
 * replaces by an error of its own.
 */
export function signInProblem(error: unknown): NoReply | undefined {
	const causes = causesOf(error);
	for (const cause of causes) {
		if (cause instanceof TokenRefused) return cause.noReply;
		const code = codeOf(cause);
		if (code === REFUSED) return refusedWith(field(cause, 'body'));
		if (code === NO_OAUTH_ANSWER) {
			return notRenewed(`HTTP ${numberOf(field(cause, 'status'))}`, field(cause, 'body'));
		}
		if (isTokenRequest(cause)) return withoutAnswer(cause);
	}
	const reasons = causes.map((cause) => field(cause, 'message')).filter(isString);
	if (reasons.some((reason) => reason.includes('needs to be reconnected'))) {
		return { kind: 'unauthorized', error: 'invalid_grant', reason: reasons[0] };
	}
	// n8n looks for `error` in a JSON answer without looking whether it is an object.
	if (reasons.some((reason) => reason.endsWith("(reading 'error')"))) {
		return notRenewed('an empty response', undefined);
	}
	return undefined;
}

/** What a token endpoint's answer without a token means, where it came as an answer. */
export function refusalIn(status: unknown, body: unknown): NoReply {
	const isRefusal = typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
	if (isRefusal && isString(field(body, 'error'))) return refusedWith(body);
	return notRenewed(`HTTP ${numberOf(status)}`, body);
}

/** What it means that a token endpoint's answer never came, from what n8n's helper threw. */
export function failedTokenCall(error: unknown): NoReply {
	const cause = causesOf(error).find((one) => codeOf(one) !== undefined);
	return withoutAnswer(cause ?? error);
}

/** What of a credential's data no text may hold, the longest first. */
export function secretsOf(credential: unknown): string[] {
	const tokens = field(credential, 'oauthTokenData');
	const [id, secret] = [field(credential, 'clientId'), field(credential, 'clientSecret')];
	const basic =
		isString(id) && isString(secret) ? Buffer.from(`${id}:${secret}`).toString('base64') : '';
	const file = field(credential, 'privateKeyFile');
	const named = ['accessToken', 'passphrase', 'privateKey'].map((name) => field(credential, name));
	const all = [
		secret,
		basic,
		file,
		field(tokens, 'access_token'),
		field(tokens, 'refresh_token'),
		...named,
		...secretsWithin(pastedObject(file)),
	];
	const texts = all.filter(isString).filter((value) => value !== '');
	return [...new Set(texts.flatMap((text) => [text, ...linesOfKey(text)]))].sort(
		(one, other) => other.length - one.length,
	);
}

/** In an app's configuration file, wherever they stand in it. */
function secretsWithin(value: unknown): unknown[] {
	if (!isObject(value)) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		/secret|privateKey|passphrase/i.test(name) ? [inner] : secretsWithin(inner),
	);
}

/** A text on one line shows a key without its line breaks, and a short one some of its lines. */
function linesOfKey(text: string): string[] {
	if (!text.startsWith('-----BEGIN')) return [];
	return text.split(/\\[rn]|\s/).filter((line) => /^[A-Za-z0-9+/=]{20,}$/.test(line));
}

function refusedWith(body: unknown): NoReply {
	const error = textOf(field(body, 'error'));
	const said = textOf(field(body, 'error_description')) ?? error;
	if (error !== undefined && PASSING_ERRORS.has(error)) return notRenewed(error, said);
	return {
		kind: 'unauthorized',
		...(error !== undefined && { error: error.slice(0, 60) }),
		...(said !== undefined && { said }),
	};
}

function withoutAnswer(cause: unknown): NoReply {
	const status = field(field(cause, 'response'), 'status');
	if (typeof status === 'number') return notRenewed(`HTTP ${status}`, undefined);
	const road = noReplyOf(cause, cause);
	if (road.kind === 'unsent' && !road.passes) return road;
	const reason = `The sign-in couldn't be renewed: ${codeOf(cause) ?? 'no response'}`;
	return { kind: 'unsent', reason, passes: true };
}

/** A 4xx that holds no error of OAuth is not from the vendor's token endpoint, nor is a 200 without a token. */
function notRenewed(what: string, body: unknown): NoReply {
	const said = isString(body) && parseJson(body) === undefined ? body : undefined;
	return {
		kind: 'notRenewed',
		reason: `The sign-in couldn't be renewed: ${what}`,
		...(said !== undefined && said !== '' && { said }),
	};
}

/** Both vendors have their token endpoint at this path. */
function isTokenRequest(cause: unknown): boolean {
	const url = field(field(cause, 'config'), 'url');
	return isString(url) && url.endsWith('/oauth2/token');
}

function textOf(value: unknown): string | undefined {
	if (isString(value)) return value === '' ? undefined : value;
	return isObject(value) ? JSON.stringify(value) : undefined;
}

function numberOf(value: unknown): string {
	return typeof value === 'number' ? String(value) : 'without a status';
}
