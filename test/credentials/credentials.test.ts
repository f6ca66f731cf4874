import type { IDataObject } from 'n8n-workflow';

import type { IssueOptions } from '../cloud/core/tokens';
import { boxAccounts } from '../cloud/box';
import { useRig } from '../support/rig';

const rig = useRig();
const client = { clientId: 'test-app', clientSecret: 'test-app-secret' };
const asEnterprise = { boxSubjectType: 'enterprise', boxSubjectId: '27335' };

const users = {
	dropboxUploadOAuth2Api: 'dropbox',
	boxUploadOAuth2Api: 'box',
	dropboxUploadSourceOAuth2Api: 'dropbox',
	boxUploadSourceOAuth2Api: 'box',
} as const;

async function tested(type: string, data: IDataObject) {
	const result = await rig().engine.testCredential(type, { ...client, ...data });
	rig().secrets.assertNoneIn('The result of a credential test', result);
	return {
		...result,
		calls: rig().cloud.log.map(({ method, host, pathname }) => `${method} ${host}${pathname}`),
	};
}

function signIn(type: keyof typeof users, options: IssueOptions = {}): IDataObject {
	const { accessToken, refreshToken } = rig().cloud.issueToken(users[type], options);
	return {
		access_token: accessToken,
		...(refreshToken !== undefined && { refresh_token: refreshToken }),
		token_type: 'bearer',
	};
}

describe.each([
	['dropboxUploadOAuth2Api', 'POST api.dropboxapi.com/2/users/get_current_account'],
	['boxUploadOAuth2Api', 'GET api.box.com/2.0/users/me'],
	['dropboxUploadSourceOAuth2Api', 'POST api.dropboxapi.com/2/users/get_current_account'],
	['boxUploadSourceOAuth2Api', 'GET api.box.com/2.0/users/me'],
] as const)('%s', (type, call) => {
	test('passes its test when signed in', async () => {
		const { status, calls } = await tested(type, { oauthTokenData: signIn(type) });
		expect(status).toBe('OK');
		expect(calls).toEqual([call]);
	});

	test('passes its test with a token that can be renewed', async () => {
		const oauthTokenData = signIn(type, { expiresInSec: -1 });
		expect((await tested(type, { oauthTokenData })).status).toBe('OK');
	});

	test('fails its test readably when the sign-in is over', async () => {
		const oauthTokenData = signIn(type, { expiresInSec: -1, refreshable: false });
		const { status, message } = await tested(type, { oauthTokenData });
		expect(status).toBe('Error');
		expect(message).toContain('Please reconnect the credentials.');
	});

	test('fails its test readably when it was never connected', async () => {
		const { status, message, calls } = await tested(type, {});
		expect({ status, message }).toEqual({
			status: 'Error',
			message: 'Unable to sign without access token',
		});
		expect(calls).toEqual([]);
	});
});

test('dropboxUploadOAuth2Api fails its test without the right to read the account', async () => {
	const type = 'dropboxUploadOAuth2Api';
	const oauthTokenData = signIn(type, { scopes: ['files.content.write'] });
	expect((await tested(type, { oauthTokenData })).status).toBe('Error');
});

describe('boxUploadServerOAuth2Api', () => {
	const type = 'boxUploadServerOAuth2Api';

	test.each([
		['the service account', asEnterprise],
		['a user', { boxSubjectType: 'user', boxSubjectId: boxAccounts.colleague.id }],
	])('passes its test for %s', async (_what, subject) => {
		const { status, calls } = await tested(type, subject);
		expect(status).toBe('OK');
		expect(calls).toEqual(['POST api.box.com/oauth2/token', 'GET api.box.com/2.0/users/me']);
	});

	test.each([
		['another enterprise', { ...asEnterprise, boxSubjectId: '1' }],
		['no enterprise', { ...asEnterprise, boxSubjectId: '' }],
		[
			'a user in place of an enterprise',
			{ ...asEnterprise, boxSubjectId: boxAccounts.colleague.id },
		],
		['a wrong secret', { ...asEnterprise, clientSecret: 'wrong' }],
	])('fails its test readably with %s', async (_what, data) => {
		const { status, message, calls } = await tested(type, data);
		expect(status).toBe('Error');
		expect(message).toMatch(/^Failed to acquire OAuth2 access token: [A-Z].*\.$/);
		expect(calls).toEqual(['POST api.box.com/oauth2/token']);
	});
});

describe('all credentials', () => {
	test('are those that the package names', async () => {
		expect((await described()).map(({ name }) => name).sort()).toEqual([
			'boxUploadJwtApi',
			'boxUploadOAuth2Api',
			'boxUploadServerOAuth2Api',
			'boxUploadSourceOAuth2Api',
			'dropboxUploadOAuth2Api',
			'dropboxUploadSourceOAuth2Api',
		]);
	});

	test('extend the OAuth2 credential of n8n where they sign in so, and can be tested', async () => {
		for (const { name, ...credential } of await described()) {
			const signsItselfIn = name === 'boxUploadJwtApi';
			const parent = name.includes('Source') ? name.replace('Source', '') : 'oAuth2Api';
			expect(credential).toMatchObject({
				...(!signsItselfIn && { extends: [parent] }),
				test: { request: {} },
			});
		}
	});

	test('speak to the vendors over https only', async () => {
		for (const { name, properties, test: request } of await described()) {
			const urls = properties
				.filter((property) => /url$/i.test(property.name))
				.map((property) => property.default as string);
			urls.push((request as { request: { baseURL: string } }).request.baseURL);
			const domain = name.startsWith('box') ? 'box.com' : 'dropbox(?:api)?.com';
			for (const url of urls) expect(url).toMatch(new RegExp(`^https://[a-z]+\\.${domain}/`));
			// Those of a source have the addresses of what they extend.
			const isShort = name === 'boxUploadJwtApi' || name.includes('Source');
			expect(urls.length).toBeGreaterThan(isShort ? 0 : 1);
		}
	});

	test('ask Dropbox for what the node needs, and for a sign-in that lasts', async () => {
		const all = await described();
		const dropbox = all.find(({ name }) => name === 'dropboxUploadOAuth2Api')!;
		const valueOf = (field: string) =>
			dropbox.properties.find(({ name }) => name === field)?.default as string;
		const least = 'account_info.read files.metadata.read files.content.write sharing.read';
		expect(valueOf('scope')).toBe(
			`={{ "${least}" + ($self["sharedLinks"] ? " sharing.write" : "") + ($self["teamMembers"] ? " team_data.member members.read" : "") }}`,
		);
		expect(valueOf('authQueryParameters')).toContain('token_access_type=offline');
		const source = all.find(({ name }) => name === 'dropboxUploadSourceOAuth2Api')!;
		expect(source.properties.find(({ name }) => name === 'scope')?.default).toBe(
			'account_info.read files.metadata.read files.content.read sharing.read',
		);
	});

	async function described() {
		const credentials = await rig().engine.credentialDescriptions();
		return credentials.filter(({ name }) => /upload/i.test(name));
	}
});
