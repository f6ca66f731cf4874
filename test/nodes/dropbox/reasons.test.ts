/** What Dropbox, its token endpoint and what stands between can answer: code, words and remedy of each. */
import type { FaultAction } from '../../cloud';
import { memberAccount, teamFolder } from '../../cloud/dropbox';
import type { NodeRun } from '../../support/rig';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { file, jsonOf as itemsOf, upload } from '../upload/uploads';
import type { Expected } from '../refusals';
import { expectRefused } from '../refusals';
import { answering, answeringHtml } from './replies';
import type { ErrorJson } from './uploads';
import { errorsOf } from './uploads';

const START = 'files/upload_session/start';
const GET = 'sharing/get_file_metadata';
const CREATE_LINK = 'sharing/create_shared_link_with_settings';
const LIST_LINKS = 'sharing/list_shared_links';
const TOKEN = 'oauth2/token';

const rig = useRig({ pace: SHORT_WAITS });
const settings = () => rig().cloud.dropbox.settings;

afterEach(() => {
	Object.assign(settings(), { appScopes: undefined, isAppDisabled: false, isAppFolderApp: false });
});

const start: NodeRun = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: '' },
};
const get: NodeRun = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '/a.txt' },
};
const link: NodeRun = { ...get, operation: 'getLink' };

async function refusedWith(
	run: NodeRun,
	route: string,
	expected: Expected,
	options: NodeRun['options'] = {},
): Promise<ErrorJson> {
	const result = await rig().dropbox({
		...run,
		options: { root: 'home', maxRetries: 0, ...options },
		onError: 'continueRegularOutput',
	});
	const [error] = errorsOf(result);
	return expectRefused(rig(), error, route, expected);
}

/** What somebody has set at Dropbox, or wrong in the credential. */
describe('Dropbox itself refuses', () => {
	test.each<[string, () => unknown, NodeRun, string, Expected]>([
		[
			'an app without the permission, in plain text',
			() => (settings().appScopes = ['account_info.read']),
			start,
			START,
			{
				path: 'auth/app_lacks_scope',
				message: 'The Dropbox app lacks a permission that this needs',
				says: /App Console, open the app > Permissions, select files\.content\.write, and choose Submit\. Then connect/,
			},
		],
		[
			'a sign-in that is older than the permission',
			() => rig().connectDropbox({ scopes: ['files.content.write'] }),
			get,
			GET,
			{
				path: 'missing_scope',
				message: 'The Dropbox app lacks a permission that this needs',
				says: /Permissions, select sharing\.read, and choose Submit\. Then connect/,
			},
		],
		[
			'the token of a team without a member',
			() => rig().connectDropbox({ kind: 'team', accountId: memberAccount.accountId }),
			start,
			START,
			{
				path: 'auth/team_token',
				message: 'The credential is for a whole team, and no team member is selected',
				says: /add 'Act as Team Member' and choose the member/,
			},
		],
		[
			'what is no token',
			() =>
				rig().connectDropbox({ data: { oauthTokenData: { access_token: 'an-app-secret-maybe' } } }),
			start,
			START,
			{
				path: 'auth/malformed_token',
				message: 'The credential has no Dropbox access token',
				says: /Open the credential and connect it again\./,
			},
		],
		[
			'an app with a folder of its own that asks about sharing',
			() => (settings().isAppFolderApp = true),
			get,
			GET,
			{
				path: 'auth/app_folder_app',
				message: "An app with App Folder access can't do this in Dropbox",
				says: /create an app with the access type Full Dropbox/,
			},
		],
		[
			'a disabled app',
			() => (settings().isAppDisabled = true),
			start,
			START,
			{ path: 'auth/app_disabled', message: 'The Dropbox app is disabled', says: /enable it/ },
		],
	])('%s', async (_what, arrange, run, route, expected) => {
		await arrange();
		await refusedWith(run, route, expected);
	});

	it('an app in development that has enough users', async () => {
		const body =
			"This app has reached its user limit. Contact the app developer and ask them to use the Dropbox API App Console to increase their app's user limit.";
		rig().cloud.faults.add({ route: START, action: { kind: 'reply', status: 400, body } });
		await refusedWith(start, START, {
			path: 'auth/user_limit',
			message: /in development/,
			says: /Settings, and choose Enable additional users, or Apply for production/,
		});
	});

	it('anything else: the text of Dropbox is quoted, but for secrets, and not all of it', async () => {
		const body = `Error in call to API function "${START}": request body: x: bad\n\0 field client_secret=hunter22 ${'y'.repeat(100_000)}`;
		rig().cloud.faults.add({ route: START, action: { kind: 'reply', status: 400, body } });
		const { description } = await refusedWith(start, START, {
			path: 'http/400',
			message: "Dropbox didn't accept the request",
			says: /Correct the field that Dropbox names below.* Dropbox said: Error in call .* x: bad/,
		});
		expect(description).not.toContain('hunter22');
	});

	it.each([
		[
			'automatic',
			/Set 'App Access Type' to App Folder in the credential/,
			/Root.{0,5} to Automatic/,
		],
		['namespaceId', /Set 'Paths Begin In' to Automatic/, /App Access Type/],
	])('the root of an app folder, with Root at %s', async (root, says, never) => {
		settings().isAppFolderApp = true;
		const options = { root, ...(root === 'namespaceId' && { namespaceId: '123' }) };
		const { description } = await refusedWith(
			start,
			START,
			{ path: 'no_permission', message: /root/, says },
			options,
		);
		expect(description).not.toMatch(never);
	});

	it('a file at the top of a team space', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const paths = ['/report.pdf', `/${teamFolder.name}/report.pdf`];
		rig().cloud.faults.add({
			route: 'files/upload_session/finish_batch_v2',
			action: answering({
				entries: paths.map(() => ({
					'.tag': 'failure',
					failure: { '.tag': 'path', path: { '.tag': 'no_write_permission' } },
				})),
			}),
		});
		const result = await upload(rig(), {
			path: '={{ $json.path }}',
			items: paths.map((path) => ({ ...file('report.pdf', path), json: { path } })),
			onError: 'continueRegularOutput',
		});
		const [top, inFolder] = errorsOf(result);
		expect(top).toMatchObject({
			path: 'path/no_write_permission',
			message: "Files can't be stored at the top level of a team space",
		});
		expect(top!.description).toMatch(
			/Set 'Paths Begin In' to My Folder .* Or begin the path with a team/,
		);
		expect(top!.description).not.toContain('owner of the folder');
		expect(inFolder!.description).toContain('Ask the owner of the folder');
	});
});

