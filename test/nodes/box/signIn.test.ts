/** Tokens that expire, and whose account a call is for. */
import type { IDataObject } from 'n8n-workflow';

import { ERRORS_PAGE } from '../../../nodes/shared/issues';
import { boxAccounts } from '../../cloud/box';
import {
	callsOf,
	COMMIT,
	commitOf,
	failureOf,
	fileItem,
	filledSession,
	jsonOf,
	onlyJson,
	openSession,
	PUT_PART,
	partOf,
	step,
	text,
	uploadParts,
	useBox,
} from './steps';

const rig = useBox();
const CREATE = 'POST /files/upload_sessions';
const TOKEN = 'oauth2/token';
const create = (options = {}) => step('create', { items: [fileItem(text)], options });
const owners = () =>
	rig()
		.cloud.box.sessions()
		.map(({ userId }) => userId);
const tokenCalls = () => rig().cloud.log.filter(({ route }) => route === TOKEN);

describe('an access token that has expired', () => {
	test('is renewed, and the new refresh token is kept, as each works once', async () => {
		const { credentialId, tokens } = await rig().connectBox();
		for (let round = 0; round < 3; round++) {
			rig().cloud.boxTokens.expireAll();
			onlyJson(await rig().box(create()));
		}
		expect(tokenCalls().map(({ status }) => status)).toEqual([200, 200, 200]);
		const { data } = await rig().engine.getCredential(credentialId);
		const kept = data.oauthTokenData as IDataObject;
		expect(kept.refresh_token).toMatch(/^\w{64}$/);
		expect(kept.refresh_token).not.toBe(tokens.refreshToken);
	});

	test('is renewed once for all items that meet it at the same time', async () => {
		// The first goes alone. All others are under way with its token before one of them is answered.
		rig().cloud.faults.add({
			route: CREATE,
			skip: 1,
			times: 4,
			action: { kind: 'delay', delayMs: 200 },
			onStrike: () => {
				if (tokenCalls().length === 0) rig().cloud.boxTokens.expireAll();
			},
		});
		const items = Array.from({ length: 5 }, (_, index) => fileItem(text, { name: `${index}.txt` }));
		const parameters = { fileName: '={{ $json.name }}' };
		jsonOf(await rig().box(step('create', { items, parameters })));
		const refused = rig().cloud.log.filter(({ status }) => status === 401);
		expect(refused).toHaveLength(4);
		expect(tokenCalls()).toHaveLength(1);
		expect(rig().cloud.box.sessions()).toHaveLength(5);
	});

	test('is renewed once for two executions at the same time', async () => {
		rig().cloud.boxTokens.expireAll();
		rig().cloud.faults.add({ route: CREATE, times: 2, action: { kind: 'delay', delayMs: 200 } });
		const results = await Promise.all([rig().box(create()), rig().box(create())]);
		expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(tokenCalls()).toHaveLength(1);
	});

	test('in the middle of a session costs no byte of it', async () => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: PUT_PART, skip: 1, action: { kind: 'expireToken' } });
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'expireToken' } });
		jsonOf(await rig().box(uploadParts(sessionId)));
		onlyJson(await rig().box(commitOf(sessionId)));
		expect(rig().cloud.box.files()).toMatchObject([{ size: 24, versions: 1 }]);
		expect(tokenCalls()).toHaveLength(2);
	});

	test.each([500, 503, 429])('is renewed when the renewal failed with %i first', async (status) => {
		rig().cloud.boxTokens.expireAll();
		rig().cloud.faults.add({ route: TOKEN, action: { kind: 'reply', status } });
		onlyJson(await rig().box(create()));
		expect(tokenCalls().map((call) => call.status)).toEqual([status, 200]);
	});

	test.each([
		['Box has a problem', { kind: 'reply', status: 503 }, 'auth/not_renewed', 'HTTP 503'],
		['the connection breaks', { kind: 'resetBefore' }, 'network/unreachable', 'ECONNRESET'],
	] as const)(
		'and cannot be renewed because %s is no commit that may have been stored',
		async (_what, action, path, reason) => {
			const sessionId = await filledSession(rig());
			rig().cloud.faults.add({ route: COMMIT, times: Infinity, action: { kind: 'expireToken' } });
			rig().cloud.faults.add({ route: TOKEN, times: Infinity, action });
			const failure = failureOf(await rig().box(commitOf(sessionId, { maxRetries: 1 })));
			expect(failure).toMatchObject({ path, retryable: true, stored: 'no' });
			expect(failure.description).toContain(`Reason: The sign-in couldn't be renewed: ${reason}`);
			expect(callsOf(rig(), COMMIT)).toBe(2);
		},
	);
});

