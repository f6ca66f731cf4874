/** What Box, its token endpoint and what stands between can answer: code, words and remedy of each. */
import type { IDataObject } from 'n8n-workflow';

import type { FaultAction } from '../../cloud';
import { boxAccounts } from '../../cloud/box';
import type { ItemSpec } from '../../engine/types';
import type { NodeRun } from '../../support/rig';
import { answering, answeringHtml } from '../dropbox/replies';
import type { ErrorJson } from '../dropbox/uploads';
import { errorsOf, jsonOf } from '../dropbox/uploads';
import type { Expected } from '../refusals';
import { expectRefused } from '../refusals';
import { file } from '../upload/uploads';
import { openSession, partOf, PUT_PART, step, useBox } from './steps';

const GET = 'GET /files/upload_sessions/:id';
const TOKEN = 'oauth2/token';

const rig = useBox();

const get = step('get', { parameters: { sessionId: 'ABCDEF' } });
const asEnterprise = { boxSubjectType: 'enterprise', boxSubjectId: '27335' };

type Who = 'user' | 'server';

async function run(who: Who, node: NodeRun, options: NodeRun['options'] = {}) {
	const isServer = who === 'server';
	const parameters = { ...node.parameters, ...(isServer && { authentication: 'serverOAuth2' }) };
	const request: NodeRun = {
		...node,
		parameters,
		options: { maxRetries: 0, ...options },
		onError: 'continueRegularOutput',
	};
	return isServer ? await rig().boxServer(request) : await rig().box(request);
}

async function refusedWith(
	who: Who,
	node: NodeRun,
	route: string,
	expected: Expected,
	options: NodeRun['options'] = {},
): Promise<ErrorJson> {
	const [error] = errorsOf(await run(who, node, options));
	return expectRefused(rig(), error, route, expected);
}

describe('a permission that the app lacks, in a 403 without a body', () => {
	const lacks = {
		path: 'insufficient_scope',
		message: 'The Box app lacks a permission that this needs',
	};

	test('is the one to select, and the user connects again', async () => {
		await rig().connectBox({ scopes: ['item_preview'] });
		await refusedWith('user', get, GET, {
			...lacks,
			says: /Developer Console, open the app > Configuration. Select "Write all files and folders stored in Box", save, and connect the credential again\..* Box said: The request requires higher privileges/,
		});
	});

	const challenge: FaultAction = {
		kind: 'reply',
		status: 403,
		headers: {
			'www-authenticate':
				'Bearer realm="Service", error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token."',
		},
		body: '',
	};

	test.each([
		[
			'',
			/Enterprise Access, and save\. Then ask a Box admin to authorize the app again in the Admin/,
		],
		[boxAccounts.colleague.id, /and "Make API calls using the as-user header", choose App \+/],
	])('is for an admin where a server asks; Act as User "%s"', async (asUser, says) => {
		await rig().connectBoxServer(asEnterprise);
		rig().cloud.faults.add({ route: GET, action: challenge });
		const expected = { ...lacks, says, renewals: 1 };
		const error = await refusedWith('server', get, GET, expected, { asUser });
		expect(error.description).not.toContain('connect');
	});

	const upload: NodeRun = { resource: 'file', operation: 'upload' };
	const json = () => ({ json: {} });
	const fileOf = (index: number) => file(`${index}.txt`, `${index}`);
	test.each<[string, NodeRun, string, (index: number) => ItemSpec, (json: IDataObject) => unknown]>(
		[
			['Get', get, GET, json, ({ error }) => error],
			['Create', step('create'), 'POST /files/upload_sessions', fileOf, ({ error }) => error],
			['Upload File', upload, 'POST /files/content', fileOf, ({ error }) => error],
			[
				'the links of Upload File',
				{ ...upload, options: { sharedLink: true } },
				'PUT /files/:id',
				fileOf,
				({ shared_link_error: error }) => error,
			],
		],
	)('is asked for once by 20 items: %s', async (_what, node, route, itemOf, errorOf) => {
		rig().cloud.faults.add({ route, times: Infinity, action: challenge });
		const items = Array.from({ length: 20 }, (_, index) => itemOf(index));
		const result = await run('user', { ...node, items }, node.options);
		const errors = jsonOf(result).map((one) => errorOf(one) as ErrorJson);
		expect(errors.map(({ path }) => path)).toEqual(items.map(() => 'insufficient_scope'));
		expect([rig().calls(route).length, rig().calls(TOKEN).length]).toEqual([1, 0]);
	});

	test('is no reason to wait for more than the first answer', async () => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: GET, action: { kind: 'reply', status: 503 } });
		const items = Array.from({ length: 4 }, json);
		const all = step('get', { items, parameters: { sessionId } });
		const result = await run('user', all, { maxRetries: 1 });
		expect(jsonOf(result).map(({ error }) => error)).toEqual(items.map(() => undefined));
		// The others were through before the first one was tried again.
		expect(
			rig()
				.calls(GET)
				.map(({ status }) => status),
		).toEqual([503, 200, 200, 200, 200]);
	});

	test('that only one folder lacks is asked for each', async () => {
		rig().cloud.faults.add({
			route: GET,
			times: 8,
			action: answering({ code: 'access_denied_insufficient_permissions' }, 403),
		});
		const items = Array.from({ length: 8 }, () => ({ json: {} }));
		await run('user', { ...get, items });
		expect(rig().calls(GET)).toHaveLength(8);
	});
});

