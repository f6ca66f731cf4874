/** How the clouds give out content: addresses that expire, redirects that hold one, ranges. */
import { boxAccounts } from './box';
import { CloudClient } from './client';
import { personalAccount, adminAccount } from './dropbox';
import { startCloud, type LoopbackCloud } from './index';

let cloud: LoopbackCloud;
let dropbox: CloudClient;
let other: CloudClient;
let box: CloudClient;
let nobody: CloudClient;

beforeAll(async () => {
	cloud = await startCloud();
	const as = (accountId: string) => cloud.issueToken('dropbox', { accountId }).accessToken;
	dropbox = new CloudClient(cloud, as(personalAccount.accountId));
	other = new CloudClient(cloud, as(adminAccount.accountId));
	box = new CloudClient(cloud, cloud.issueToken('box').accessToken);
	nobody = new CloudClient(cloud);
});
beforeEach(() => cloud.reset());
afterEach(() => expect(cloud.errors).toEqual([]));
afterAll(async () => {
	for (const client of [dropbox, other, box, nobody]) await client.close();
	await cloud.stop();
});

const get = async (client: CloudClient, url: string, headers: Record<string, string> = {}) =>
	await client.send(url, { method: 'GET', headers });

describe('Dropbox', () => {
	const linkTo = async (path: string) =>
		await dropbox.rpc<{ link: string; error_summary: string }>('files/get_temporary_link', {
			path,
		});

	it('gives an address that needs no sign-in, takes ranges, and is gone after four hours', async () => {
		const { rev } = cloud.dropbox.putFile('/a.txt', 'hello');
		const { link } = (await linkTo('/a.txt')).json;
		expect((await get(nobody, link)).text).toBe('hello');
		const rest = await get(nobody, link, { range: 'bytes=2-' });
		expect([rest.status, rest.text, rest.headers['content-range']]).toEqual([
			206,
			'llo',
			'bytes 2-4/5',
		]);
		expect((await get(nobody, link, { range: 'bytes=5-' })).status).toBe(416);
		cloud.dropbox.expireTemporaryLinks();
		expect((await get(nobody, link)).status).toBe(410);
		cloud.dropbox.putFile('/a.txt', 'another');
		const old = (await linkTo(`rev:${rev}`)).json.link;
		expect((await get(nobody, old)).text).toBe('hello');
	});

	it('gives none for a document, a restricted file or a folder', async () => {
		cloud.dropbox.putFile('/d.paper', '', { exportAs: 'html' });
		cloud.dropbox.putFile('/f/r.bin', 'r', { linkRefusal: { '.tag': 'not_allowed' } });
		expect((await linkTo('/d.paper')).json.error_summary).toMatch(/^unsupported_file\//);
		expect((await linkTo('/f/r.bin')).json.error_summary).toMatch(/^not_allowed\//);
		expect((await linkTo('/f')).json.error_summary).toMatch(/^path\/not_file\//);
		expect((await linkTo('/no')).json.error_summary).toMatch(/^path\/not_found\//);
	});

	it('opens a shared link for another account, with the token, a folder level by level', async () => {
		cloud.dropbox.putFile('/s/in/a.txt', 'hello');
		const made = await dropbox.rpc('sharing/create_shared_link_with_settings', { path: '/s' });
		const { url } = made.json;
		const seen = await other.rpc('sharing/get_shared_link_metadata', { url });
		expect([seen.json['.tag'], seen.json.path_lower]).toEqual(['folder', undefined]);
		const own = await dropbox.rpc('sharing/get_shared_link_metadata', { url });
		expect(own.json.path_lower).toBe('/s');
		const shared_link = { url };
		const listed = await other.rpc('files/list_folder', { path: '/in', shared_link });
		expect(listed.json.entries.map(({ name }) => name)).toEqual(['a.txt']);
		const deep = { path: '', shared_link, recursive: true };
		expect((await other.rpc('files/list_folder', deep)).status).toBe(400);
		const route = 'sharing/get_shared_link_file';
		const bare = { 'content-type': undefined };
		const file = await other.content(route, { url, path: '/in/a.txt' }, '', bare);
		expect([file.status, file.text]).toEqual([200, 'hello']);
		expect(String(file.headers['dropbox-api-result'])).toContain('"a.txt"');
		const folder = await other.content(route, { url }, '', bare);
		expect(folder.json.error_summary).toMatch(/^shared_link_is_directory\//);
		const none = await other.rpc('sharing/get_shared_link_metadata', { url: `${url}x` });
		expect(none.json.error_summary).toMatch(/^shared_link_not_found\//);
	});
});

describe('Box', () => {
	const contentOf = async (id: string, query = '', headers = {}) =>
		await get(box, `https://api.box.com/2.0/files/${id}/content${query}`, headers);

	it('redirects to an address that needs no sign-in and expires, also of an earlier version', async () => {
		const { id } = cloud.box.putFile({ name: 'a.txt', content: 'hello' });
		const file = await get(box, `https://api.box.com/2.0/files/${id}?fields=file_version`);
		const { id: version } = (file.json as unknown as { file_version: { id: string } }).file_version;
		cloud.box.putFile({ name: 'a.txt', content: 'another' });
		const answer = await contentOf(id, `?version=${version}`);
		expect(answer.status).toBe(302);
		const location = String(answer.headers.location);
		expect((await get(nobody, location)).text).toBe('hello');
		expect((await get(nobody, location, { range: 'bytes=2-' })).text).toBe('llo');
		cloud.box.expireDownloadUrls();
		expect((await get(nobody, location)).status).toBe(404);
		expect((await contentOf('1')).status).toBe(404);
	});

	it('says when the content is not ready', async () => {
		const { id } = cloud.box.putFile({ name: 'a.txt', content: 'hello' });
		cloud.box.settings.content202 = 1;
		const answer = await contentOf(id);
		expect([answer.status, answer.headers['retry-after']]).toEqual([202, '1']);
		expect((await contentOf(id)).status).toBe(302);
	});

	it('opens what a link shares, and what is below it, for whoever sends the link', async () => {
		const userId = boxAccounts.colleague.id;
		const folder = cloud.box.putFolder({ name: 's', userId });
		const { id } = cloud.box.putFile({ name: 'a', content: 'a', parentId: folder.id, userId });
		cloud.box.putWebLink('w', 'https://example.com/', folder.id, userId);
		const boxapi = `shared_link=${cloud.box.share(folder.id, 'pw')}`;
		const opened = { boxapi: `${boxapi}&shared_link_password=pw` };
		const shared = await get(box, 'https://api.box.com/2.0/shared_items', opened);
		expect(shared.json.id).toBe(folder.id);
		const items = `https://api.box.com/2.0/folders/${folder.id}/items?usemarker=true&fields=name`;
		const listed = await get(box, items, opened);
		expect(listed.json.entries.map(({ name }) => name)).toEqual(['a', 'w']);
		expect((await contentOf(id, '', opened)).status).toBe(302);
		expect((await contentOf(id, '', { boxapi })).status).toBe(404);
		expect((await contentOf(id)).status).toBe(404);
	});
});
