import type { Explanation } from '../../../shared/catalogue';
import { forUser } from '../../../shared/catalogue';
import type { SignInTexts } from '../../../shared/http/noReply';
import { APPROVE, CONFIGURATION } from './console';
import { jwtTexts } from './jwt';

/**
 * Who asks Box: a user who has signed in, or the app itself (by client credentials or JWT), with Act as User in
 * somebody's name.
 */
export interface SignedIn {
	readonly by: 'user' | 'app' | 'jwt';
	readonly asUser: boolean;
}

export const AS_USER: SignedIn = { by: 'user', asUser: false };

/**
 * The errors of Box's token endpoint, with what they mean for each kind of sign-in:
 * https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ (400),
 * https://developer.box.com/guides/authorization/platform-app-approval/. In public reports, for example:
 * `unauthorized_client` "This app is not authorized by the enterprise admin" https://github.com/box/boxcli/issues/154,
 * `invalid_grant` "Grant credentials are invalid" https://github.com/box/box-python-sdk-gen/issues/220,
 * "The grant type is unauthorized for this client_id" https://github.com/golchha21/BoxPHPAPI/issues/33.
 */
const userSignIn: Readonly<Record<string, Explanation>> = {
	invalid_client: forUser(
		"Box doesn't recognize the client ID or the client secret in the credential",
		`${CONFIGURATION}, copy both into the credential, then connect it again.`,
	),
	invalid_request: forUser(
		"Box doesn't allow users to sign in with this app",
		`${CONFIGURATION}: the app must have been created with OAuth 2.0 (user authentication). For a server app, choose JWT or OAuth2 for Servers at the top right when you create the credential.`,
	),
	unauthorized_client: forUser(
		"The Box app isn't approved for this enterprise",
		`Ask a Box admin to approve the app ${APPROVE}. Then connect the credential again.`,
	),
};

const appSignIn: Readonly<Record<string, Explanation>> = {
	invalid_client: forUser(
		"Box doesn't recognize the client ID or the client secret in the credential",
		`${CONFIGURATION}, copy both into the credential and save it.`,
	),
	invalid_grant: forUser(
		"Box doesn't give the app access with the ID in the credential",
		`Check 'Act As' and 'Enterprise or User ID' in the credential. The Box Developer Console shows the Enterprise ID under General Settings. Or ask a Box admin to authorize the app again ${APPROVE}.`,
	),
	invalid_request: forUser(
		"Box doesn't allow this app to sign in without a user",
		`${CONFIGURATION}: the app must have been created with Server Authentication (Client Credentials Grant). For 'Act As' User it also needs "Generate user access tokens". For an app with a key, choose JWT at the top right when you create the credential.`,
	),
	unauthorized_client: forUser(
		"The Box app isn't authorized by the admin of the enterprise",
		`Ask a Box admin to authorize the app ${APPROVE}. For 'Act As' User the app also needs "Generate user access tokens" in the Box Developer Console.`,
	),
};

const appSignInFails = forUser(
	"The sign-in of the Box app doesn't work",
	`Check the client ID, the client secret, 'Act As' and 'Enterprise or User ID' in the credential. If all are right, ask a Box admin to authorize the app ${APPROVE}.`,
);
const userSignInFails = forUser(
	"The sign-in to Box doesn't work",
	'Open the credential and connect it again.',
);

export function signInTexts({ by }: SignedIn): SignInTexts {
	if (by === 'jwt') return jwtTexts;
	const [table, otherwise] =
		by === 'app' ? [appSignIn, appSignInFails] : [userSignIn, userSignInFails];
	return (error) =>
		(error !== undefined && Object.hasOwn(table, error) ? table[error] : undefined) ?? otherwise;
}

/** A 401 that a new token did not mend. */
export const appRefused = forUser(
	"Box no longer accepts the app's sign-in",
	`Ask a Box admin to authorize the app again ${APPROVE}. Check that the app is enabled in the Box Developer Console.`,
);

const LACKS_SCOPE = 'The Box app lacks a permission that this needs';
const TICK = `${CONFIGURATION}. Select "Write all files and folders stored in Box"`;

/**
 * https://developer.box.com/guides/api-calls/permissions-and-errors/scopes/. New permissions of an app count once it
 * is authorized again, and only with App + Enterprise Access outside of its own account:
 * https://github.com/box/box-windows-sdk-v2/issues/860.
 */
export function scopeToTick({ by, asUser }: SignedIn = AS_USER): Explanation {
	if (by === 'user') {
		return forUser(LACKS_SCOPE, `${TICK}, save, and connect the credential again.`);
	}
	return asUser
		? forUser(
				LACKS_SCOPE,
				`${TICK} and "Make API calls using the as-user header", choose App + Enterprise Access, and save. Then ask a Box admin to authorize the app again ${APPROVE}.`,
			)
		: forUser(
				LACKS_SCOPE,
				`${TICK}, choose App + Enterprise Access, and save. Then ask a Box admin to authorize the app again ${APPROVE}.`,
			);
}