test.each(['', '{"code":"precondition_failed"}'])(
	'412 for a part is about the session, not about a file that has changed: "%s"',
	async (body) => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: PUT_PART, action: { kind: 'reply', status: 412, body } });
		await refusedWith('user', partOf(sessionId), PUT_PART, {
			path: body === '' ? 'http/412' : 'precondition_failed',
			message: 'Box no longer accepts this part for the upload session',
			says: /^Send the file again in a new upload session/,
		});
	},
);

describe('something between n8n and Box', () => {
	const said = 'Something between n8n and Box sent the response';
	const text = (status: number): FaultAction => ({
		kind: 'reply',
		status,
		headers: { 'content-type': 'text/plain' },
		body: 'Blocked by the web filter',
	});
	test.each<[number, FaultAction, string, boolean, RegExp]>([
		[400, answeringHtml(400, 'Web filter'), said, false, /Check the proxy.*Reason: Web filter/],
		[403, answeringHtml(403, 'Web filter'), said, false, /api\.box\.com and upload\.box\.com/],
		[403, text(403), said, false, /Check the proxy.*Reason: Blocked by the web filter/],
		[404, answeringHtml(404), said, false, /Check the proxy/],
		[409, answeringHtml(409), said, false, /Check the proxy/],
		[412, answeringHtml(412), said, false, /Check the proxy/],
		[429, answeringHtml(429), said, true, /Try again later/],
		[503, answeringHtml(503, 'Down'), said, true, /Try again later.*Reason: Down/],
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
		await refusedWith('user', get, GET, { path: `http/${status}`, message, says, passes });
	});

	test.each([
		[
			'http/403',
			403,
			'',
			/permissions of the app under Configuration in the Box Developer Console/,
		],
		['http/405', 405, '', /proxy of the n8n server passes requests/],
		['http/418', 418, '', /issues\./],
		[
			'brand_new',
			400,
			'{"code":"brand_new","message":"Not today"}',
			/issues\..* Box said: Not today/,
		],
		[
			'bad_request',
			400,
			'{"code":"bad_request","message":"Bad","context_info":{"errors":[{"name":"folder_id"}]}}',
			/Correct the field that Box names below.*folder_id/,
		],
	])('or Box with few words: %s', async (path, status, body, says) => {
		rig().cloud.faults.add({
			route: GET,
			action: { kind: 'reply', status, headers: { 'content-type': 'application/json' }, body },
		});
		await refusedWith('user', get, GET, { path, message: /^Box /, says });
	});
});

/** A first token of a server, a renewal of a server's, and one of a user's. */
const SIGN_INS: ReadonlyArray<readonly [string, Who, calls: number, () => Promise<void>]> = [
	[
		'for the first token of a server',
		'server',
		0,
		async () => void (await rig().connectBoxServer(asEnterprise)),
	],
	[
		'for a new token of a server',
		'server',
		1,
		async () => {
			await rig().connectBoxServer(asEnterprise);
			await run('server', step('get', { parameters: { sessionId: 'ABC' } }));
			rig().cloud.boxTokens.expireAll();
			rig().cloud.reset();
		},
	],
	['for a new token of a user', 'user', 1, async () => rig().cloud.boxTokens.expireAll()],
];

