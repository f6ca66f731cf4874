import type { Explanation } from '../../../shared/catalogue';
import { forUser } from '../../../shared/catalogue';
import type { NoReply } from '../../../shared/http/types';
import { isString } from '../../../shared/json';
import { APPROVE, CONFIGURATION } from './console';

const NEW_KEY = `${CONFIGURATION} > Add and Manage Public Keys, and choose Generate a Public/Private Keypair. Paste the content of the downloaded file into 'Configuration File' of the credential.`;
const PASTE_AGAIN =
	"Open the file that Box let you download in a text editor, and copy all of it. Paste it into 'Configuration File' of the credential.";

/** What keeps a JWT app from signing in, before Box is asked or after. */
const reasons = {
	'jwt/bad_private_key': forUser(
		'The private key in the credential is damaged or too short',
		`Copy it again from its first to its last line, with BEGIN and END. If you no longer have it: ${NEW_KEY}`,
	),
	'jwt/clock': forUser(
		'The clock of the n8n server is wrong, and Box refuses the sign-in because of that',
		"Set the clock of the n8n server, best with a time service (NTP), then run this again. A second try by the time of Box's reply was refused too.",
	),
	'jwt/domain_not_allowed': forUser(
		"The credential's Allowed Domains don't include api.box.com, where Box gives tokens",
		"Add api.box.com to 'Allowed Domains' in the credential, or set 'Allowed HTTP Request Domains' to All.",
	),
	'jwt/field_missing': forUser(
		'The credential lacks a value that the sign-in needs',
		"Enter 'Client ID', 'Client Secret', 'Public Key ID' and 'Private Key' in the credential.",
	),
	'jwt/incomplete_file': forUser(
		'The configuration file in the credential lacks the app or its key',
		`${PASTE_AGAIN} If its key is empty: ${NEW_KEY}`,
	),
	'jwt/key_id': forUser(
		"Box doesn't recognize the public key ID for this app",
		`${CONFIGURATION} > Add and Manage Public Keys: copy the ID of the key there into the credential, or use the configuration file of this very app. If the key is gone: ${NEW_KEY}`,
	),
	'jwt/no_enterprise': forUser(
		'The credential has no enterprise ID to sign in for',
		"Enter the Enterprise ID that the Box Developer Console shows under General Settings, or paste a configuration file that has it as enterpriseID. To sign in for a user, set 'Act As' to User.",
	),
	'jwt/no_file': forUser("Nothing is in 'Configuration File' of the credential", PASTE_AGAIN),
	'jwt/no_json': forUser(
		"The text in 'Configuration File' of the credential isn't one whole file",
		`${PASTE_AGAIN} It begins and ends with a curly bracket, and is pasted once.`,
	),
	'jwt/no_private_key': forUser(
		"The text in the credential isn't a private key",
		"Enter the private key itself: it begins with -----BEGIN and the words PRIVATE KEY, and isn't the public key that Box has.",
	),
	'jwt/no_rsa_key': forUser(
		"The private key in the credential isn't an RSA key",
		`Use an RSA key of 2048 bits or more: Box takes no other. The easiest way: ${NEW_KEY}`,
	),
	'jwt/no_user': forUser(
		'The credential has no user ID to sign in for',
		"Enter the numeric ID of the Box user in 'User ID', or set 'Act As' to Service Account.",
	),
	'jwt/old_encryption': forUser(
		'The private key in the credential is encrypted in a way that n8n no longer supports',
		`Replace the key: ${NEW_KEY}`,
	),
	'jwt/other_app': forUser(
		"The configuration file in the credential isn't that of a JWT app",
		`${CONFIGURATION}: the app must have been created with Server Authentication (with JWT). Its file has boxAppSettings with appAuth. For an app with client credentials, choose OAuth2 for Servers at the top right when you create the credential.`,
	),
	'jwt/passphrase_missing': forUser(
		'The private key in the credential is encrypted, and its passphrase is missing',
		"Enter the passphrase in 'Passphrase' of the credential. In a configuration file it stands beside the key.",
	),
	'jwt/signature': forUser(
		"The private key in the credential doesn't belong to the public key ID",
		`Use both from the same configuration file. If you no longer have it: ${NEW_KEY}`,
	),
	'jwt/subject': forUser(
		'Box gives the app no access with the enterprise ID or user ID in the credential',
		`Check that the configuration file is of the right app and that 'Act As', 'Box Enterprise ID' and 'User ID' fit. If they do, ask a Box admin to authorize the app ${APPROVE}.`,
	),
	'jwt/used_twice': forUser(
		'Box has refused the sign-in twice because of its ID',
		'Run this again in a minute. If it happens again, check the proxy of the n8n server: it may send requests twice.',
	),
	'jwt/wrong_passphrase': forUser(
		"The passphrase in the credential doesn't open the private key",
		`Copy the passphrase again: in a configuration file it stands beside the key. If it is lost: ${NEW_KEY}`,
	),
	invalid_client: forUser(
		"Box doesn't recognize the client ID or the client secret in the credential",
		`${CONFIGURATION}, copy both into the credential and save it. Or paste the configuration file of the app again.`,
	),
	invalid_request: forUser(
		"Box doesn't let this app sign in with JWT, or not for a user",
		`${CONFIGURATION}: the app must have been created with Server Authentication (with JWT). For 'Act As' User, select "Generate user access tokens", choose App + Enterprise Access, and save. Then ask a Box admin to authorize the app again ${APPROVE}.`,
	),
	unauthorized_client: forUser(
		"The Box app isn't authorized by the admin of the enterprise",
		`Ask a Box admin to authorize the app ${APPROVE}.`,
	),
} as const satisfies Readonly<Record<string, Explanation>>;

