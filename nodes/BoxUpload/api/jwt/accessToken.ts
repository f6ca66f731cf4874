import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { failedTokenCall, refusalIn } from '../../../shared/http/signIn';
import type { NoReply } from '../../../shared/http/types';
import { isObject, isString, quotable } from '../../../shared/json';
import { jwtReason } from '../failures/jwt';
import { assertionAt, TOKEN_URL } from './assertion';
import type { JwtOutcome } from './jwtOutcome';
import { reached, unusable } from './jwtOutcome';
import type { JwtSettings } from './settings';

export type Helpers = IHttpRequestHelper['helpers'];

/** A token and how long Box says that it lasts. */
export interface AccessToken {
	readonly token: string;
	readonly lifetimeMs: number;
}

/** With the time by which the server has answered, in ms since 1970. */
type Answer = JwtOutcome<AccessToken> & { readonly serverMs?: number };

const TIMEOUT_MS = 60_000;
const MS_PER_SECOND = 1_000;

/**
 * Asks Box for a token: once more by Box's own clock where ours is off, and with a new ID where Box has seen
 * the first one. No failure holds the key, the assertion, the secret or the request.
 */
export async function fetchToken(
	helpers: Helpers,
	settings: JwtSettings,
): Promise<JwtOutcome<AccessToken>> {
	const first = await ask(helpers, settings, Date.now());
	if (first.ok) return first;
	switch (jwtReason(first.noReply)) {
		case 'jwt/clock':
			return first.serverMs === undefined ? first : await ask(helpers, settings, first.serverMs);
		case 'jwt/used_twice':
			return await ask(helpers, settings, Date.now());
		default:
			return first;
	}
}

async function ask(helpers: Helpers, settings: JwtSettings, nowMs: number): Promise<Answer> {
	let assertion: string;
	try {
		assertion = assertionAt(nowMs, settings);
	} catch {
		return unusable('jwt/bad_private_key');
	}
	const secrets = [assertion, settings.clientSecret];
	try {
		const response: unknown = await helpers.httpRequest(requestOf(settings, assertion));
		return read(response, secrets);
	} catch (error) {
		return { ok: false, noReply: quoted(failedTokenCall(error), secrets) };
	}
}

function requestOf(
	{ clientId, clientSecret }: JwtSettings,
	assertion: string,
): IHttpRequestOptions {
	return {
		method: 'POST',
		url: TOKEN_URL,
		headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
		body: new URLSearchParams({
			grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
			client_id: clientId,
			client_secret: clientSecret,
			assertion,
		}).toString(),
		returnFullResponse: true,
		// A 401 of this endpoint would make n8n ask it once more.
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: TIMEOUT_MS,
	};
}

function read(response: unknown, secrets: readonly string[]): Answer {
	const { body, headers, statusCode: status } = isObject(response) ? response : {};
	if (status === 200 && isObject(body) && isString(body.access_token)) {
		const { access_token: token, expires_in: seconds } = body;
		const lifetimeMs = typeof seconds === 'number' ? seconds * MS_PER_SECOND : 0;
		// It becomes a header.
		if (/^[\x21-\x7e]+$/.test(token)) return reached({ token, lifetimeMs });
	}
	const serverMs = Date.parse(isObject(headers) ? String(headers.date) : '');
	return {
		ok: false,
		noReply: quoted(refusalIn(status, body), secrets),
		...(!Number.isNaN(serverMs) && { serverMs }),
	};
}

function quoted(noReply: NoReply, secrets: readonly string[]): NoReply {
	if (!('said' in noReply) || noReply.said === undefined) return noReply;
	return { ...noReply, said: quotable(noReply.said, secrets) ?? '' };
}