describe('a link that cannot be made', () => {
	const exists = (metadata?: object) => ({
		error_summary: 'shared_link_already_exists/..',
		error: {
			'.tag': 'shared_link_already_exists',
			...(metadata && { shared_link_already_exists: { '.tag': 'metadata', metadata } }),
		},
	});
	const settingsError = (tag: string) => ({
		error: { '.tag': 'settings_error', settings_error: { '.tag': tag } },
	});
	const pathOf = (tag: string) => ({ error: { '.tag': tag } });

	test.each<[string, object, string, RegExp]>([
		[
			'shared_link_already_exists',
			exists(),
			'already has a shared link',
			/Copy the link at dropbox/,
		],
		[
			'shared_link_already_exists/metadata',
			exists({ url: 7 }),
			'already has a shared link',
			/Copy the link at dropbox/,
		],
		[
			'settings_error/not_authorized',
			settingsError('not_authorized'),
			"doesn't allow these shared link settings",
			/Remove the expiry, the password and the audience/,
		],
		[
			'settings_error/invalid_settings',
			settingsError('invalid_settings'),
			"doesn't accept the settings",
			/Set an expiry in the future/,
		],
		['email_not_verified', pathOf('email_not_verified'), "isn't verified", /Settings > General/],
		['access_denied', pathOf('access_denied'), "can't create a link", /Ask the owner/],
		['banned_member', pathOf('banned_member'), 'has stopped sharing', /dropbox\.com\/support/],
		['too_many_shared_folders', pathOf('too_many_shared_folders'), 'too many', /Leave or unshare/],
	])('%s', async (path, answer, message, says) => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		rig().cloud.faults.add({ route: CREATE_LINK, action: answering(answer, 409) });
		await refusedWith(link, CREATE_LINK, { path, message: new RegExp(message), says });
		expect(rig().calls(LIST_LINKS)).toHaveLength(path.startsWith('shared_link_already') ? 1 : 0);
	});
});

