import { CloudClient } from './client';
import { adminAccount, memberAccount, personalAccount, teamFolder } from './dropbox';
import { startCloud, type LoopbackCloud } from './index';

let cloud: LoopbackCloud;
let client: CloudClient;
const clients: CloudClient[] = [];

function clientWith(...options: Parameters<LoopbackCloud['dropbox']['issueToken']>): CloudClient {
	return clientOf(cloud.dropbox.issueToken(...options).accessToken);
}

function clientOf(accessToken?: string): CloudClient {
	const made = new CloudClient(cloud, accessToken);
	clients.push(made);
	return made;
}

beforeAll(async () => {
	cloud = await startCloud();
	client = clientWith();
});

beforeEach(() => cloud.reset());
afterEach(() => expect(cloud.errors).toEqual([]));

afterAll(async () => {
	await Promise.all(clients.map((made) => made.close()));
	await cloud.stop();
});

const refusedAs = (status: number, tag: string) => ({
	status,
	json: { error_summary: expect.stringMatching(`^${tag}/`) as string, error: { '.tag': tag } },
});

const pathRoot = (root: Record<string, string>) => ({
	'dropbox-api-path-root': JSON.stringify(root),
});

describe('the token', () => {
	it('is wanted, known and not expired', async () => {
		const account = 'users/get_current_account';
		expect((await clientOf().rpc(account)).status).toBe(400);
		expect(await clientOf('sl.made-up').rpc(account)).toMatchObject(
			refusedAs(401, 'invalid_access_token'),
		);
		// What does not look like a token is not even looked up.
		expect((await clientOf('made-up').rpc(account)).status).toBe(400);
		const short = clientWith({ expiresInSec: 60 });
		expect((await short.rpc(account)).status).toBe(200);
		cloud.clock.advance(60_000);
		expect(await short.rpc(account)).toMatchObject(refusedAs(401, 'expired_access_token'));
		expect((await client.rpc(account)).status).toBe(200);
	});

	it('needs the scope of the route', async () => {
		const reader = clientWith({ scopes: ['account_info.read', 'files.metadata.read'] });
		expect((await reader.rpc('users/get_current_account')).status).toBe(200);
		expect(await reader.content('files/upload', { path: '/a' }, 'x')).toMatchObject({
			status: 401,
			json: {
				error_summary: expect.stringMatching(/^missing_scope\//) as string,
				error: { '.tag': 'missing_scope', required_scope: 'files.content.write' },
			},
		});
	});

	it('of a team acts for the member it names, and no other token names one', async () => {
		const team = clientWith({ kind: 'team' });
		const member = { 'dropbox-api-select-user': memberAccount.teamMemberId };
		const admin = { 'dropbox-api-select-admin': adminAccount.teamMemberId };
		const account = 'users/get_current_account';
		expect((await team.rpc(account)).text).toContain('Dropbox-API-Select-User');
		expect((await team.rpc(account, null, member)).json.email).toBe(memberAccount.email);
		expect((await team.rpc(account, null, admin)).json.email).toBe(adminAccount.email);
		const nobody = { 'dropbox-api-select-user': 'dbmid:nobody' };
		expect(await team.rpc(account, null, nobody)).toMatchObject(
			refusedAs(401, 'invalid_select_user'),
		);
		expect(await client.rpc(account, null, member)).toMatchObject(
			refusedAs(401, 'invalid_select_user'),
		);
		expect(await client.rpc(account, null, admin)).toMatchObject(
			refusedAs(401, 'invalid_select_admin'),
		);
		const url = { path: '/a', url: 'https://x.example' };
		expect((await team.rpc('files/save_url', url, admin)).status).toBe(400);
	});
});

describe('the path root', () => {
	const write = (who: CloudClient, path: string, headers: Record<string, string> = {}) =>
		who.content('files/upload', { path }, 'x', headers);

	it('is the home folder by default, and the team space when asked for', async () => {
		const member = clientWith({ accountId: memberAccount.accountId });
		const info = (await member.rpc('users/get_current_account')).json.root_info;
		expect(info).toEqual({
			'.tag': 'team',
			root_namespace_id: memberAccount.rootNamespaceId,
			home_namespace_id: memberAccount.homeNamespaceId,
			home_path: '/Mel Member',
		});
		const root = pathRoot({ '.tag': 'root', root: memberAccount.rootNamespaceId });
		await write(member, '/x');
		await write(member, '/x', root);
		const inHome = await write(member, '/Mel Member/y', root);
		expect(inHome.json).toMatchObject({ path_display: '/Mel Member/y' });
		expect(cloud.dropbox.files().map(({ namespaceId, path }) => `${namespaceId} ${path}`)).toEqual(
			expect.arrayContaining([
				`${memberAccount.homeNamespaceId} /x`,
				`${memberAccount.rootNamespaceId} /x`,
				`${memberAccount.homeNamespaceId} /y`,
			]),
		);
		expect(cloud.dropbox.files({ namespace: memberAccount.homeNamespaceId })).toHaveLength(2);
	});

	it('can be a namespace, which a path can name as well', async () => {
		const member = clientWith({ accountId: memberAccount.accountId });
		const { namespaceId } = teamFolder;
		const root = pathRoot({ '.tag': 'namespace_id', namespace_id: namespaceId });
		expect((await write(member, '/a', root)).json).toMatchObject({ path_display: '/a' });
		expect((await write(member, `ns:${namespaceId}/b`)).json).toMatchObject({
			name: 'b',
			parent_shared_folder_id: namespaceId,
		});
		expect(cloud.dropbox.files({ namespace: namespaceId })).toHaveLength(2);
	});

	it('is refused with the right one when it is wrong, and for somebody else’s', async () => {
		expect(await write(client, '/a', pathRoot({ '.tag': 'root', root: '42' }))).toMatchObject({
			status: 422,
			json: {
				error_summary: expect.stringMatching(/^invalid_root\//) as string,
				error: {
					'.tag': 'invalid_root',
					invalid_root: {
						'.tag': 'user',
						root_namespace_id: personalAccount.rootNamespaceId,
						home_namespace_id: personalAccount.homeNamespaceId,
					},
				},
			},
		});
		const foreign = { '.tag': 'namespace_id', namespace_id: memberAccount.homeNamespaceId };
		expect(await write(client, '/a', pathRoot(foreign))).toMatchObject(
			refusedAs(422, 'no_permission'),
		);
		expect((await write(client, '/a', { 'dropbox-api-path-root': '{bad' })).status).toBe(400);
		expect((await write(client, '/a', pathRoot({ '.tag': 'moon' }))).status).toBe(400);
	});

	it('hides the homes of others in the team space', async () => {
		const member = clientWith({ accountId: memberAccount.accountId });
		const root = pathRoot({ '.tag': 'root', root: memberAccount.rootNamespaceId });
		const listed = await member.rpc('files/list_folder', { path: '' }, root);
		expect((listed.json.entries as { name: string }[]).map(({ name }) => name)).toEqual([
			'Marketing',
			'Mel Member',
		]);
		expect((await write(member, '/Ada Admin/a', root)).status).toBe(409);
	});

	it('cannot be written where the folder is read-only', async () => {
		cloud.dropbox.mount(personalAccount.rootNamespaceId, '/Readers', '77', true);
		expect((await write(client, '/Readers/a')).json).toMatchObject({
			error: { reason: { '.tag': 'no_write_permission' } },
		});
	});

	it('is the app folder for an app that has no more', async () => {
		cloud.dropbox.settings.isAppFolderApp = true;
		expect((await write(client, '/a')).json).toMatchObject({ path_display: '/a' });
		const root = pathRoot({ '.tag': 'root', root: personalAccount.rootNamespaceId });
		expect(await write(client, '/a', root)).toMatchObject(refusedAs(422, 'no_permission'));
		expect((await client.rpc('sharing/get_file_metadata', { file: '/a' })).status).toBe(400);
		cloud.dropbox.settings.isAppFolderApp = false;
		const home = await client.rpc('files/get_metadata', { path: '/Apps/Upload Sessions/A' });
		expect(home.json).toMatchObject({ '.tag': 'file', name: 'a' });
	});
});

describe('the shape of a call', () => {
	const bad = (text: string) => ({
		status: 400,
		json: undefined,
		text: expect.stringContaining(text) as string,
		headers: { 'x-dropbox-request-id': expect.any(String) as string },
	});

	it('wants the content type of its style', async () => {
		const json = { 'content-type': 'application/json' };
		expect(await client.content('files/upload', { path: '/a' }, 'x', json)).toMatchObject(
			bad(
				'Error in call to API function "files/upload": Bad HTTP "Content-Type" header: "application/json".  Expecting one of "application/octet-stream"',
			),
		);
		const bytes = { 'content-type': 'application/octet-stream' };
		expect(await client.rpc('check/user', {}, bytes)).toMatchObject(bad('Content-Type'));
		const none = { 'content-type': undefined };
		expect(await client.rpc('check/user', {}, none)).toMatchObject(bad('Content-Type'));
		expect(await client.content('files/upload', { path: '/a' }, 'x', none)).toMatchObject(
			bad('Content-Type'),
		);
	});

	it('wants an argument that is JSON in ASCII', async () => {
		const header = (value: string | undefined) =>
			client.content('files/upload', {}, 'x', { 'dropbox-api-arg': value });
		expect(await header(undefined)).toMatchObject(bad('Must provide HTTP header'));
		expect(await header('{"path":')).toMatchObject(bad('could not decode input as JSON'));
		expect(await header('{"path":"/\xfc"}')).toMatchObject(bad('could not decode input as JSON'));
		const body = await client.send('https://api.dropboxapi.com/2/check/user', {
			headers: { 'content-type': 'application/json' },
			body: '{"query":',
		});
		expect(body).toMatchObject(bad('request body: could not decode input as JSON'));
	});

	it('refuses a header above the limit, as a front end does', async () => {
		const path = `/${'n'.repeat(9000)}`;
		expect(await client.content('files/upload', { path }, 'x')).toMatchObject({
			status: 431,
			headers: { 'content-type': 'text/html' },
		});
		cloud.dropbox.settings.oversizedHeaderStatus = 400;
		expect((await client.content('files/upload', { path }, 'x')).text).toContain('Header');
		cloud.dropbox.settings.maxArgumentHeaderBytes = 10_000;
		expect((await client.content('files/upload', { path }, 'x')).status).toBe(409);
		cloud.dropbox.settings.maxArgumentHeaderBytes = 8192;
		cloud.dropbox.settings.oversizedHeaderStatus = 431;
	});

	it.each([
		[{ path: '/a', other: 1 }, "unknown field 'other'"],
		[{}, "missing required field 'path'"],
		[{ path: 7 }, 'path: expected string, got integer'],
		[{ path: '/a', mode: 'replace' }, "mode: unknown tag 'replace'"],
		[{ path: '/a', mode: 'update' }, "mode: missing 'update' key"],
		[{ path: '/a', mute: 'yes' }, 'mute: expected boolean, got string'],
		[{ path: '/a', content_hash: 'abc' }, 'content_hash'],
		[{ path: '/a', property_groups: [{ template_id: 'x', fields: [] }] }, 'did not match pattern'],
		[[], 'expected object, got list'],
	])('refuses %j', async (argument, message) => {
		expect(await client.content('files/upload', argument, 'x')).toMatchObject(bad(message));
	});

	it('wants the right host, method and function', async () => {
		const headers = { 'content-type': 'application/octet-stream', 'dropbox-api-arg': '{}' };
		const wrongHost = 'https://api.dropboxapi.com/2/files/upload';
		expect(await client.send(wrongHost, { headers })).toMatchObject(bad('content.dropboxapi.com'));
		const get = 'https://api.dropboxapi.com/2/check/user';
		expect(await client.send(get, { method: 'GET' })).toMatchObject(bad('POST'));
		expect(await client.rpc('files/teleport')).toMatchObject(
			bad(
				'Error in call to API function "files/teleport": Unknown API function: /2/files/teleport',
			),
		);
	});

	it('may leave out the body where there is no argument', async () => {
		const url = 'https://api.dropboxapi.com/2/users/get_current_account';
		expect((await client.send(url)).status).toBe(200);
		const json = { headers: { 'content-type': 'application/json' } };
		expect((await client.send(url, { ...json, body: 'null' })).status).toBe(200);
		expect((await client.send(url, { ...json, body: '{}' })).status).toBe(400);
	});
});

describe('listing', () => {
	it('finds metadata by path, id and revision', async () => {
		const { id, rev } = cloud.dropbox.putFile('/D/a', 'x');
		for (const path of ['/d/A', id, `rev:${rev}`]) {
			const reply = await client.rpc('files/get_metadata', { path });
			expect(reply.json).toMatchObject({ '.tag': 'file', id, path_display: '/D/a', size: 1 });
		}
		const folder = await client.rpc('files/get_metadata', { path: '/d' });
		expect(folder.json).toMatchObject({ '.tag': 'folder', name: 'D' });
		expect(await client.rpc('files/get_metadata', { path: '/no' })).toMatchObject({
			status: 409,
			json: { error: { '.tag': 'path', path: { '.tag': 'not_found' } } },
		});
	});

	it('pages through a folder, then tells what has changed', async () => {
		for (let file = 0; file < 5; file += 1) cloud.dropbox.putFile(`/f/${file}`, 'x');
		cloud.dropbox.putFile('/f/sub/deep', 'x');
		const names: string[][] = [];
		const collect = (json: { entries: { path_lower: string }[] }) =>
			names.push(json.entries.map(({ path_lower: path }) => path));
		let reply = await client.rpc('files/list_folder', { path: '/f', limit: 4 });
		collect(reply.json);
		while (reply.json.has_more) {
			reply = await client.rpc('files/list_folder/continue', { cursor: reply.json.cursor });
			collect(reply.json);
		}
		cloud.dropbox.putFile('/f/new', 'x');
		reply = await client.rpc('files/list_folder/continue', { cursor: reply.json.cursor });
		collect(reply.json);
		expect(names).toEqual([['/f/0', '/f/1', '/f/2', '/f/3'], ['/f/4', '/f/sub'], ['/f/new']]);
		const deep = await client.rpc('files/list_folder', { path: '/f', recursive: true });
		expect(deep.json.entries).toHaveLength(8);
	});

	it.each([
		[{ path: '/no' }, 409, 'path/not_found'],
		[{ path: '/file' }, 409, 'path/not_folder'],
		[{ path: '/' }, 400, 'empty string'],
		[{ path: '', limit: 2001 }, 400, 'limit'],
	])('refuses %j', async (argument, status, text) => {
		cloud.dropbox.putFile('/file', 'x');
		const reply = await client.rpc('files/list_folder', argument);
		expect(reply.status).toBe(status);
		expect(reply.text).toContain(text);
	});

	it('makes folders in one call, each with its own result', async () => {
		cloud.dropbox.putFile('/file', 'x');
		const paths = ['/a/b', '/file', '/a/b', '/file/x'];
		const reply = await client.rpc('files/create_folder_batch', { paths });
		const failure = (kind: string) => ({
			'.tag': 'failure',
			failure: { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': kind } } },
		});
		expect(reply.json).toMatchObject({
			'.tag': 'complete',
			entries: [
				{ '.tag': 'success', metadata: { path_display: '/a/b' } },
				failure('file'),
				failure('folder'),
				failure('file_ancestor'),
			],
		});
		const later = await client.rpc('files/create_folder_batch', {
			paths: ['/c'],
			force_async: true,
		});
		const check = () =>
			client.rpc('files/create_folder_batch/check', {
				async_job_id: later.json.async_job_id,
			});
		expect((await check()).json).toEqual({ '.tag': 'in_progress' });
		expect((await check()).json).toMatchObject({ '.tag': 'complete' });
		expect((await client.rpc('files/save_url/check_job_status', later.json)).status).toBe(400);
	});
});

describe('sharing', () => {
	const create = (path: string, settings?: object) =>
		client.rpc('sharing/create_shared_link_with_settings', { path, settings });

	it('makes one link for a file, and names it to whoever wants another', async () => {
		cloud.dropbox.putFile('/d/a b.txt', 'x');
		const made = await create('/d/a b.txt');
		expect(made.json).toMatchObject({ '.tag': 'file', name: 'a b.txt', path_lower: '/d/a b.txt' });
		expect(await create('/d/a b.txt')).toMatchObject({
			status: 409,
			json: {
				error_summary: expect.stringMatching(/^shared_link_already_exists\/metadata/) as string,
				error: {
					'.tag': 'shared_link_already_exists',
					shared_link_already_exists: {
						'.tag': 'metadata',
						metadata: { url: made.json.url },
					},
				},
			},
		});
		expect((await create('/no')).json).toMatchObject({ error: { path: { '.tag': 'not_found' } } });
		expect(await create('/d', { require_password: true })).toMatchObject({
			status: 409,
			json: { error: { settings_error: { '.tag': 'invalid_settings' } } },
		});
	});

	it('lists links, those of the folders above included', async () => {
		cloud.dropbox.putFile('/d/a', 'x');
		for (const path of ['/d/a', '/d']) await create(path);
		const list = (argument: object) => client.rpc('sharing/list_shared_links', argument);
		const names = async (argument: object) =>
			(await list(argument)).json.links.map(({ name }) => name);
		expect(await names({})).toEqual(['a', 'd']);
		expect(await names({ path: '/d/a' })).toEqual(['a', 'd']);
		expect(await names({ path: '/d/a', direct_only: true })).toEqual(['a']);
		cloud.dropbox.settings.sharedLinksPageSize = 1;
		const first = await list({});
		expect(first.json).toMatchObject({ has_more: true });
		expect(await names({ cursor: first.json.cursor })).toEqual(['d']);
		cloud.dropbox.settings.sharedLinksPageSize = 100;
	});

	it('tells everything about a shared file, and whether each asked action is allowed', async () => {
		const { id } = cloud.dropbox.putFile('/a', 'x');
		const { sharing } = cloud.dropbox;
		sharing.deniedActions = { unshare: { '.tag': 'restricted_by_team' } };
		const actions = [{ '.tag': 'unshare' }, 'create_view_link'];
		const reply = await client.rpc('sharing/get_file_metadata', { file: '/a', actions });
		expect(reply.json).toMatchObject({
			id,
			path_display: '/a',
			access_type: { '.tag': 'owner' },
			policy: { acl_update_policy: { '.tag': 'owner' } },
			expected_link_metadata: { password_protected: false },
			permissions: [
				{
					action: { '.tag': 'unshare' },
					allow: false,
					reason: { '.tag': 'restricted_by_team' },
				},
				{ action: { '.tag': 'create_view_link' }, allow: true },
			],
		});
		sharing.override = () => ({ owner_display_names: undefined, time_invited: undefined });
		const without = await client.rpc('sharing/get_file_metadata', { file: id });
		expect(without.json).not.toHaveProperty('owner_display_names');
		delete sharing.override;
		sharing.deniedActions = {};
		const unknown = { file: '/a', actions: ['fly'] };
		expect((await client.rpc('sharing/get_file_metadata', unknown)).status).toBe(400);
	});

	it('refuses files that are none, or as the test says', async () => {
		cloud.dropbox.putFile('/d/a', 'x');
		const { sharing } = cloud.dropbox;
		sharing.accessErrors = { '/d/a': 'no_permission' };
		const files = ['/d/a', '/d', '/no'];
		for (const [index, tag] of ['no_permission', 'is_folder', 'invalid_file'].entries()) {
			const reply = await client.rpc('sharing/get_file_metadata', { file: files[index] });
			expect(reply.json).toMatchObject({
				error: { '.tag': 'access_error', access_error: { '.tag': tag } },
			});
		}
		sharing.accessErrors = {};
		const batch = await client.rpc('sharing/get_file_metadata/batch', { files });
		expect(batch.json).toMatchObject([
			{ file: '/d/a', result: { '.tag': 'metadata', name: 'a' } },
			{ file: '/d', result: { '.tag': 'access_error', access_error: { '.tag': 'is_folder' } } },
			{ file: '/no', result: { '.tag': 'access_error' } },
		]);
		const many = { files: Array.from({ length: 101 }, () => '/d/a') };
		expect((await client.rpc('sharing/get_file_metadata/batch', many)).status).toBe(400);
		sharing.userError = 'email_unverified';
		expect((await client.rpc('sharing/get_file_metadata/batch', { files })).json).toMatchObject({
			error: { '.tag': 'email_unverified' },
		});
		delete sharing.userError;
	});
});
