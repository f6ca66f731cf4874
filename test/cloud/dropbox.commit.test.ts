import { CloudClient } from './client';
import { startCloud, type LoopbackCloud } from './index';

let cloud: LoopbackCloud;
let client: CloudClient;

beforeAll(async () => {
	cloud = await startCloud();
	client = new CloudClient(cloud, cloud.issueToken('dropbox').accessToken);
});

beforeEach(() => cloud.reset());
afterEach(() => expect(cloud.errors).toEqual([]));

afterAll(async () => {
	await client.close();
	await cloud.stop();
});

type Argument = Record<string, unknown>;

const upload = (path: string, bytes: string, more: Argument = {}) =>
	client.content('files/upload', { path, ...more }, bytes);

const update = (rev: string) => ({ mode: { '.tag': 'update', update: rev } });

/** What `files/upload` answers when the path is refused. */
const refused = (reason: Argument) => ({
	status: 409,
	json: { error: { '.tag': 'path', reason, upload_session_id: expect.any(String) as string } },
});

const conflict = (kind: string) => refused({ '.tag': 'conflict', conflict: { '.tag': kind } });

const paths = () =>
	cloud.dropbox
		.files()
		.map(({ path }) => path)
		.sort();

describe('a name that exists', () => {
	it('is a conflict for add, unless the content is the same', async () => {
		const first = await upload('/a.txt', 'one');
		expect(await upload('/A.TXT', 'two')).toMatchObject(conflict('file'));
		const same = await upload('/a.txt', 'one');
		expect(same).toMatchObject({ status: 200, json: { rev: first.json.rev } });
		expect(await upload('/a.txt', 'one', { strict_conflict: true })).toMatchObject(
			conflict('file'),
		);
	});

	it('gets a number with autorename', async () => {
		cloud.dropbox.putFile('/d/a.tar.gz', 'one');
		cloud.dropbox.putFile('/d/.hidden', 'one');
		const names: string[] = [];
		for (const [path, bytes] of [
			['/d/a.tar.gz', 'two'],
			['/d/a.tar.gz', 'three'],
			['/d/.hidden', 'two'],
			['/d', 'a folder of that name'],
		] as const) {
			names.push((await upload(path, bytes, { autorename: true })).json.path_display);
		}
		expect(names).toEqual(['/d/a.tar (1).gz', '/d/a.tar (2).gz', '/d/.hidden (1)', '/d (1)']);
	});

	it('is replaced by overwrite, the id staying and the revision changing', async () => {
		const first = (await upload('/a', 'one')).json;
		const second = (await upload('/A', 'two', { mode: 'overwrite' })).json;
		expect(second).toMatchObject({ id: first.id, path_display: '/a', size: 3 });
		expect(second.rev).not.toBe(first.rev);
		expect(second.rev).toMatch(/^[0-9a-f]{9,}$/);
		expect(paths()).toEqual(['/a']);
	});

	it('is replaced by update of the revision that is there', async () => {
		const { rev, id } = cloud.dropbox.putFile('/a', 'one');
		expect((await upload('/a', 'two', update(rev))).json).toMatchObject({ id });
		expect(await upload('/a', 'three', update(rev))).toMatchObject(conflict('file'));
		const copy = await upload('/a', 'three', { ...update(rev), autorename: true });
		expect(copy.json).toMatchObject({ path_display: '/a (conflicted copy)' });
		cloud.dropbox.removeFile('/a');
		expect(await upload('/a', 'four', { ...update(rev), strict_conflict: true })).toMatchObject(
			conflict('file'),
		);
		expect((await upload('/a', 'four', update(rev))).status).toBe(200);
	});

	it('is a conflict of its kind for a folder, and for a file in the way', async () => {
		cloud.dropbox.putFile('/folder/file', 'x');
		expect(await upload('/folder', 'x', { mode: 'overwrite' })).toMatchObject(conflict('folder'));
		expect(await upload('/folder/file/below/it', 'x')).toMatchObject(conflict('file_ancestor'));
	});

	it('can be found by id', async () => {
		const { id } = cloud.dropbox.putFile('/a', 'one');
		const reply = await upload(id, 'two', { mode: 'overwrite' });
		expect(reply.json).toMatchObject({ id, path_display: '/a', size: 3 });
		expect(await upload('id:unknown', 'x')).toMatchObject(refused({ '.tag': 'malformed_path' }));
	});
});

