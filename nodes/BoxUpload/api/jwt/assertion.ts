import { randomUUID, sign } from 'node:crypto';

import type { JwtAlgorithm, JwtSettings } from './settings';

export const TOKEN_URL = 'https://api.box.com/oauth2/token';

/** Box takes 60 seconds at most. Half of it leaves as much for a clock that is off, either way. */
const LIFETIME_SECONDS = 30;

const DIGESTS: Readonly<Record<JwtAlgorithm, string>> = {
	RS256: 'sha256',
	RS384: 'sha384',
	RS512: 'sha512',
};

/**
 * A signed JSON Web Token that Box takes once: https://developer.box.com/guides/authentication/jwt/without-sdk/.
 * Throws where the key is too short for the algorithm.
 */
export function assertionAt(nowMs: number, settings: JwtSettings): string {
	const { algorithm, clientId, key, keyId, subject } = settings;
	const header = { alg: algorithm, typ: 'JWT', kid: keyId };
	const claims = {
		iss: clientId,
		sub: subject.id,
		box_sub_type: subject.type,
		aud: TOKEN_URL,
		jti: randomUUID(),
		exp: Math.floor(nowMs / 1_000) + LIFETIME_SECONDS,
	};
	const content = `${encoded(header)}.${encoded(claims)}`;
	return `${content}.${sign(DIGESTS[algorithm], Buffer.from(content), key).toString('base64url')}`;
}

function encoded(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString('base64url');
}