export type JwtReason = keyof typeof reasons;

export const jwtReasons: Readonly<Record<string, Explanation>> = reasons;

const otherwise = forUser(
	"The sign-in of the Box app doesn't work",
	`Test the credential. If its values are right, ask a Box admin to authorize the app ${APPROVE}.`,
);

/**
 * What the text of an `invalid_grant` is about. In public reports:
 * "Please check the 'exp' claim." https://github.com/box/box-java-sdk/issues/404 and
 * https://github.com/cburnette/boxr/issues/69, "Current date/time MUST be before ..."
 * https://github.com/box/box-windows-sdk-v2/issues/265, 'jti' https://github.com/box/box-node-sdk/issues/138,
 * "\"kid\" invalid, unable to lookup correct key" https://github.com/rapltech/box-sdk/issues/37,
 * 'sub' https://support.box.com/hc/en-us/articles/360043691734. That of a wrong key is assumed.
 */
const SAID: ReadonlyArray<readonly [RegExp, JwtReason]> = [
	[/\b(?:exp|iat|nbf)\b|date\/time/i, 'jwt/clock'],
	[/\bjti\b/i, 'jwt/used_twice'],
	[/\bkid\b/i, 'jwt/key_id'],
	[/\bsub\b/i, 'jwt/subject'],
	[/signature|verif|public key/i, 'jwt/signature'],
];

/** Why Box gave no token; undefined for what is not about the app or the clock. */
export function jwtReason(noReply: NoReply): string | undefined {
	if (noReply.kind !== 'unauthorized') return undefined;
	const { error, said } = noReply;
	if (error !== 'invalid_grant' || !isString(said)) return error;
	return SAID.find(([text]) => text.test(said))?.[1] ?? error;
}

export function jwtTexts(error: string | undefined, said: string | undefined): Explanation {
	const reason = jwtReason({ kind: 'unauthorized', error, ...(said !== undefined && { said }) });
	return (
		(reason !== undefined && Object.hasOwn(jwtReasons, reason) ? jwtReasons[reason] : undefined) ??
		otherwise
	);
}