describe('a path', () => {
	it('keeps the case of its first parents, and finds them in any', async () => {
		await upload('/Über/Sub/a', 'x');
		const reply = await upload('/üBER/sub/B', 'x');
		expect(reply.json).toMatchObject({
			path_display: '/Über/Sub/B',
			path_lower: '/über/sub/b',
			name: 'B',
		});
	});

	it.each([
		['/a//b', 'malformed_path'],
		['/a/', 'malformed_path'],
		['/', 'malformed_path'],
		['/a\\b', 'malformed_path'],
		['/../a', 'malformed_path'],
		['/a.txt\n', 'malformed_path'],
		['/a\tb', 'malformed_path'],
		['/a\u007fb', 'malformed_path'],
		['/a /b', 'malformed_path'],
		['/a ', 'malformed_path'],
		['/x/Desktop.ini', 'disallowed_name'],
		['/Icon\r', 'disallowed_name'],
		['/.dropbox', 'disallowed_name'],
		[`/${'n'.repeat(256)}`, 'disallowed_name'],
		[`/${'😀'.repeat(256)}`, 'disallowed_name'],
	])('%s is refused as %s', async (path, tag) => {
		expect(await upload(path, 'x')).toMatchObject(refused({ '.tag': tag }));
	});

	it.each(['a', '', '~/a', 'C:\\a'])('%j is no path at all', async (path) => {
		const reply = await upload(path, 'x');
		expect(reply.status).toBe(400);
		expect(reply.text).toMatch(/HTTP header "Dropbox-API-Arg": path: .* did not match pattern/);
	});

	it('takes what JSON escapes for the header', async () => {
		const name = `/日本 \u00ad€${'😀'.repeat(200)}.txt`;
		const reply = await upload(name, 'x');
		expect(reply.json).toMatchObject({ path_display: name });
	});
});

describe('a path in NFD', () => {
	const nfd = '/Résumé.txt'.normalize('NFD');
	const nfc = '/Résumé.txt'.normalize('NFC');

	it('is stored in NFC by a commit, which finds what is there', async () => {
		expect((await upload(nfd, 'one')).json).toMatchObject({
			path_display: nfc,
			name: nfc.slice(1),
		});
		expect(await upload(nfd, 'two')).toMatchObject(conflict('file'));
	});

	it('is not found by a look-up', async () => {
		await upload(nfc, 'one');
		const ask = async (path: string) => await client.rpc('files/get_metadata', { path });
		expect((await ask(nfc)).status).toBe(200);
		expect((await ask(nfd)).json).toMatchObject({ error: { path: { '.tag': 'not_found' } } });
	});
});

