import type { FaultAction } from '../../cloud';
import { tokenDigest } from '../../cloud';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { answering } from '../dropbox/replies';
import { errorsOf, jsonOf } from '../dropbox/uploads';

const START = 'files/upload_session/start';
const APPEND = 'files/upload_session/append_v2';
const GET = 'sharing/get_file_metadata';
const TOKEN = 'oauth2/token';

const rig = useRig({ pace: SHORT_WAITS });

const carryOn = { onError: 'continueRegularOutput' } as const;
const home = { root: 'home' };
const start = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: '' },
	options: home,
};
const get = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '/a.txt' },
	options: home,
};
const items = Array.from({ length: 12 }, () => ({ json: {} }));

beforeEach(() => {
	rig().cloud.dropbox.putFile('/a.txt', 'text');
});

interface OAuthData {
	access_token: string;
	refresh_token: string;
}

async function savedTokens(credentialId: string): Promise<OAuthData> {
	const { data } = await rig().engine.getCredential(credentialId);
	return data.oauthTokenData as unknown as OAuthData;
}

describe('an access token that has expired', () => {
	it.each([
		['an object', '{"toString":1,"valueOf":null}'],
		['deep JSON', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
	])('is told in plain words when the new one is %s', async (_, accessToken) => {
		await rig().connectDropbox();
		rig().cloud.dropbox.expireAccessTokens();
		const body = `{"access_token":${accessToken},"token_type":"bearer","expires_in":3600}`;
		const action = { ...answering({}), body } as FaultAction;
		rig().cloud.faults.add({ route: TOKEN, times: Infinity, action });
		const once = { ...start, ...carryOn, options: { ...home, maxRetries: 0 } };
		const [error] = errorsOf(await rig().dropbox(once));
		expect(error?.description).toContain("n8n couldn't read the response");
		expect(error?.description).not.toMatch(/Cannot|Maximum/);
	});

	it('is renewed once for parallel requests, nothing fails, and the new one is saved', async () => {
		const { credentialId, tokens } = await rig().connectDropbox();
		rig().cloud.dropbox.expireAccessTokens();
		const result = await rig().dropbox({ ...start, items });
		expect(result.status).toBe('success');
		expect(jsonOf(result)).toHaveLength(12);
		expect(rig().calls(TOKEN)).toHaveLength(1);
		const saved = await savedTokens(credentialId);
		expect(saved.access_token).not.toBe(tokens.accessToken);
		expect(saved.refresh_token).toBe(tokens.refreshToken);
		expect(rig().calls(START).at(-1)!.headers.authorization).toBe(tokenDigest(saved.access_token));

		const next = await rig().dropbox(start);
		expect(next.status).toBe('success');
		expect(rig().calls(TOKEN)).toHaveLength(1);
	});

	it('is renewed between two calls of a run, and the bytes are sent again whole', async () => {
		const started = await rig().dropbox(start);
		const { session_id } = jsonOf(started)[0]!;
		rig().cloud.faults.add({ route: APPEND, skip: 1, action: { kind: 'expireToken' } });
		const sizeBytes = 12 * 1024 * 1024;
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'append',
			parameters: { sessionId: session_id as string, offset: 0 },
			options: { ...home, partSizeMib: 4 },
			items: [{ binary: { data: { generated: { sizeBytes, seed: 1 } } } }],
		});
		expect(jsonOf(result)[0]).toMatchObject({ offset: sizeBytes });
		expect(rig().calls(TOKEN)).toHaveLength(1);
		expect(
			rig()
				.calls(APPEND)
				.map(({ status }) => status),
		).toEqual([200, 401, 200, 200]);
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ size: sizeBytes });
	});
});

describe('a sign-in that does not work', () => {
	it('says to connect again when it was revoked, and does not ask again and again', async () => {
		rig().cloud.dropbox.expireAccessTokens();
		rig().cloud.dropboxTokens.revokeRefreshTokens();
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'auth/not_connected',
			message: "The sign-in to Dropbox doesn't work",
			class: 'user',
			retryable: false,
			stored: 'no',
		});
		expect(errorsOf(result)[0]!.description).toContain('connect it again');
		expect(rig().calls(TOKEN)).toHaveLength(1);
		// Asked without a renewal first, as the permission could be what is missing.
		expect(rig().calls(GET)).toHaveLength(2);
	});

	it('ends the run with that error without Continue On Fail', async () => {
		rig().cloud.dropbox.expireAccessTokens();
		rig().cloud.dropboxTokens.revokeRefreshTokens();
		const { error } = await rig().dropbox(get);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: "The sign-in to Dropbox doesn't work",
		});
	});

	it('says so when there is nothing to renew it with', async () => {
		await rig().connectDropbox({ refreshable: false });
		rig().cloud.dropbox.expireAccessTokens();
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'auth/not_connected', class: 'user' });
	});

	it('says so when nobody has ever signed in', async () => {
		await rig().connectDropbox({ data: { oauthTokenData: {} } });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'auth/not_connected', class: 'user' });
		expect(rig().cloud.log).toEqual([]);
	});

	it('says so when Dropbox refuses the app at the renewal, with any status', async () => {
		for (const status of [400, 401]) {
			await rig().connectDropbox();
			rig().cloud.dropbox.expireAccessTokens();
			const refusal = { error: 'invalid_client', error_description: 'Invalid client_id' };
			rig().cloud.faults.add({ route: TOKEN, action: answering(refusal, status) });
			const result = await rig().dropbox({ ...get, ...carryOn });
			expect(errorsOf(result)[0]).toMatchObject({ path: 'auth/not_connected', class: 'user' });
			expect(errorsOf(result)[0]).not.toHaveProperty('status');
		}
	});

	it('tries again when the renewal fails for a moment', async () => {
		rig().cloud.dropbox.expireAccessTokens();
		rig().cloud.faults.add({ route: TOKEN, action: answering({ error: 'unavailable' }, 503) });
		const result = await rig().dropbox(get);
		expect(jsonOf(result)[0]).toMatchObject({ name: 'a.txt' });
		expect(rig().calls(TOKEN)).toHaveLength(2);
	});

	it('never claims that a file may be stored when the sign-in had failed before', async () => {
		rig().cloud.dropbox.expireAccessTokens();
		rig().cloud.faults.add({
			route: TOKEN,
			times: Infinity,
			action: answering({ error: 'unavailable' }, 503),
		});
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'finish',
			parameters: { sessionId: 'a', offset: 0, path: '/b.txt' },
			options: { ...home, maxRetries: 0 },
			...carryOn,
		});
		expect(errorsOf(result)[0]).toMatchObject({ class: 'transient', stored: 'no' });
	});

	it("gives Dropbox's own reason when a fresh token is refused too", async () => {
		const refusal = { error_summary: 'user_suspended/', error: { '.tag': 'user_suspended' } };
		rig().cloud.faults.add({ route: GET, times: 3, action: answering(refusal, 401) });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'user_suspended',
			class: 'user',
			status: 401,
		});
	});

	it('names the permission that the app lacks', async () => {
		await rig().connectDropbox({ scopes: ['files.content.write'] });
		const result = await rig().dropbox({ ...get, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'missing_scope',
			class: 'user',
			status: 401,
		});
		expect(errorsOf(result)[0]!.description).toContain('sharing.read');
	});
});
