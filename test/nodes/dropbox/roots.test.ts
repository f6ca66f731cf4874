import { adminAccount, memberAccount, personalAccount, teamFolder } from '../../cloud/dropbox';
import type { RunResult } from '../../engine/types';
import { useRig } from '../../support/rig';
import { answering } from './replies';
import { errorsOf, jsonOf } from './uploads';

const START = 'files/upload_session/start';
const GET = 'sharing/get_file_metadata';
const ACCOUNT = 'users/get_current_account';
const MISSING_SCOPE = JSON.stringify({
	error_summary: 'missing_scope/',
	error: { '.tag': 'missing_scope', required_scope: 'account_info.read' },
});

const rig = useRig();

const carryOn = { onError: 'continueRegularOutput' } as const;
const start = {
	resource: 'uploadSession',
	operation: 'start',
	parameters: { binaryPropertyName: '' },
};
const get = {
	resource: 'sharedFile',
	operation: 'get',
	parameters: { file: '={{ $json.file }}' },
};

/** What the calls of a route said in a header, parsed. */
const rootsOf = (route: string) =>
	rig()
		.calls(route)
		.map(({ headers }) => headers['dropbox-api-path-root'])
		.map((header) => (header === undefined ? undefined : (JSON.parse(String(header)) as unknown)));

const rootOf = (id: string) => ({ '.tag': 'root', root: id });

/** Stores an empty file, so that the cloud says where it has put it. */
async function save(path: string, options: object = {}): Promise<RunResult> {
	const started = await rig().dropbox({
		...start,
		options: { closeSession: true, ...options },
	});
	if (started.status !== 'success') return started;
	return await rig().dropbox({
		resource: 'uploadSession',
		operation: 'finish',
		parameters: { sessionId: jsonOf(started)[0]!.session_id as string, offset: 0, path },
		options: options as never,
	});
}

describe('Root: Automatic', () => {
	it('means the team space for a member of a team, when the app has full access', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const result = await save(`/${teamFolder.name}/plan.txt`);
		expect(result.status).toBe('success');
		expect(rootsOf(START)).toEqual([rootOf(memberAccount.rootNamespaceId)]);
		expect(
			rig().cloud.dropbox.file('/plan.txt', { namespace: teamFolder.namespaceId }),
		).toBeDefined();
	});

	it('asks for the account once a run, whatever the number of items', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...start, items });
		expect(jsonOf(result)).toHaveLength(10);
		expect(rig().calls(ACCOUNT)).toHaveLength(1);
		expect(rootsOf(START)).toEqual(items.map(() => rootOf(memberAccount.rootNamespaceId)));
	});

	it('asks again when the account could not be asked', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		rig().cloud.faults.add({ route: ACCOUNT, action: { kind: 'reply', status: 503 } });
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		const options = { maxRetries: 0 };
		const result = await rig().dropbox({ ...start, items, options, ...carryOn });
		// Those that asked together have failed together.
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/503', stored: 'no' });
		expect(errorsOf(result).at(-1)).toBeUndefined();
		expect(rig().calls(ACCOUNT)).toHaveLength(2);
		expect(rootsOf(START)).toContainEqual(rootOf(memberAccount.rootNamespaceId));
	});

	it('asks no more when only a person can help', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		rig().cloud.faults.add({
			route: ACCOUNT,
			times: Infinity,
			action: { kind: 'reply', status: 401, body: MISSING_SCOPE },
		});
		const items = Array.from({ length: 10 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...start, items, ...carryOn });
		expect(errorsOf(result).every((error) => error !== undefined)).toBe(true);
		// The second is n8n's, with a renewed token.
		expect(rig().calls(ACCOUNT)).toHaveLength(2);
	});

	it("means the app's own folder when the app has access to that only", async () => {
		await rig().connectDropbox({ data: { accessType: 'folder' } });
		rig().cloud.dropbox.settings.isAppFolderApp = true;
		try {
			const result = await save('/a.txt');
			expect(result.status).toBe('success');
			expect(rootsOf(START)).toEqual([undefined]);
			expect(rig().calls(ACCOUNT)).toHaveLength(0);
		} finally {
			rig().cloud.dropbox.settings.isAppFolderApp = false;
		}
	});

	it('is asked for again, once, when the root has moved', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		rig().cloud.faults.add({
			route: ACCOUNT,
			action: answering({ root_info: { root_namespace_id: '999' } }),
		});
		const items = Array.from({ length: 8 }, () => ({ json: {} }));
		const result = await rig().dropbox({ ...start, items });
		expect(result.status).toBe('success');
		expect(rig().calls(ACCOUNT)).toHaveLength(2);
	});

	it('fails in words when the root that Dropbox names is refused again', async () => {
		rig().cloud.faults.add({
			route: ACCOUNT,
			times: 2,
			action: answering({ root_info: { root_namespace_id: '999' } }),
		});
		const result = await rig().dropbox({ ...start, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'invalid_root',
			class: 'input',
			status: 422,
			stored: 'no',
		});
		expect(rig().calls(ACCOUNT)).toHaveLength(2);
		expect(rig().calls(START)).toHaveLength(2);
	});

	it('fails in words when the account cannot be asked', async () => {
		rig().cloud.faults.add({ route: ACCOUNT, action: answering({ root_info: 'nothing' }) });
		const result = await rig().dropbox({ ...start, ...carryOn, options: { maxRetries: 0 } });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/unexpected_reply', stored: 'no' });
		expect(rig().calls(START)).toHaveLength(0);
	});
});