describe('a sign-in that is over', () => {
	const over = {
		path: 'auth/not_connected',
		message: "The sign-in to Box doesn't work",
		class: 'user',
		retryable: false,
		stored: 'no',
	};

	test('because the user took the app away is told, and not tried again', async () => {
		rig().cloud.boxTokens.expireAll();
		rig().cloud.boxTokens.revokeRefreshTokens();
		const failure = failureOf(await rig().box(create()));
		expect(failure).toMatchObject(over);
		expect(failure.description).toContain('Open the credential and connect it again.');
		expect(failure.description).toMatch(
			/Reason: The credential "[^"]+" needs to be reconnected\.$/,
		);
		expect(tokenCalls()).toHaveLength(1);
	});

	test('because there is no refresh token is told', async () => {
		await rig().connectBox({ refreshable: false });
		rig().cloud.boxTokens.expireAll();
		expect(failureOf(await rig().box(create()))).toMatchObject(over);
		expect(tokenCalls()).toEqual([]);
	});

	test('because it was never made is told', async () => {
		const [client] = rig().cloud.boxOAuth.clients;
		await rig().engine.setCredential('new', {
			name: 'New',
			type: 'boxUploadOAuth2Api',
			data: { ...client },
		});
		const node = { credentials: { boxUploadOAuth2Api: 'new' } };
		expect(failureOf(await rig().box({ ...create(), node }))).toMatchObject(over);
		expect(rig().cloud.log).toEqual([]);
	});

	test('because Box refuses even the new token is told, although Box says nothing', async () => {
		rig().cloud.faults.add({
			route: CREATE,
			times: Infinity,
			action: { kind: 'reply', status: 401, body: '' },
		});
		expect(failureOf(await rig().box(create()))).toEqual({
			path: 'http/401',
			message: 'Box no longer accepts the sign-in',
			description: 'Open the credential and connect it again. report.txt: http/401.',
			class: 'user',
			retryable: false,
			stored: 'no',
			vendor: 'Box',
			documentationUrl: `${ERRORS_PAGE}#box-http`,
			status: 401,
		});
		expect(callsOf(rig(), CREATE)).toBe(2);
	});
});

