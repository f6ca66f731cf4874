import type { KeyObject } from 'node:crypto';

import { isObject, isString, pastedObject } from '../../../shared/json';
import type { JwtOutcome } from './jwtOutcome';
import { reached, unusable } from './jwtOutcome';
import { readPrivateKey } from './privateKey';

export type JwtAlgorithm = 'RS256' | 'RS384' | 'RS512';
const ALGORITHMS: readonly JwtAlgorithm[] = ['RS256', 'RS384', 'RS512'];

/** All that an assertion is made of. */
export interface JwtSettings {
	readonly clientId: string;
	readonly clientSecret: string;
	readonly keyId: string;
	readonly key: KeyObject;
	readonly algorithm: JwtAlgorithm;
	readonly subject: { readonly type: 'enterprise' | 'user'; readonly id: string };
}

/** The app as the user has entered it, none of it checked. */
interface App {
	readonly clientId: string;
	readonly clientSecret: string;
	readonly keyId: string;
	readonly privateKey: string;
	readonly passphrase: string;
	readonly enterpriseId: string;
}

/** From the fields of the credential. */
export function readJwtSettings(
	fields: Readonly<Record<string, unknown>>,
): JwtOutcome<JwtSettings> {
	const app = fields.appSettings === 'fields' ? reached(appIn(fields)) : appOfFile(fields);
	if (!app.ok) return app;
	const { clientId, clientSecret, keyId, privateKey, passphrase, enterpriseId } = app.value;
	if ([clientId, clientSecret, keyId, privateKey].includes('')) {
		return unusable(fields.appSettings === 'fields' ? 'jwt/field_missing' : 'jwt/incomplete_file');
	}
	const isUser = fields.boxSubjectType === 'user';
	const subjectId = isUser ? textOf(fields.userId) : enterpriseId;
	if (!/^\d+$/.test(subjectId)) return unusable(isUser ? 'jwt/no_user' : 'jwt/no_enterprise');
	const key = readPrivateKey(privateKey, passphrase);
	if (!key.ok) return key;
	return reached({
		clientId,
		clientSecret,
		keyId,
		key: key.value,
		algorithm: ALGORITHMS.find((known) => known === fields.algorithm) ?? 'RS256',
		subject: { type: isUser ? 'user' : 'enterprise', id: subjectId },
	});
}

function appIn(fields: Readonly<Record<string, unknown>>): App {
	return {
		clientId: textOf(fields.clientId),
		clientSecret: textOf(fields.clientSecret),
		keyId: textOf(fields.publicKeyId),
		privateKey: textOf(fields.privateKey),
		// Blanks may belong to it.
		passphrase: isString(fields.passphrase) ? fields.passphrase : '',
		enterpriseId: textOf(fields.enterpriseId),
	};
}

/** As the Developer Console gives it: https://developer.box.com/guides/authentication/jwt/jwt-setup/ */
function appOfFile({ privateKeyFile }: Readonly<Record<string, unknown>>): JwtOutcome<App> {
	if (textOf(privateKeyFile) === '') return unusable('jwt/no_file');
	const file = pastedObject(privateKeyFile);
	if (file === undefined) return unusable('jwt/no_json');
	const { boxAppSettings: app, enterpriseID: enterpriseId } = file;
	// That of an app with client credentials has no key in it.
	if (!isObject(app) || !isObject(app.appAuth)) return unusable('jwt/other_app');
	const { passphrase, privateKey, publicKeyID } = app.appAuth;
	return reached({
		clientId: textOf(app.clientID),
		clientSecret: textOf(app.clientSecret),
		keyId: textOf(publicKeyID),
		privateKey: textOf(privateKey),
		passphrase: isString(passphrase) ? passphrase : '',
		enterpriseId: textOf(enterpriseId),
	});
}

function textOf(value: unknown): string {
	return typeof value === 'number' ? String(value) : isString(value) ? value.trim() : '';
}
