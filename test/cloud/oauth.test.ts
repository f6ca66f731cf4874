import { boxAccounts } from './box';
import { CloudClient } from './client';
import { consent } from './consent';
import { memberAccount, wireAccountId } from './dropbox';
import { startCloud, type LoopbackCloud } from './index';

const redirectUri = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
const app = { client_id: 'test-app', client_secret: 'test-app-secret' };

const vendors = {
	dropbox: {
		authorizeUrl: 'https://www.dropbox.com/oauth2/authorize',
		tokenUrl: 'https://api.dropboxapi.com/oauth2/token',
		probe: (who: CloudClient) => who.rpc('users/get_current_account'),
	},
	box: {
		authorizeUrl: 'https://account.box.com/api/oauth2/authorize',
		tokenUrl: 'https://api.box.com/oauth2/token',
		probe: (who: CloudClient) =>
			who.send('https://api.box.com/2.0/users/me', { method: 'GET', body: null }),
	},
} as const;

type Vendor = keyof typeof vendors;

let cloud: LoopbackCloud;
let browser: CloudClient;

beforeAll(async () => {
	cloud = await startCloud();
	browser = new CloudClient(cloud);
});

beforeEach(() => cloud.reset());
afterEach(() => expect(cloud.errors).toEqual([]));

afterAll(async () => {
	await browser.close();
	await cloud.stop();
});

const form = { 'content-type': 'application/x-www-form-urlencoded' };

function token(vendor: Vendor, fields: Record<string, string>, headers = {}) {
	const body = new URLSearchParams(fields).toString();
	return browser.send(vendors[vendor].tokenUrl, { headers: { ...form, ...headers }, body });
}

async function decide(
	vendor: Vendor,
	decision: 'allow' | 'deny',
	more: Record<string, string> = {},
) {
	const url = new URL(vendors[vendor].authorizeUrl);
	const query = { response_type: 'code', client_id: app.client_id, redirect_uri: redirectUri };
	url.search = new URLSearchParams({ ...query, state: 'the state', ...more }).toString();
	return await consent(browser, url.href, decision);
}

async function works(vendor: Vendor, accessToken: string): Promise<number> {
	const who = new CloudClient(cloud, accessToken);
	const { status } = await vendors[vendor].probe(who);
	await who.close();
	return status;
}

describe.each(['dropbox', 'box'] as const)('the OAuth pages of %s', (vendor) => {
	const offline = { token_access_type: 'offline' };

	it('give a code for consent, and tokens for the code, once', async () => {
		const back = await decide(vendor, 'allow', offline);
		expect(back.href.startsWith(redirectUri)).toBe(true);
		expect(back.searchParams.get('state')).toBe('the state');
		const grant = {
			grant_type: 'authorization_code',
			code: back.searchParams.get('code') ?? '',
			redirect_uri: redirectUri,
		};
		const issued = await token(vendor, { ...grant, ...app });
		expect(issued).toMatchObject({ status: 200, json: { token_type: 'bearer' } });
		expect(issued.json.expires_in).toBe(vendor === 'dropbox' ? 14_400 : 3600);
		expect(issued.json.refresh_token).toEqual(expect.any(String));
		expect(await works(vendor, issued.json.access_token)).toBe(200);
		expect(await token(vendor, { ...grant, ...app })).toMatchObject({
			status: 400,
			json: { error: 'invalid_grant' },
		});
	});

	it('let another account consent', async () => {
		const pages = vendor === 'dropbox' ? cloud.dropboxOAuth : cloud.boxOAuth;
		const { accountId } = memberAccount;
		const { id } = boxAccounts.colleague;
		pages.accountId = vendor === 'dropbox' ? accountId : id;
		const code = (await decide(vendor, 'allow')).searchParams.get('code') ?? '';
		pages.accountId = undefined;
		const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
		const issued = await token(vendor, { ...grant, ...app });
		const who = new CloudClient(cloud, issued.json.access_token);
		const told = vendor === 'dropbox' ? wireAccountId(accountId) : id;
		expect((await vendors[vendor].probe(who)).text).toContain(told);
		await who.close();
	});

	it('tell the app when the user says no', async () => {
		const back = await decide(vendor, 'deny');
		expect(back.searchParams.get('error')).toBe('access_denied');
		expect(back.searchParams.get('code')).toBeNull();
	});

	it('refuse an unknown app, a wrong secret, another redirect and another grant', async () => {
		const url = `${vendors[vendor].authorizeUrl}?response_type=code&redirect_uri=${redirectUri}`;
		const unknown = await browser.send(`${url}&client_id=nobody`, { method: 'GET' });
		expect(unknown.status).toBe(400);
		const grant = { grant_type: 'refresh_token', refresh_token: 'x' };
		const wrong = { ...app, client_secret: 'wrong' };
		expect(await token(vendor, { ...grant, ...wrong })).toMatchObject({
			status: 400,
			json: { error: 'invalid_client' },
		});
		const code = (await decide(vendor, 'allow')).searchParams.get('code') ?? '';
		const elsewhere = { grant_type: 'authorization_code', code, redirect_uri: 'http://other/' };
		expect((await token(vendor, { ...elsewhere, ...app })).json.error).toBe('invalid_grant');
		expect((await token(vendor, { grant_type: 'password', ...app })).json.error).toBe(
			'unsupported_grant_type',
		);
	});

	it('refresh an expired token, the app naming itself in the form or by HTTP Basic', async () => {
		const first = cloud.issueToken(vendor, { expiresInSec: 10 });
		cloud.clock.advance(10_000);
		expect(await works(vendor, first.accessToken)).toBe(401);
		const grant = { grant_type: 'refresh_token', refresh_token: first.refreshToken ?? '' };
		const second = await token(vendor, { ...grant, ...app });
		expect(await works(vendor, second.json.access_token)).toBe(200);
		const basic = Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64');
		const authorization = { authorization: `Basic ${basic}` };
		const rotated = second.json.refresh_token ?? first.refreshToken;
		const third = await token(vendor, { ...grant, refresh_token: rotated }, authorization);
		expect(third.status).toBe(200);
	});
});