describe('a server', () => {
	const asEnterprise = { boxSubjectType: 'enterprise', boxSubjectId: '27335' };
	const server = (options = {}) => ({
		...create(options),
		parameters: { authentication: 'serverOAuth2' },
	});

	test('gets its own token, works in its own account, and keeps the token', async () => {
		await rig().connectBoxServer(asEnterprise);
		onlyJson(await rig().boxServer(server()));
		onlyJson(await rig().boxServer(server()));
		expect(owners()).toEqual([boxAccounts.service.id, boxAccounts.service.id]);
		expect(tokenCalls()).toMatchObject([
			{ status: 200, argument: { grant_type: 'client_credentials', client_id: 'test-app' } },
		]);
	});

	test.each([
		['Box has a problem', { kind: 'reply', status: 503 }],
		['the connection breaks', { kind: 'resetBefore' }],
	] as const)('gets its first token later when %s', async (_what, action) => {
		await rig().connectBoxServer(asEnterprise);
		rig().cloud.faults.add({ route: TOKEN, action });
		onlyJson(await rig().boxServer(server()));
		expect(owners()).toEqual([boxAccounts.service.id]);
		expect(tokenCalls()).toHaveLength(2);
	});

	test('gets another token for the same account when the first one has expired', async () => {
		await rig().connectBoxServer(asEnterprise);
		onlyJson(await rig().boxServer(server()));
		rig().cloud.boxTokens.expireAll();
		onlyJson(await rig().boxServer(server()));
		expect(owners()).toEqual([boxAccounts.service.id, boxAccounts.service.id]);
		expect(tokenCalls()).toHaveLength(2);
	});

	test('works in the account of the user that its credential names', async () => {
		await rig().connectBoxServer({
			boxSubjectType: 'user',
			boxSubjectId: boxAccounts.colleague.id,
		});
		onlyJson(await rig().boxServer(server()));
		expect(owners()).toEqual([boxAccounts.colleague.id]);
	});

	test('works for the user that Act as User names, in every call', async () => {
		await rig().connectBoxServer(asEnterprise);
		const asUser = boxAccounts.colleague.id;
		const run = { parameters: { authentication: 'serverOAuth2' }, options: { asUser } };
		const created = onlyJson(await rig().boxServer(server({ asUser })));
		const items = [fileItem(text, { id: created.id })];
		for (const offset of [0, 10, 20]) {
			const parameters = { ...run.parameters, offset };
			onlyJson(await rig().boxServer(step('uploadPart', { ...run, items, parameters })));
		}
		jsonOf(await rig().boxServer(step('listParts', { ...run, items })));
		onlyJson(await rig().boxServer(step('get', { ...run, items })));
		onlyJson(await rig().boxServer(step('commit', { ...run, items })));
		expect(rig().cloud.box.files()).toMatchObject([{ ownerId: asUser, size: 24 }]);
		const calls = rig().cloud.log.filter(({ route }) => route !== TOKEN);
		expect(new Set(calls.map(({ headers }) => headers['as-user']))).toEqual(new Set([asUser]));
	});

	test('takes the user of each item', async () => {
		await rig().connectBoxServer(asEnterprise);
		const users = [boxAccounts.colleague.id, boxAccounts.user.id, ''];
		const items = users.map((user) => fileItem(text, { user }));
		const run = { ...server({ asUser: '={{ $json.user }}' }), items };
		jsonOf(await rig().boxServer(run));
		expect(new Set(owners())).toEqual(
			new Set([boxAccounts.colleague.id, boxAccounts.user.id, boxAccounts.service.id]),
		);
	});

	test.each([
		['another enterprise', { boxSubjectType: 'enterprise', boxSubjectId: '1' }],
		['a user that is not there', { boxSubjectType: 'user', boxSubjectId: '1' }],
		['a wrong secret', { ...asEnterprise, clientSecret: 'wrong-secret-of-the-app' }],
	])('with %s is told that the sign-in does not work', async (_what, data) => {
		await rig().connectBoxServer(data);
		const result = await rig().boxServer(server());
		expect(failureOf(result)).toMatchObject({ path: 'auth/not_connected', retryable: false });
		expect(JSON.stringify(result)).not.toContain('wrong-secret-of-the-app');
		expect(tokenCalls()).toHaveLength(1);
	});

	test('that acts for a user that is not there is told so', async () => {
		await rig().connectBoxServer(asEnterprise);
		const failure = failureOf(await rig().boxServer(server({ asUser: '1' })));
		expect(failure).toMatchObject({ status: 404, class: 'input' });
		expect(failure.description).toContain('On-Behalf-Of User not found');
	});
});

test('a user cannot act for another one', async () => {
	const asUser = boxAccounts.colleague.id;
	const failure = failureOf(await rig().box(create({ asUser })));
	expect(failure).toMatchObject({ path: 'access_denied_insufficient_permissions', status: 403 });
});

test('a part of a session goes with the token of its own account', async () => {
	const sessionId = await openSession(rig());
	await rig().connectBox({ accountId: boxAccounts.colleague.id });
	expect(failureOf(await rig().box(partOf(sessionId))).path).toBe('forbidden');
});
