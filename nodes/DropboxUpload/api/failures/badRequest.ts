import type { Explanation } from '../../../shared/catalogue';
import { forUser, wrongInput } from '../../../shared/catalogue';
import type { Failure } from '../../../shared/failure';
import type { HttpReply } from '../../../shared/http/types';
import { ISSUES } from '../../../shared/issues';
import { quotable } from '../../../shared/json';

const TO_APP = 'In the Dropbox App Console, open the app';

/** Asked for only with Team Members turned on in the credential. */
const OF_TEAM = new Set(['members.read', 'team_data.member']);

/** `scope`: such as `files.content.write`; absent where Dropbox does not name it. */
export function tickScope(scope = 'the permission that Dropbox names below'): string {
	const turnOn = OF_TEAM.has(scope)
		? "turn on 'Team Members' in the credential and connect it"
		: 'connect the credential';
	return `${TO_APP} > Permissions, select ${scope}, and choose Submit. Then ${turnOn} again.`;
}

export const UNKNOWN_FUNCTION = 'http/unknown_function';

/**
 * What Dropbox's 400 says: its body is plain text, with no code in it.
 * https://www.dropbox.com/developers/documentation/http/documentation#error-handling
 */
export const badRequestReasons: ReadonlyArray<{
	readonly said: RegExp;
	readonly code: string;
	readonly explanation: Explanation;
}> = [
	{
		// "Your app is not permitted to access this endpoint because it does not have the required scope
		// 'files.content.write'. The owner of the app can enable the scope for the app using the Permissions
		// tab on the App Console." https://github.com/activepieces/activepieces/issues/3936
		said: /does not have the required scope/i,
		code: 'auth/app_lacks_scope',
		explanation: forUser('The Dropbox app lacks a permission that this needs', tickScope()),
	},
	{
		// "This API function operates on a single Dropbox account, but the OAuth 2 access token you provided is
		// for an entire Dropbox Business team." https://github.com/watermint/toolbox/issues/18
		said: /operates on a single Dropbox account/i,
		code: 'auth/team_token',
		explanation: wrongInput(
			'The credential is for a whole team, and no team member is selected',
			"In Options, add 'Act as Team Member' and choose the member whose files to use.",
		),
	},
	{
		// "Your app is only permitted to access single-user APIs ...": assumed.
		said: /single-user APIs|requires "team" access/i,
		code: 'auth/user_token',
		explanation: wrongInput(
			'The credential is for one user, not for a team',
			"Open the credential, turn on 'Team Members', and connect it again as a team admin. Or remove 'Act as Team Member' and 'Act as Team Admin' in Options.",
		),
	},
	{
		// "The given OAuth 2 access token is malformed." https://github.com/dropbox/dropbox-sdk-python/issues/100;
		// "Invalid authorization value in HTTP header" https://github.com/Jesus/dropbox_api/issues/90
		said: /access token is malformed|Invalid authorization value/i,
		code: 'auth/malformed_token',
		explanation: forUser(
			'The credential has no Dropbox access token',
			'Open the credential and connect it again.',
		),
	},
	{
		// "Your API app is an "App Folder" app. It is not allowed to access this API function."
		// https://github.com/dropbox/dropbox-sdk-java/issues/34
		said: /"App folder" app/i,
		code: 'auth/app_folder_app',
		explanation: forUser(
			"An app with App Folder access can't do this in Dropbox",
			"In the Dropbox App Console, create an app with the access type Full Dropbox, as the type can't be changed. Enter its key and secret in the credential, set 'App Access Type' to Full Dropbox, and connect it.",
		),
	},
	{
		// "This app has reached its user limit. Contact the app developer and ask them to use the Dropbox API App
		// Console to increase their app's user limit." https://github.com/laurent22/joplin/issues/860 (at the sign-in)
		said: /reached its user limit/i,
		code: 'auth/user_limit',
		explanation: forUser(
			'The Dropbox app is in development and has reached its user limit',
			`${TO_APP} > Settings, and choose Enable additional users, or Apply for production. Then connect the credential again.`,
		),
	},
	{
		// "This app is currently disabled.": assumed.
		said: /app is (?:currently )?disabled/i,
		code: 'auth/app_disabled',
		explanation: forUser(
			'The Dropbox app is disabled',
			`${TO_APP}, and enable it under Settings. If Dropbox has disabled it, ask Dropbox support.`,
		),
	},
	{
		// 'Error in call to API function "files/get_metadata": Unknown API function: /2/files/get_metadata', for half an
		// hour on 2022-11-24: https://github.com/orgzly/orgzly-android/issues/1011, https://github.com/samschott/maestral/issues/754
		said: /Unknown API function/i,
		code: UNKNOWN_FUNCTION,
		explanation: forUser(
			'Dropbox no longer has a function that this node uses',
			`Update this package. If this is the newest version, report it: ${ISSUES}.`,
		),
	},
];

const mistake = wrongInput(
	"Dropbox didn't accept the request",
	'Correct the field that Dropbox names below. If it names none, check the path, the ID and the dates of this item.',
);

export function badRequest(text: string): readonly [path: string, Explanation] {
	const head = text.slice(0, 2_000);
	const known = badRequestReasons.find(({ said }) => said.test(head));
	if (known === undefined) return ['http/400', mistake];
	const scope = /required scope '([^']+)'/.exec(head)?.[1] ?? '';
	const remedy = SCOPE.test(scope) ? tickScope(scope) : known.explanation.remedy;
	return [known.code, { ...known.explanation, remedy }];
}

const SCOPE = /^[a-z_]{1,30}(?:\.[a-z_]{1,30}){1,3}$/;

/** For the scope of a token: what an app may do is not what an older sign-in may do. */
export function neededScope(scope: string): Partial<Failure> {
	const isPlain = SCOPE.test(scope);
	return {
		vendorText: quotable(`Permission needed: ${scope}`),
		...(isPlain && { remedy: tickScope(scope) }),
	};
}

/** Dropbox's own plain text, as against that of a proxy. */
export function isOfDropbox({ status, text }: HttpReply): boolean {
	if (status !== 400 || /^\s*</.test(text)) return false;
	return text.startsWith('Error in call to API function') || badRequest(text)[0] !== 'http/400';
}
