/** Whom a team's credential acts for, and in which folder paths begin: from lists, by email, by name. */
import type { INodeParameters } from 'n8n-workflow';

import {
	adminAccount,
	invitedAccount,
	memberAccount,
	personalAccount,
	removedAccount,
	suspendedAccount,
	teamFolder,
} from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import { errorsOf, jsonOf } from './uploads';

const rig = useRig();

const INFO = 'team/members/get_info_v2';
const LIST = 'team/members/list_v2';
const START = 'files/upload_session/start';
const start = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: '' },
};
const carryOn = { onError: 'continueRegularOutput' } as const;
const located = (mode: string, value: string): INodeParameters => ({ __rl: true, mode, value });
const byEmail = (value: string, root = 'home') => ({ root, selectUser: located('email', value) });
const headersOf = (name: string) => [
	...new Set(
		rig()
			.calls(START)
			.map(({ headers }) => headers[name]),
	),
];
const list = async (method: string, options: INodeParameters = {}, search = {}) =>
	await rig().dropboxList(method, { options }, search);

describe("a team's credential", () => {
	beforeEach(async () => {
		await rig().connectDropbox({ kind: 'team', data: { teamMembers: true } });
	});

	it.each([
		['from the list', located('list', memberAccount.teamMemberId!), 0],
		['by ID', located('id', memberAccount.teamMemberId!), 0],
		['by email', located('email', memberAccount.email), 1],
		['by email in other letters', located('email', memberAccount.email.toUpperCase()), 1],
		['by email with blanks around it', located('email', ` ${memberAccount.email}\n`), 1],
		['by what an older workflow holds', memberAccount.teamMemberId!, 0],
	])('acts for a member %s', async (_what, selectUser, lookups) => {
		const items = Array.from({ length: 5 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...start, items, options: { selectUser } });
		expect(jsonOf(result)).toHaveLength(5);
		expect(headersOf('dropbox-api-select-user')).toEqual([memberAccount.teamMemberId]);
		expect(rig().calls(INFO)).toHaveLength(lookups);
	});

	it('acts as an administrator by email', async () => {
		const options = { root: 'home', selectAdmin: located('email', adminAccount.email) };
		expect((await rig().dropbox({ ...start, options })).status).toBe('success');
		expect(headersOf('dropbox-api-select-admin')).toEqual([adminAccount.teamMemberId]);
		for (const { headers } of rig().calls(INFO)) {
			expect(headers['dropbox-api-select-admin']).toBeUndefined();
		}
	});

	it('acts for the member of each item, whom an email may name', async () => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { root: 'home', selectUser: located('email', '={{ $json.member }}') },
			items: [memberAccount.email, 'nobody@example.com', adminAccount.email].map((member) => ({
				json: { member },
			})),
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'input/selectUser',
			undefined,
		]);
		expect(rig().calls(INFO)).toHaveLength(3);
	});

	it.each([
		[
			'an email with a typo',
			'membr@example.com',
			'input/selectUser',
			1,
			/No member of the Dropbox team/,
		],
		['half an email', 'member@', 'input/selectUser', 0, /isn't a complete email address/],
		['a name', 'Mel Member', 'input/selectUser', 0, /isn't an email address or a member ID/],
		[
			'a member who is suspended',
			suspendedAccount.email,
			'user_suspended',
			1,
			/suspended or removed/,
		],
		['a member who has left', removedAccount.email, 'user_suspended', 1, /suspended or removed/],
		[
			'a member who has not joined yet',
			invitedAccount.email,
			'invalid_select_user',
			1,
			/hasn't accepted the invitation/,
		],
	])('refuses %s in words, and guesses nobody else', async (_what, email, path, lookups, says) => {
		const result = await rig().dropbox({ ...start, ...carryOn, options: byEmail(email) });
		expect(errorsOf(result)[0]).toMatchObject({ path, stored: 'no', retryable: false });
		expect(errorsOf(result)[0]!.message).toMatch(says);
		expect(errorsOf(result)[0]!.description).toContain(email);
		expect(rig().calls(INFO)).toHaveLength(lookups);
		expect(rig().calls(START)).toHaveLength(0);
	});

	it.each([
		['is suspended', suspendedAccount, 'user_suspended'],
		['has not joined', invitedAccount, 'invalid_select_user'],
		['has left', removedAccount, 'invalid_select_user'],
	])('is told by Dropbox itself, by ID, of a member who %s', async (_what, account, path) => {
		const { teamMemberId } = account;
		const options = { root: 'home', selectUser: teamMemberId! };
		const result = await rig().dropbox({ ...start, ...carryOn, options });
		expect(errorsOf(result)[0]).toMatchObject({ path, status: 401 });
	});

	it('lists those who may act, page by page, and searches them', async () => {
		const all = [memberAccount, adminAccount].map(({ displayName, email, teamMemberId }) => ({
			name: `${displayName} (${email})`,
			value: teamMemberId,
		}));
		expect((await list('searchMembers')).results).toEqual(all);
		rig().cloud.dropbox.settings.membersPageSize = 1;
		try {
			const first = await list('searchMembers');
			expect(first.results).toEqual(all.slice(0, 1));
			const { paginationToken } = first as { paginationToken: string };
			expect((await list('searchMembers', {}, { paginationToken })).results).toEqual(all.slice(1));
			// Found on a later page.
			expect((await list('searchMembers', {}, { filter: 'ada' })).results).toEqual(all.slice(1));
		} finally {
			rig().cloud.dropbox.settings.membersPageSize = 1000;
		}
	});

	it('tells two folders of one name apart by where they are', async () => {
		const { homeNamespaceId } = memberAccount;
		rig().cloud.dropbox.mount(homeNamespaceId, '/Clients', '3000000001');
		rig().cloud.dropbox.mount(homeNamespaceId, '/Archive/Clients', '3000000003');
		const options = { selectUser: located('email', memberAccount.email) };
		const { results } = await list('searchNamespaces', options, { filter: ' CLIENTS ' });
		expect(results.map(({ name, value }) => [name, value]).sort()).toEqual([
			['/Archive/Clients', '3000000003'],
			['/Clients', '3000000001'],
		]);
	});

	it('begins paths in a team folder or shared folder that was chosen by its name', async () => {
		rig().cloud.dropbox.mount(memberAccount.homeNamespaceId, '/Clients', '3000000001');
		rig().cloud.dropbox.share(memberAccount.accountId, 'Not added', '3000000002');
		rig().cloud.dropbox.settings.sharedFoldersPageSize = 1;
		try {
			const options = { selectUser: located('email', memberAccount.email), root: 'namespaceId' };
			const found = await list('searchNamespaces', options, { filter: 'clients' });
			expect(found.results).toEqual([{ name: '/Clients', value: '3000000001' }]);
			const everything = await list('searchNamespaces', options, { filter: teamFolder.name });
			expect(everything.results).toEqual([
				{ name: `/${teamFolder.name} (team folder)`, value: teamFolder.namespaceId },
			]);
			expect((await list('searchNamespaces', options, { filter: 'not added' })).results).toEqual(
				[],
			);
			const namespaceId = located('list', String(found.results[0]!.value));
			const result = await rig().dropbox({ ...start, options: { ...options, namespaceId } });
			expect(result.status).toBe('success');
			expect(headersOf('dropbox-api-path-root')).toEqual([
				JSON.stringify({ '.tag': 'namespace_id', namespace_id: '3000000001' }),
			]);
		} finally {
			rig().cloud.dropbox.settings.sharedFoldersPageSize = 1000;
		}
	});
});