describe.each(SIGN_INS)('the token endpoint, asked %s,', (_what, who, calls, arrange) => {
	beforeEach(arrange);

	test.each<[string, FaultAction, RegExp]>([
		['429', { kind: 'reply', status: 429, body: '' }, /Reason: .*: HTTP 429/],
		['500', { kind: 'reply', status: 500, body: '' }, /Reason: .*: HTTP 500/],
		['503 in HTML', answeringHtml(503), /Reason: .*: HTTP 503/],
		['a page with 200', answeringHtml(200, 'Welcome'), /HTTP 200\. The response said: Welcome/],
		['a page with 400', answeringHtml(400, 'Blocked'), /HTTP 400\. The response said: Blocked/],
		['a page with 403', answeringHtml(403, 'Blocked'), /let requests to api\.box\.com/],
	])('that answers %s is asked again, and then told', async (_case, action, says) => {
		rig().cloud.faults.add({ route: TOKEN, times: 2, action });
		const expected = {
			path: 'auth/not_renewed',
			message: "The sign-in to Box couldn't be renewed right now",
			says,
			passes: true,
			calls: 2 * calls,
			renewals: 2,
		};
		await refusedWith(who, get, GET, expected, { maxRetries: 1 });
	});

	test('that was busy once costs a try and nothing else', async () => {
		rig().cloud.faults.add({ route: TOKEN, action: answeringHtml(403) });
		const sessionId = await openSession(rig(), 'text', { name: 'report.txt' });
		await run(who, step('get', { parameters: { sessionId } }), { maxRetries: 1 });
		expect(
			rig()
				.calls(TOKEN)
				.map(({ status }) => status),
		).toEqual([403, 200]);
	});

	const user = who === 'user';
	test.each<[string, string, string | RegExp, RegExp]>([
		[
			'unauthorized_client',
			'This app is not authorized by the enterprise admin',
			user ? /isn't approved/ : "The Box app isn't authorized by the admin of the enterprise",
			/Ask a Box admin to (?:approve|authorize) the app in the Admin Console under Integrations > Platform Apps Manager.*unauthorized_client: This app is not authorized/,
		],
		[
			'invalid_client',
			'The client credentials are invalid',
			"Box doesn't recognize the client ID or the client secret in the credential",
			/Configuration, copy both into the credential.*invalid_client: The client credentials/,
		],
		[
			'invalid_grant',
			'Grant credentials are invalid',
			user
				? "The sign-in to Box doesn't work"
				: "Box doesn't give the app access with the ID in the credential",
			user ? /connect it again/ : /Check 'Act As' and 'Enterprise or User ID' in the credential/,
		],
		[
			'invalid_request',
			'The grant type is unauthorized for this client_id',
			user ? /doesn't allow users to sign in/ : /doesn't allow this app to sign in/,
			user ? /created with OAuth 2\.0/ : /Server Authentication \(Client Credentials Grant\)/,
		],
		[
			'brand_new',
			'x'.repeat(5 * 1024 * 1024),
			/The sign-in (?:to Box|of the Box app) doesn't work/,
			user ? /connect it again/ : /Check the client ID, the client secret, 'Act As'/,
		],
	])('that refuses with %s is not asked again', async (error, said, message, says) => {
		const body = { error, error_description: said };
		rig().cloud.faults.add({ route: TOKEN, times: Infinity, action: answering(body, 400) });
		const expected = { path: 'auth/not_connected', message, says, calls, renewals: 1 };
		const { description } = await refusedWith(who, get, GET, expected, { maxRetries: 3 });
		if (!user) expect(description).not.toMatch(/connect it|reconnect/);
	});

	test('that echoes the secret is quoted without it', async () => {
		const [client] = rig().cloud.boxOAuth.clients;
		const echo = `secret ${client!.clientSecret} of ${client!.clientId}, client_secret=${client!.clientSecret}`;
		const body = { error: 'unauthorized_client', error_description: echo };
		rig().cloud.faults.add({ route: TOKEN, times: Infinity, action: answering(body, 400) });
		const expected = {
			path: 'auth/not_connected',
			message: /Box app/,
			says: /unauthorized_client: secret … of test-app/,
			calls,
			renewals: 1,
		};
		const { description } = await refusedWith(who, get, GET, expected);
		expect(description).not.toContain(client!.clientSecret);
	});
});

test('an app that no admin has authorized yet is told by Box itself', async () => {
	rig().cloud.boxOAuth.isApproved = false;
	try {
		await rig().connectBoxServer(asEnterprise);
		await refusedWith('server', get, GET, {
			path: 'auth/not_connected',
			message: "The Box app isn't authorized by the admin of the enterprise",
			says: /Box said: unauthorized_client: This app is not authorized by the enterprise admin/,
			calls: 0,
			renewals: 1,
		});
	} finally {
		rig().cloud.boxOAuth.isApproved = true;
	}
});

test('an Enterprise ID that is not that of the app is told by Box itself', async () => {
	await rig().connectBoxServer({ ...asEnterprise, boxSubjectId: '99999' });
	await refusedWith('server', get, GET, {
		path: 'auth/not_connected',
		message: "Box doesn't give the app access with the ID in the credential",
		says: /Box said: invalid_grant: Grant credentials are invalid/,
		calls: 0,
		renewals: 1,
	});
});

test('a server whose new token is refused, too, is for an admin', async () => {
	await rig().connectBoxServer(asEnterprise);
	rig().cloud.faults.add({
		route: GET,
		times: Infinity,
		action: { kind: 'reply', status: 401, body: '' },
	});
	await refusedWith('server', get, GET, {
		path: 'http/401',
		message: "Box no longer accepts the app's sign-in",
		says: /Ask a Box admin to authorize the app again/,
		calls: 2,
		renewals: 2,
	});
});