describe('something between n8n and Dropbox', () => {
	const said = 'Something between n8n and Dropbox sent the response';
	const text = (status: number): FaultAction => ({
		kind: 'reply',
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8' },
		body: 'Blocked by the web filter',
	});
	test.each<[number, FaultAction, string, boolean, RegExp]>([
		[400, answeringHtml(400, 'Web filter'), said, false, /Check the proxy.*Reason: Web filter/],
		[403, answeringHtml(403, 'Web filter'), said, false, /api\.dropboxapi\.com and content/],
		[403, text(403), said, false, /Check the proxy.*Reason: Blocked by the web filter/],
		[404, answeringHtml(404), said, false, /Check the proxy/],
		[409, answeringHtml(409), said, false, /Check the proxy/],
		[422, answeringHtml(422), said, false, /Check the proxy/],
		[429, answeringHtml(429), said, true, /Try again later/],
		[502, answeringHtml(502, 'Bad gateway'), said, true, /Try again later.*Reason: Bad gateway/],
		[511, answeringHtml(511, 'Sign in'), said, false, /sign-in of the network/],
		[
			407,
			{ kind: 'reply', status: 407, body: '' },
			'The proxy of the n8n server requires a user name and a password',
			false,
			/HTTPS_PROXY/,
		],
	])('answers %i', async (status, action, message, passes, says) => {
		rig().cloud.faults.add({ route: GET, action });
		await refusedWith(get, GET, { path: `http/${status}`, message, says, passes });
	});

	test.each([
		[403, /permissions of the app under Permissions in the Dropbox App Console/],
		[404, /proxy of the n8n server passes requests/],
		[413, /smaller 'Max Part Size'/],
		[418, /issues\./],
	])('or Dropbox without a word: %i', async (status, says) => {
		rig().cloud.faults.add({ route: GET, action: { kind: 'reply', status, body: '' } });
		await refusedWith(get, GET, {
			path: `http/${status}`,
			message: 'Dropbox refused the request',
			says,
		});
	});
});

describe('a permission that is missing', () => {
	it('is asked for once in 50 links, and no new token for it', async () => {
		const scopes = ['account_info.read', 'files.metadata.read', 'files.content.write'];
		await rig().connectDropbox({ scopes: [...scopes, 'sharing.read'] });
		const items = Array.from({ length: 50 }, (_, index) => file(`${index}.txt`, `${index}`));
		const result = await upload(rig(), { items, options: { sharedLink: true } });
		const errors = itemsOf(result).map(({ shared_link_error: error }) => error as object);
		expect(errors).toHaveLength(50);
		expect(new Set(errors.map((error) => (error as ErrorJson).path))).toEqual(
			new Set(['missing_scope']),
		);
		expect([rig().calls(CREATE_LINK).length, rig().calls(TOKEN).length]).toEqual([1, 0]);
	});

	it('is asked for once by 50 items of a single step', async () => {
		settings().appScopes = ['account_info.read'];
		const items = Array.from({ length: 50 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...link, items, onError: 'continueRegularOutput' });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			items.map(() => 'auth/app_lacks_scope'),
		);
		expect([rig().calls(CREATE_LINK).length, rig().calls(TOKEN).length]).toEqual([1, 0]);
	});

	it.each<[string, NodeRun, string]>([
		['Start Session', start, START],
		['Get Shared File Metadata', get, GET],
		[
			'Append to Session',
			{ ...start, operation: 'append', parameters: { sessionId: 'a session', offset: 0 } },
			'files/upload_session/append_v2',
		],
		['Upload Files', { resource: 'file', operation: 'upload' }, 'files/upload_session/start_batch'],
	])('is asked for once by 20 items: %s', async (_what, run, route) => {
		settings().appScopes = ['account_info.read'];
		const items = Array.from({ length: 20 }, (_, index) => file(`${index}.txt`, `${index}`));
		const result = await rig().dropbox({ ...run, items, onError: 'continueRegularOutput' });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			items.map(() => 'auth/app_lacks_scope'),
		);
		expect([rig().calls(route).length, rig().calls(TOKEN).length]).toEqual([1, 0]);
	});

	it('is another thing than a token that is too old, which is renewed', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		rig().cloud.dropbox.expireAccessTokens();
		const items = Array.from({ length: 8 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...get, items, options: { root: 'home' } });
		expect(itemsOf(result)).toHaveLength(8);
		expect(rig().calls(TOKEN)).toHaveLength(1);
		expect(
			rig()
				.calls(GET)
				.map(({ status }) => status),
		).toEqual([401, 401, ...items.map(() => 200)]);
	});
});