describe('without the permission', () => {
	it('the list and an email say what to select and what to turn on', async () => {
		await rig().connectDropbox({ kind: 'team', scopes: ['files.content.write'] });
		await expect(list('searchMembers')).rejects.toThrow('lacks a permission');
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: byEmail(memberAccount.email),
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'missing_scope', status: 401 });
		expect(errorsOf(result)[0]!.description).toContain('select members.read');
		expect(errorsOf(result)[0]!.description).toContain("turn on 'Team Members' in the credential");
		// A token of the same age would lack it too.
		expect(rig().calls('oauth2/token')).toHaveLength(0);
		expect(rig().calls(LIST)).toHaveLength(1);
	});

	it('the credential of one user is told that it is none of a team', async () => {
		await rig().connectDropbox({ accountId: personalAccount.accountId });
		const options = byEmail(memberAccount.email);
		const result = await rig().dropbox({ ...start, ...carryOn, options });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'auth/user_token', class: 'input' });
	});
});

test('the credential of a team passes its test without naming a member', async () => {
	const { accessToken } = rig().cloud.issueToken('dropbox', { kind: 'team' });
	const [client] = rig().cloud.dropboxOAuth.clients;
	const tested = await rig().engine.testCredential('dropboxUploadOAuth2Api', {
		...client,
		teamMembers: true,
		oauthTokenData: { access_token: accessToken, token_type: 'bearer' },
	});
	expect(tested.message).toBe('Connection successful!');
	expect(rig().cloud.log.map(({ route }) => route)).toEqual([LIST]);
});