describe('Paths Begin In', () => {
	it("means the member's own folder with My Folder", async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const result = await save('/mine.txt', { root: 'home' });
		expect(result.status).toBe('success');
		expect(rootsOf(START)).toEqual([undefined]);
		expect(rig().calls(ACCOUNT)).toHaveLength(0);
		expect(
			rig().cloud.dropbox.file('/mine.txt', { namespace: memberAccount.homeNamespaceId }),
		).toBeDefined();
	});

	it('means a shared folder with Team or Shared Folder', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const options = { root: 'namespaceId', namespaceId: teamFolder.namespaceId };
		const result = await save('/inside.txt', options);
		expect(result.status).toBe('success');
		expect(rootsOf(START)).toEqual([
			{ '.tag': 'namespace_id', namespace_id: teamFolder.namespaceId },
		]);
		expect(rig().calls(ACCOUNT)).toHaveLength(0);
		expect(
			rig().cloud.dropbox.file('/inside.txt', { namespace: teamFolder.namespaceId }),
		).toBeDefined();
	});

	it("says so when a namespace is somebody else's", async () => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { root: 'namespaceId', namespaceId: teamFolder.namespaceId },
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'no_permission',
			class: 'user',
			status: 422,
		});
		expect(rig().calls(START)).toHaveLength(1);
	});

	it.each([
		['nothing', ''],
		['a line break', '1\r\nX: 1'],
		['a path', '/Team'],
	])('refuses %s as Team or Shared Folder before any request', async (_, namespaceId) => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { root: 'namespaceId', namespaceId },
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/namespaceId', class: 'input' });
		expect(rig().cloud.log).toEqual([]);
	});

	it('may differ from item to item', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'text');
		const result = await rig().dropbox({
			...get,
			options: { root: '={{ $json.root }}' },
			items: [
				{ json: { file: '/a.txt', root: 'automatic' } },
				{ json: { file: '/a.txt', root: 'home' } },
				{ json: { file: '/a.txt', root: 'automatic' } },
			],
		});
		expect(result.status).toBe('success');
		expect(rootsOf(GET)).toEqual(
			expect.arrayContaining([rootOf(personalAccount.rootNamespaceId), undefined]),
		);
		expect(rig().calls(ACCOUNT)).toHaveLength(1);
	});
});

describe("a team's credential", () => {
	beforeEach(async () => {
		await rig().connectDropbox({ kind: 'team' });
	});

	it.each([
		['selectUser', 'dropbox-api-select-user', memberAccount],
		['selectAdmin', 'dropbox-api-select-admin', adminAccount],
	])('acts for the member of %s on every call', async (option, header, account) => {
		const result = await save('/a.txt', { [option]: account.teamMemberId, root: 'automatic' });
		expect(result.status).toBe('success');
		const calls = rig().cloud.log;
		expect(calls.map(({ route }) => route)).toEqual([
			ACCOUNT,
			START,
			ACCOUNT,
			'files/upload_session/finish',
		]);
		for (const { headers } of calls) expect(headers[header]).toBe(account.teamMemberId);
	});

	it('acts for the member of each item', async () => {
		const result = await rig().dropbox({
			...start,
			options: { selectUser: '={{ $json.member }}' },
			items: [
				{ json: { member: memberAccount.teamMemberId } },
				{ json: { member: adminAccount.teamMemberId } },
			],
		});
		expect(result.status).toBe('success');
		expect(
			rig()
				.calls(START)
				.map(({ headers }) => headers['dropbox-api-select-user'])
				.sort(),
		).toEqual([memberAccount.teamMemberId, adminAccount.teamMemberId].sort());
	});

	it('says that a member must be named', async () => {
		const result = await rig().dropbox({ ...start, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'auth/team_token', class: 'input' });
		expect(errorsOf(result)[0]!.description).toContain('Act as Team Member');
	});

	it.each([
		['selectUser', 'invalid_select_user'],
		['selectAdmin', 'invalid_select_admin'],
	])('says that the member of %s is not valid', async (option, path) => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { [option]: 'dbmid:nobody' },
		});
		expect(errorsOf(result)[0]).toMatchObject({ path, class: 'input', status: 401 });
	});

	it('refuses a member and an administrator at once, before any request', async () => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { selectUser: 'dbmid:a', selectAdmin: 'dbmid:b' },
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/selectUser', class: 'input' });
		expect(rig().cloud.log).toEqual([]);
	});

	it('lets no line break into a header', async () => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			options: { selectUser: 'dbmid:a\r\nX-Other: 1' },
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/selectUser', class: 'input' });
		expect(rig().cloud.log).toEqual([]);
	});
});