describe('a refresh token', () => {
	const refresh = (vendor: Vendor, refreshToken: string) =>
		token(vendor, { grant_type: 'refresh_token', refresh_token: refreshToken, ...app });

	it('of Box works once and is followed by another', async () => {
		const { refreshToken = '' } = cloud.issueToken('box');
		const first = await refresh('box', refreshToken);
		expect(first.status).toBe(200);
		expect(await refresh('box', refreshToken)).toMatchObject({
			status: 400,
			json: { error: 'invalid_grant', error_description: 'Refresh token has expired' },
		});
		expect((await refresh('box', first.json.refresh_token)).status).toBe(200);
	});

	it('of Dropbox stays, and is given for offline access only', async () => {
		const { refreshToken = '' } = cloud.issueToken('dropbox');
		for (let time = 0; time < 2; time += 1) {
			const reply = await refresh('dropbox', refreshToken);
			expect(reply.status).toBe(200);
			expect(reply.json).not.toHaveProperty('refresh_token');
		}
		const scope = 'account_info.read files.content.write';
		const code = (await decide('dropbox', 'allow', { scope })).searchParams.get('code') ?? '';
		const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...app };
		const online = await token('dropbox', grant);
		expect(online.json).toMatchObject({ scope });
		expect(online.json).not.toHaveProperty('refresh_token');
	});

	it('is refused once revoked', async () => {
		const { refreshToken = '' } = cloud.issueToken('dropbox');
		cloud.dropboxTokens.revokeRefreshTokens();
		expect((await refresh('dropbox', refreshToken)).json.error).toBe('invalid_grant');
	});
});

describe('the client credentials grant', () => {
	const grant = { grant_type: 'client_credentials', ...app };

	it('of Box acts for the enterprise’s service account or a user of it', async () => {
		for (const [type, id, account] of [
			['enterprise', '27335', boxAccounts.service],
			['user', boxAccounts.colleague.id, boxAccounts.colleague],
		] as const) {
			const subject = { box_subject_type: type, box_subject_id: id };
			const issued = await token('box', { ...grant, ...subject });
			expect(issued.status).toBe(200);
			expect(issued.json).not.toHaveProperty('refresh_token');
			const who = new CloudClient(cloud, issued.json.access_token);
			const me = await vendors.box.probe(who);
			expect(me.json).toMatchObject({ id: account.id });
			await who.close();
		}
	});

	it.each([
		{ box_subject_type: 'enterprise', box_subject_id: '1' },
		{ box_subject_type: 'user', box_subject_id: '27335' },
		{},
	])('refuses the subject %j', async (subject) => {
		const fields = { ...grant, ...subject } as Record<string, string>;
		expect(await token('box', fields)).toMatchObject({
			status: 400,
			json: { error: 'invalid_grant', error_description: 'Grant credentials are invalid' },
		});
	});

	it('is none of Dropbox’s', async () => {
		expect((await token('dropbox', grant)).json.error).toBe('unsupported_grant_type');
	});
});
