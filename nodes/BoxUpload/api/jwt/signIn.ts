import { createHash } from 'node:crypto';

import { TokenRefused } from '../../../shared/http/tokenRefused';
import { readNoReply } from '../failures/read';
import type { AccessToken, Helpers } from './accessToken';
import { fetchToken } from './accessToken';
import { mayFetchToken } from './allowedDomains';
import type { JwtOutcome } from './jwtOutcome';
import { unusable } from './jwtOutcome';
import { readJwtSettings } from './settings';

type Fields = Readonly<Record<string, unknown>>;

interface Newest {
	readonly token: string;
	readonly untilMs: number;
}

const MAX_REMEMBERED = 100;

/**
 * n8n lets each request fetch a token that finds none, or finds that its own has expired. So one fetches it for
 * all that ask at the same time, and whoever comes late with the old one gets the new one. By a digest of all
 * fields: who does not have the key and the secret gets nothing out of here.
 */
const fetching = new Map<string, Promise<JwtOutcome<AccessToken>>>();
const newest = new Map<string, Newest>();

/** A token that is not the one in `fields.accessToken`. Throws TokenRefused. */
export async function signInWithJwt(helpers: Helpers, fields: Fields): Promise<string> {
	const key = keyOf(fields);
	const known = newest.get(key);
	if (known !== undefined && known.untilMs > Date.now() && known.token !== fields.accessToken) {
		return known.token;
	}
	const outcome = await (fetching.get(key) ?? fetchForAll(helpers, fields, key));
	if (outcome.ok) return outcome.value.token;
	const { noReply } = outcome;
	const { message, remedy, reason, vendorText } = readNoReply(noReply, JWT_APP);
	const said = vendorText === undefined ? '' : ` Box said: ${vendorText}`;
	const because = reason === undefined ? '' : ` Reason: ${reason}`;
	throw new TokenRefused(`${message}. ${remedy}${said}${because}`, noReply);
}

const JWT_APP = { by: 'jwt', asUser: false } as const;

async function fetchForAll(
	helpers: Helpers,
	fields: Fields,
	key: string,
): Promise<JwtOutcome<AccessToken>> {
	const fetched = fetchFor(helpers, fields).finally(() => fetching.delete(key));
	fetching.set(key, fetched);
	const outcome = await fetched;
	if (outcome.ok) remember(key, outcome.value);
	return outcome;
}

async function fetchFor(helpers: Helpers, fields: Fields): Promise<JwtOutcome<AccessToken>> {
	if (!mayFetchToken(fields)) return unusable('jwt/domain_not_allowed');
	const settings = readJwtSettings(fields);
	return settings.ok ? await fetchToken(helpers, settings.value) : settings;
}

function remember(key: string, { lifetimeMs, token }: AccessToken): void {
	newest.delete(key);
	newest.set(key, { token, untilMs: Date.now() + lifetimeMs });
	const [oldest] = newest.keys();
	if (newest.size > MAX_REMEMBERED && oldest !== undefined) newest.delete(oldest);
}

/** Of all fields but the token that n8n keeps beside them. */
function keyOf(fields: Fields): string {
	const sorted = Object.entries(fields)
		.filter(([name]) => name !== 'accessToken')
		.sort(([one], [other]) => (one < other ? -1 : 1));
	return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