describe('the token endpoint', () => {
	const renewed: Partial<Expected> = {
		path: 'auth/not_renewed',
		message: "The sign-in to Dropbox couldn't be renewed right now",
		passes: true,
	};
	const huge = 'x'.repeat(5 * 1024 * 1024);
	beforeEach(() => {
		rig().cloud.dropbox.expireAccessTokens();
	});

	test.each<[string, FaultAction, RegExp]>([
		['429', { kind: 'reply', status: 429, body: '' }, /Reason: .*: HTTP 429/],
		['429 with its reason', answering({ error: 'too_many_requests' }, 429), /Try again in a few/],
		['503', { kind: 'reply', status: 503, body: '' }, /Reason: .*: HTTP 503/],
		['502 in HTML', answeringHtml(502), /Reason: .*: HTTP 502/],
		['a page with 200', answeringHtml(200, 'Welcome'), /HTTP 200\. The response said: Welcome/],
		['a page with 400', answeringHtml(400, 'Blocked'), /HTTP 400\. The response said: Blocked/],
		['a page with 403', answeringHtml(403, 'Blocked'), /let requests to api\.dropboxapi\.com/],
		['null', { kind: 'reply', status: 400, body: 'null' }, /Try again in a few minutes/],
		['JSON that is no refusal', answering({ message: 'hm' }, 404), /HTTP 404/],
	])('that answers %s is asked again, and then told', async (_what, action, says) => {
		rig().cloud.faults.add({ route: TOKEN, times: 2, action });
		const expected = { ...renewed, says, calls: 4, renewals: 2 } as Expected;
		await refusedWith(get, GET, expected, { maxRetries: 1 });
	});

	it('that was busy once costs a try and nothing else', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		rig().cloud.faults.add({ route: TOKEN, action: answeringHtml(403) });
		const result = await rig().dropbox({ ...get, options: { root: 'home' } });
		expect(itemsOf(result)).toMatchObject([{ name: 'a.txt' }]);
		expect(rig().calls(TOKEN)).toHaveLength(2);
	});

	test.each<[string, object, string, RegExp]>([
		[
			'invalid_client',
			{ error: 'invalid_client', error_description: 'Invalid client_id or client_secret' },
			"Dropbox doesn't recognize the app key or the app secret in the credential",
			/copy both .*Dropbox said: invalid_client: Invalid client_id/,
		],
		[
			'invalid_grant',
			{ error: 'invalid_grant', error_description: 'refresh token is invalid or revoked' },
			"The sign-in to Dropbox doesn't work",
			/Open the credential and connect it again\..*needs to be reconnected/,
		],
		[
			'what is new',
			{ error: 'brand_new', error_description: huge },
			"The sign-in to Dropbox doesn't work",
			/Dropbox said: brand_new: x{100}/,
		],
		[
			'a list',
			{ error: ['a'], error_description: { a: huge } },
			"The sign-in to Dropbox doesn't work",
			/./,
		],
	])('that refuses with %s is not asked again', async (_what, body, message, says) => {
		rig().cloud.faults.add({ route: TOKEN, times: Infinity, action: answering(body, 400) });
		const expected = { path: 'auth/not_connected', message, says, calls: 2, renewals: 1 };
		await refusedWith(get, GET, expected, { maxRetries: 3 });
	});

	it('that refuses is asked once by 20 items', async () => {
		rig().cloud.dropboxTokens.revokeRefreshTokens();
		const items = Array.from({ length: 20 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...get, items, onError: 'continueRegularOutput' });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			items.map(() => 'auth/not_connected'),
		);
		expect(rig().calls(TOKEN)).toHaveLength(1);
	});

	it('that echoes the secret and the tokens is quoted without them', async () => {
		const { tokens } = await rig().connectDropbox();
		rig().cloud.dropbox.expireAccessTokens();
		const [client] = rig().cloud.dropboxOAuth.clients;
		const basic = Buffer.from(`${client!.clientId}:${client!.clientSecret}`).toString('base64');
		const secrets = [client!.clientSecret, basic, tokens.accessToken, tokens.refreshToken!];
		const echo = `You sent ${secrets.join(' and ')} and ${secrets.map(encodeURIComponent).join('&')}.`;
		const answer = { error: 'invalid_client', error_description: echo };
		rig().cloud.faults.add({ route: TOKEN, times: Infinity, action: answering(answer, 401) });
		const { description } = await refusedWith(get, GET, {
			path: 'auth/not_connected',
			message: /app key/,
			says: /invalid_client: You sent … and …/,
			calls: 2,
			renewals: 1,
		});
		for (const secret of secrets) expect(description).not.toContain(secret);
	});
});