describe('what a commit stores', () => {
	it('has the given time of change, or that of the upload', async () => {
		const time = '2001-02-03T04:05:06Z';
		expect((await upload('/a', 'x', { client_modified: time })).json).toMatchObject({
			client_modified: time,
			server_modified: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
		});
		const untold = (await upload('/b', 'x')).json;
		expect(untold.client_modified).toBe(untold.server_modified);
		expect((await upload('/c', 'x', { client_modified: '2001-02-03' })).status).toBe(400);
	});

	it('fits the quota', async () => {
		cloud.dropbox.settings.quotaBytes = 10;
		expect((await upload('/a', '12345678')).status).toBe(200);
		expect(await upload('/b', '123')).toMatchObject(refused({ '.tag': 'insufficient_space' }));
		expect((await upload('/a', '1234567890', { mode: 'overwrite' })).status).toBe(200);
		cloud.dropbox.settings.quotaBytes = Infinity;
	});

	it('has its property groups, or is stored without them', async () => {
		cloud.dropbox.settings.templateIds = ['ptid:known'];
		const group = (id: string) => ({
			property_groups: [{ template_id: id, fields: [{ name: 'a', value: 'b' }] }],
		});
		const known = await upload('/a', 'x', group('ptid:known'));
		expect(known.json).toMatchObject(group('ptid:known'));
		expect(await upload('/b', 'x', group('ptid:unknown'))).toMatchObject({
			status: 409,
			json: {
				error_summary: expect.stringMatching(/^properties_error\/template_not_found/) as string,
				error: {
					'.tag': 'properties_error',
					properties_error: {
						'.tag': 'template_not_found',
						template_not_found: 'ptid:unknown',
					},
				},
			},
		});
		expect(cloud.dropbox.file('/b')?.propertyGroups).toEqual([]);
	});

	it('can be retried from the session that a refused upload names', async () => {
		cloud.dropbox.putFile('/a', 'other');
		const reply = await upload('/a', 'mine');
		const cursor = {
			session_id: reply.json.error.upload_session_id,
			offset: 4,
		};
		const route = 'files/upload_session/finish';
		expect((await client.content(route, { cursor, commit: { path: '/b' } })).status).toBe(200);
		expect(cloud.dropbox.file('/b')?.bytes?.toString()).toBe('mine');
	});

	it('waits for the lock of the account', async () => {
		cloud.dropbox.contention.failNext(1);
		const busy = { '.tag': 'too_many_write_operations' };
		expect(await upload('/a', 'x')).toMatchObject(refused(busy));
		expect((await upload('/a', 'x')).status).toBe(200);
	});

	it('keeps the hash of everything and the bytes of little', async () => {
		cloud.dropbox.settings.keepBytesUpTo = 3;
		await upload('/little', 'abc');
		await upload('/more', 'abcd');
		expect(cloud.dropbox.file('/little')?.bytes?.toString()).toBe('abc');
		expect(cloud.dropbox.file('/more')).toMatchObject({ size: 4, bytes: undefined });
		cloud.dropbox.settings.keepBytesUpTo = 1024 * 1024;
	});
});

describe('an upload from a URL', () => {
	const check = async (jobId: unknown) =>
		await client.rpc('files/save_url/check_job_status', { async_job_id: jobId });

	it('fetches through the hook only, and gives another name on conflict', async () => {
		cloud.dropbox.settings.fetchUrl = async (url) => Buffer.from(`from ${url}`);
		cloud.dropbox.putFile('/a.txt', 'other');
		const url = 'https://files.example/a';
		const launched = await client.rpc('files/save_url', { path: '/a.txt', url });
		expect((await check(launched.json.async_job_id)).json).toEqual({ '.tag': 'in_progress' });
		expect((await check(launched.json.async_job_id)).json).toMatchObject({
			'.tag': 'complete',
			path_display: '/a (1).txt',
		});
		expect(cloud.dropbox.file('/a (1).txt')?.bytes?.toString()).toBe(`from ${url}`);
		delete cloud.dropbox.settings.fetchUrl;
	});

	it('fails when nothing can be fetched, or the address is none', async () => {
		const launched = await client.rpc('files/save_url', { path: '/a', url: 'https://x.example' });
		await check(launched.json.async_job_id);
		expect((await check(launched.json.async_job_id)).json).toEqual({
			'.tag': 'failed',
			failed: { '.tag': 'download_failed' },
		});
		expect(await client.rpc('files/save_url', { path: '/a', url: 'file:///etc' })).toMatchObject({
			status: 409,
			json: { error: { '.tag': 'invalid_url' } },
		});
	});
});
