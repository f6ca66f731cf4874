/** An app that signs in with a key: its tokens, and what can be wrong with it. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

import type { IDataObject } from 'n8n-workflow';

import { boxAccounts } from '../../cloud/box';
import { linesOf, PASSPHRASE } from '../../support/jwtApp';
import {
	callsOf,
	failureOf,
	fileItem,
	jsonOf,
	onlyJson,
	PUT_PART,
	step,
	text,
	useBox,
} from './steps';

const rig = useBox();
const CREATE = 'POST /files/upload_sessions';
const TOKEN = 'oauth2/token';
const MIB = 1024 * 1024;
const create = () => step('create', { items: [fileItem(text)] });
const tokenCalls = () =>
	rig()
		.calls(TOKEN)
		.map(({ status }) => status);
const owners = () =>
	rig()
		.cloud.box.sessions()
		.map(({ userId }) => userId);

describe('an app with a key', () => {
	test('works in its own account, and n8n keeps the token', async () => {
		const { credentialId } = await rig().connectBoxJwt();
		onlyJson(await rig().boxJwt(create()));
		onlyJson(await rig().boxJwt(create()));
		expect(owners()).toEqual([boxAccounts.service.id, boxAccounts.service.id]);
		expect(tokenCalls()).toEqual([200]);
		const { data } = await rig().engine.getCredential(credentialId);
		expect(data.accessToken).toMatch(/^\w{48}$/);
	});

	test.each(['RS256', 'RS384', 'RS512'])('signs with %s for a user', async (algorithm) => {
		const userId = boxAccounts.colleague.id;
		await rig().connectBoxJwt({ algorithm, boxSubjectType: 'user', userId });
		onlyJson(await rig().boxJwt(create()));
		expect(owners()).toEqual([userId]);
	});

	test('fetches one token for twelve requests at once, at the start and when it has expired', async () => {
		await rig().connectBoxJwt();
		const twelve = async () => {
			const runs = Array.from({ length: 12 }, async () => await rig().boxJwt(create()));
			for (const result of await Promise.all(runs)) onlyJson(result);
		};
		await twelve();
		expect(tokenCalls()).toEqual([200]);
		// All are under way with the old token before one of them is answered.
		rig().cloud.boxTokens.expireAll();
		rig().cloud.faults.add({ route: CREATE, times: 12, action: { kind: 'delay', delayMs: 200 } });
		await twelve();
		expect(
			rig()
				.calls(CREATE)
				.filter(({ status }) => status === 401),
		).toHaveLength(12);
		expect(tokenCalls()).toEqual([200, 200]);
	});

	test('uploads a large file with twelve requests while its token expires', async () => {
		await rig().connectBoxJwt();
		// A gigabyte where tests may take minutes.
		const isSlow = process.env.TEST_SLOW === '1';
		const sizeBytes = isSlow ? 1024 * MIB : 40 * MIB;
		rig().cloud.box.settings.partSizeBytes = isSlow ? 8 * MIB : MIB;
		let expired = false;
		rig().cloud.faults.add({
			route: PUT_PART,
			skip: 12,
			times: 12,
			action: { kind: 'delay', delayMs: 100 },
			onStrike: () => {
				if (!expired) rig().cloud.boxTokens.expireAll();
				expired = true;
			},
		});
		const result = await rig().boxJwt({
			resource: 'file',
			operation: 'upload',
			items: [
				{ json: {}, binary: { data: { generated: { sizeBytes, seed: 24 }, fileName: 'a' } } },
			],
			options: { parallel: 12 },
		});
		expect(onlyJson(result)).toMatchObject({ size: sizeBytes });
		const refused = rig()
			.calls(PUT_PART)
			.filter(({ status }) => status === 401);
		expect(refused.length).toBeGreaterThanOrEqual(8);
		expect(tokenCalls()).toEqual([200, 200]);
		expect(rig().cloud.box.files()).toMatchObject([{ size: sizeBytes, versions: 1 }]);
	}, 300_000);

	test.each([
		['Box has a problem', { kind: 'reply', status: 503 }],
		['Box is busy', { kind: 'reply', status: 429 }],
		['the connection breaks', { kind: 'resetBefore' }],
	] as const)('gets its token later when %s', async (_what, action) => {
		await rig().connectBoxJwt();
		rig().cloud.faults.add({ route: TOKEN, action });
		onlyJson(await rig().boxJwt(create()));
		expect(callsOf(rig(), TOKEN)).toBe(2);
	});
});

describe('a clock that is wrong', () => {
	test.each([
		['behind', 5 * 60_000],
		['ahead', -5 * 60_000],
	])('by minutes (%s) is mended once by the time of the reply', async (_what, aheadMs) => {
		await rig().connectBoxJwt();
		rig().cloud.boxJwt.clockAheadMs = aheadMs;
		onlyJson(await rig().boxJwt(create()));
		expect(tokenCalls()).toEqual([400, 200]);
	});

	test('in spite of the time of the reply is told', async () => {
		await rig().connectBoxJwt();
		const body = JSON.stringify({
			error: 'invalid_grant',
			error_description:
				"Current date/time MUST be before the expiration date/time listed in the 'exp' claim",
		});
		rig().cloud.faults.add({
			route: TOKEN,
			times: Infinity,
			action: {
				kind: 'reply',
				status: 400,
				headers: { 'content-type': 'application/json' },
				body,
			},
		});
		const failure = failureOf(await rig().boxJwt(create()));
		expect(failure.message).toContain('The clock of the n8n server is wrong');
		expect(failure.description).toContain('Box said: invalid_grant: Current date/time MUST');
		expect(callsOf(rig(), TOKEN)).toBe(2);
	});
});

type Bad = [what: string, data: (app: App) => IDataObject, message: string, says: RegExp];
type App = Awaited<ReturnType<ReturnType<typeof rig>['connectBoxJwt']>>['app'];

const withAuth = (app: App, more: IDataObject): IDataObject => {
	const file = JSON.parse(app.configFile) as { boxAppSettings: { appAuth: IDataObject } };
	Object.assign(file.boxAppSettings.appAuth, more);
	return { privateKeyFile: JSON.stringify(file) };
};
const fields = (app: App, more: IDataObject = {}): IDataObject => ({
	appSettings: 'fields',
	clientId: app.clientId,
	clientSecret: app.clientSecret,
	publicKeyId: app.keyId,
	privateKey: app.privateKey,
	passphrase: app.passphrase,
	enterpriseId: '27335',
	...more,
});
const plain = (app: App): string =>
	createPrivateKey({ key: app.privateKey, passphrase: app.passphrase })
		.export({ type: 'pkcs1', format: 'pem' })
		.toString();
const elliptic = generateKeyPairSync('ec', {
	namedCurve: 'P-256',
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

describe('the key', () => {
	const legacy = (app: App): string =>
		createPrivateKey({ key: app.privateKey, passphrase: app.passphrase })
			.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
			.toString();
	test.each<[string, (app: App) => IDataObject]>([
		[
			'in one line, as a password field leaves it',
			(app) => fields(app, { privateKey: app.privateKey.replaceAll('\n', '') }),
		],
		[
			'with \\n in place of line breaks',
			(app) => fields(app, { privateKey: app.privateKey.replaceAll('\n', '\\n') }),
		],
		[
			'with blanks in place of line breaks',
			(app) => fields(app, { privateKey: app.privateKey.replaceAll('\n', ' ') }),
		],
		['of Windows', (app) => fields(app, { privateKey: app.privateKey.replaceAll('\n', '\r\n') })],
		['without a passphrase', (app) => fields(app, { privateKey: plain(app), passphrase: '' })],
		[
			'encrypted the old way, in one line',
			(app) => fields(app, { privateKey: legacy(app).replaceAll('\n', ' ') }),
		],
		[
			'in a configuration file in one line',
			(app) => ({ privateKeyFile: app.configFile.replaceAll('\n', '') }),
		],
		[
			'in a configuration file of Windows, with a byte order mark',
			(app) => ({ privateKeyFile: `\uFEFF${app.configFile.replaceAll('\n', '\r\n')}\r\n` }),
		],
		[
			'in a configuration file in the quotes of a shell',
			(app) => ({ privateKeyFile: `'${app.configFile}'` }),
		],
		[
			'in a configuration file as a value of JSON',
			(app) => ({ privateKeyFile: JSON.stringify(app.configFile) }),
		],
		[
			'with blanks around its passphrase',
			(app) => fields(app, { passphrase: ` ${app.passphrase}\n` }),
		],
	])('%s is taken', async (_what, data) => {
		const { app } = await rig().connectBoxJwt();
		for (const line of linesOf(plain(app))) rig().secrets.addText(line);
		await connectAs(app, data(app));
		onlyJson(await rig().boxJwt(create()));
		expect(tokenCalls()).toEqual([200]);
	});
});

async function connectAs(_app: App, data: IDataObject): Promise<void> {
	await rig().engine.setCredential('jwt-as', { name: 'App', type: 'boxUploadJwtApi', data });
	rig().use('boxUploadJwtApi', 'jwt-as');
}

describe('what is wrong with an app', () => {
	const local: Bad[] = [
		[
			'no file',
			() => ({ privateKeyFile: '' }),
			"Nothing is in 'Configuration File' of the credential",
			/copy all of it/,
		],
		[
			'a file that is cut off',
			(app) => ({ privateKeyFile: app.configFile.slice(0, -300) }),
			"The text in 'Configuration File' of the credential isn't one whole file",
			/curly bracket/,
		],
		[
			'a file that is pasted twice',
			(app) => ({ privateKeyFile: app.configFile.repeat(2) }),
			"The text in 'Configuration File' of the credential isn't one whole file",
			/pasted once/,
		],
		[
			'a path in place of the file',
			() => ({ privateKeyFile: 'C:\\Users\\me\\config.json' }),
			"The text in 'Configuration File' of the credential isn't one whole file",
			/copy all of it/,
		],
		[
			'the file of an app with client credentials',
			() => ({
				privateKeyFile: JSON.stringify({
					boxAppSettings: { clientID: 'a', clientSecret: 'b' },
					enterpriseID: '1',
				}),
			}),
			"The configuration file in the credential isn't that of a JWT app",
			/Server Authentication \(with JWT\)/,
		],
		[
			'a file without its key',
			(app) => withAuth(app, { privateKey: '' }),
			'The configuration file in the credential lacks the app or its key',
			/Generate a Public\/Private Keypair/,
		],
		[
			'a wrong passphrase',
			(app) => withAuth(app, { passphrase: 'wrong' }),
			"The passphrase in the credential doesn't open the private key",
			/Copy the passphrase again/,
		],
		[
			'no passphrase',
			(app) => fields(app, { passphrase: '' }),
			'The private key in the credential is encrypted, and its passphrase is missing',
			/'Passphrase'/,
		],
		[
			'a key that is cut off',
			(app) => fields(app, { privateKey: app.privateKey.replace(linesOf(app.privateKey)[3]!, '') }),
			'The private key in the credential is damaged or too short',
			/from its first to its last line/,
		],
		[
			'a few characters in place of a key',
			(app) =>
				fields(app, { privateKey: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----' }),
			'The private key in the credential is damaged or too short',
			/from its first to its last line/,
		],
		[
			'a public key',
			(app) => fields(app, { privateKey: elliptic.publicKey, publicKeyId: app.keyId }),
			"The text in the credential isn't a private key",
			/isn't the public key/,
		],
		[
			'a key that is no RSA key',
			(app) => fields(app, { privateKey: elliptic.privateKey }),
			"The private key in the credential isn't an RSA key",
			/2048 bits/,
		],
		[
			'a field that is empty',
			(app) => fields(app, { publicKeyId: ' ' }),
			'The credential lacks a value that the sign-in needs',
			/'Public Key ID'/,
		],
		[
			'no enterprise ID',
			(app) => fields(app, { enterpriseId: '' }),
			'The credential has no enterprise ID to sign in for',
			/General Settings/,
		],
		[
			'a login in place of the ID of a user',
			(app) => fields(app, { boxSubjectType: 'user', userId: 'user@example.com' }),
			'The credential has no user ID to sign in for',
			/numeric ID/,
		],
		[
			'a list of domains without Box',
			(app) =>
				fields(app, {
					allowedHttpRequestDomains: 'domains',
					allowedDomains: 'example.com, *.example.com',
				}),
			"The credential's Allowed Domains don't include api.box.com, where Box gives tokens",
			/'Allowed Domains'/,
		],
	];
	const atBox: Bad[] = [
		[
			'another secret',
			(app) => fields(app, { clientSecret: 'wrong-secret-of-the-app' }),
			"Box doesn't recognize the client ID or the client secret in the credential",
			/Box said: invalid_client/,
		],
		[
			'the ID of another key',
			(app) => fields(app, { publicKeyId: 'abcd1234' }),
			"Box doesn't recognize the public key ID for this app",
			/Box said: invalid_grant: "kid" invalid/,
		],
		[
			'another enterprise',
			(app) => fields(app, { enterpriseId: '1' }),
			'Box gives the app no access with the enterprise ID or user ID in the credential',
			/Box said: invalid_grant: Please check the 'sub' claim/,
		],
		[
			'a user that is not there',
			(app) => fields(app, { boxSubjectType: 'user', userId: '1' }),
			'Box gives the app no access with the enterprise ID or user ID in the credential',
			/Platform Apps Manager/,
		],
	];

	test.each([...local, ...atBox])('%s is told, with the click that mends it', async (...bad) => {
		const [what, data, message, says] = bad;
		const { app } = await rig().connectBoxJwt();
		await connectAs(app, data(app));
		const failure = failureOf(await rig().boxJwt(create()));
		expect(failure).toMatchObject({
			path: 'auth/not_connected',
			message,
			class: 'user',
			stored: 'no',
		});
		expect(failure.description).toMatch(says);
		expect(tokenCalls()).toEqual(local.some(([of]) => of === what) ? [] : [400]);
		expect(callsOf(rig(), CREATE)).toBe(0);
		// The same words where the credential is tested.
		const tested = await rig().engine.testCredential('boxUploadJwtApi', data(app));
		rig().secrets.assertNoneIn('The result of a credential test', tested);
		expect(tested.status).toBe('Error');
		expect(tested.message).toContain(message);
		expect(tested.message).toMatch(says);
	});

	test('a key of another app is told by its signature', async () => {
		const { app } = await rig().connectBoxJwt();
		const { privateKey } = generateKeyPairSync('rsa', {
			modulusLength: 2048,
			publicKeyEncoding: { type: 'spki', format: 'pem' },
			privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
		});
		await connectAs(app, fields(app, { privateKey, passphrase: '' }));
		const failure = failureOf(await rig().boxJwt(create()));
		expect(failure.message).toBe(
			"The private key in the credential doesn't belong to the public key ID",
		);
	});

	test('no admin has authorized it', async () => {
		rig().cloud.boxOAuth.isApproved = false;
		try {
			await rig().connectBoxJwt();
			const failure = failureOf(await rig().boxJwt(create()));
			expect(failure.message).toBe("The Box app isn't authorized by the admin of the enterprise");
			expect(failure.description).toMatch(/Platform Apps Manager/);
		} finally {
			rig().cloud.boxOAuth.isApproved = true;
		}
	});

	test('it may not act for users', async () => {
		rig().cloud.boxJwt.mayActAsUsers = false;
		await rig().connectBoxJwt({ boxSubjectType: 'user', userId: boxAccounts.colleague.id });
		const failure = failureOf(await rig().boxJwt(create()));
		expect(failure.description).toMatch(/select "Generate user access tokens"/);
	});

	test('a 401 of the token endpoint itself is no reason to ask twice, and nothing of the request is kept', async () => {
		await rig().connectBoxJwt();
		const { clientSecret } = rig().cloud.boxOAuth.clients[0]!;
		rig().cloud.faults.add({
			route: TOKEN,
			times: Infinity,
			action: {
				kind: 'reply',
				status: 401,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ error: 'invalid_client', error_description: `not ${clientSecret}` }),
			},
		});
		const result = await rig().boxJwt(create());
		expect(failureOf(result).description).toContain('Box said: invalid_client: not …');
		expect(JSON.stringify(result)).not.toContain('assertion=');
		expect(callsOf(rig(), TOKEN)).toBe(1);
	});
});

test('the test of the credential signs in anew, although there is a token', async () => {
	const { credentialId } = await rig().connectBoxJwt();
	jsonOf(await rig().boxJwt(create()));
	const { data } = await rig().engine.getCredential(credentialId);
	const tested = await rig().engine.testCredential('boxUploadJwtApi', data);
	expect(tested).toEqual({ status: 'OK', message: 'Connection successful!' });
	expect(tokenCalls()).toEqual([200, 200]);
});
