/** What the server of a link answers, and what becomes of it. */
import { SHORT_WAITS, useRig } from '../../support/rig';
import type { SourceFile } from '../../support/sourceServer';
import { useSourceServer } from '../../support/sourceServer';
import { LIST_ITEMS, storedPaths as boxPaths } from '../boxUpload/uploads';
import { errorsOf, hashOf, hintOf, jsonOf, storedPaths } from '../upload/uploads';
import { MIB, generated, toBox, toDropbox } from './uploads';

const rig = useRig({ pace: SHORT_WAITS });
const source = useSourceServer();

const content = Buffer.from('what the link gives');
const put = (path: string, file: Partial<SourceFile> = {}) =>
	source().put(path, { content, ...file });

describe('the name', () => {
	it.each<[string, string, Partial<SourceFile>]>([
		['/report.pdf', '/files/report.pdf?signature=abc', {}],
		['/grüße 日本.txt', '/files/gr%C3%BC%C3%9Fe%20%E6%97%A5%E6%9C%AC.txt', {}],
		['/b.txt', '/a.txt', { disposition: 'attachment; filename="b.txt"' }],
		[
			'/€ rates.txt',
			'/a.txt',
			{ disposition: `attachment; filename="EUR.txt"; filename*=UTF-8''%e2%82%ac%20rates.txt` },
		],
		['/passwd', '/a.txt', { disposition: 'attachment; filename="../../etc/passwd"' }],
	])('%s comes from %s', async (expected, path, file) => {
		expect(errorsOf(await toDropbox(rig(), { urls: [put(path, file)] }))).toEqual([undefined]);
		expect(storedPaths(rig())).toEqual([expected]);
		expect(errorsOf(await toBox(rig(), { urls: [put(path, file)] }))).toEqual([undefined]);
		expect(boxPaths(rig())).toEqual([expected]);
	});

	it('is asked for when the link has none', async () => {
		const result = await toDropbox(rig(), { urls: [put('/')] });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/fileName', stored: 'no' });
		const named = await toDropbox(rig(), { urls: [put('/')], parameters: { path: '/a/b.txt' } });
		expect(errorsOf(named)).toEqual([undefined]);
		expect(storedPaths(rig())).toEqual(['/a/b.txt']);
	});
});

describe('a link that gives no file', () => {
	const page = Buffer.from('<!doctype html><title>Sign in</title>');

	it.each<[string, SourceFile, object]>([
		[
			'a sign-in page',
			{ content: page, type: 'text/html; charset=utf-8' },
			{ path: 'source/web_page', class: 'user' },
		],
		[
			'nothing there',
			{ content, status: 404 },
			{ path: 'source/not_there', class: 'user', status: 404 },
		],
		['no right', { content, status: 403 }, { path: 'source/sign_in', class: 'user', status: 403 }],
		[
			'a server in trouble',
			{ content, status: 500 },
			{ path: 'source/http_500', class: 'transient' },
		],
		[
			'too many redirects',
			{ content, status: 302, headers: { location: '/a.pdf' } },
			{ path: 'source/redirects', class: 'user' },
		],
	])('%s is said in both nodes, and nothing is stored', async (_, file, expected) => {
		const url = source().put('/a.pdf?token=secret', file);
		for (const send of [toDropbox, toBox]) {
			const result = await send(rig(), { urls: [url], options: { maxRetries: 0 } });
			const [error] = errorsOf(result);
			expect(error).toMatchObject({ stored: 'no', ...expected });
			expect(error?.description).toMatch(/http:\/\/127\.0\.0\.1:\d+\/a\.pdf/);
			// A link is often its own sign-in.
			expect(JSON.stringify(result.logs) + JSON.stringify(result.hints)).not.toContain('secret');
			expect(JSON.stringify(error)).not.toContain('secret');
		}
		expect(storedPaths(rig())).toEqual([]);
		expect(boxPaths(rig())).toEqual([]);
	});

	it('is no reason to leave out the others', async () => {
		const urls = [put('/a.txt'), put('/gone.txt', { status: 410 }), put('/c.txt')];
		const result = await toDropbox(rig(), { urls, stops: true });
		expect(result.status).toBe('error');
		expect(result.error?.message).toBe('There is no file at the URL');
		expect(storedPaths(rig())).toEqual(['/a.txt', '/c.txt']);
	});

	it('is none when a page is what is wanted', async () => {
		const url = source().put('/start', { content: page, type: 'text/html' });
		const run = { urls: [url], parameters: { path: '/pages/start.html' } };
		expect(errorsOf(await toDropbox(rig(), run))).toEqual([undefined]);
		expect(rig().cloud.dropbox.file('/pages/start.html')?.contentHash).toBe(hashOf(page));
	});

	it('is told from one that cannot be reached', async () => {
		const url = 'http://127.0.0.1:9/a.txt';
		const result = await toDropbox(rig(), { urls: [url], options: { maxRetries: 0 } });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'source/unreachable', retryable: true });
	});

	it.each(['', 'ftp://example.com/a', 'report.pdf'])('%p is no address', async (url) => {
		const result = await toDropbox(rig(), { urls: [url] });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/url', stored: 'no' });
		expect(rig().cloud.counters().requests).toBe(0);
	});
});

describe('a file of unknown size', () => {
	it('is refused for Box before anything is sent there', async () => {
		const result = await toBox(rig(), { urls: [put('/a.txt', { length: false })] });
		const [error] = errorsOf(result);
		expect(error).toMatchObject({ path: 'source/no_size', retryable: false, stored: 'no' });
		expect(error?.description).toContain('HTTP Request');
		expect(rig().cloud.counters().requests).toBe(0);
	});

	it.each([
		['small', Buffer.alloc(3 * MIB, 'much the same ')],
		['tiny', Buffer.from('ab')],
		['large', Buffer.alloc(20 * MIB, 'much the same ')],
	])('a %s one that the server packs is unpacked, and whole', async (_, text) => {
		const url = put('/a.txt', { content: text, gzip: true, etag: '"1"' });
		expect(errorsOf(await toDropbox(rig(), { urls: [url] }))).toEqual([undefined]);
		expect(rig().cloud.dropbox.file('/a.txt')).toMatchObject({
			size: text.length,
			contentHash: hashOf(text),
		});
		const [error] = errorsOf(await toBox(rig(), { urls: [url] }));
		expect(error).toMatchObject({ path: 'source/no_size', stored: 'no' });
	});

	it('is packed and broken at once', async () => {
		const noise = Buffer.concat([
			...[1, 2, 3].map((seed) => Buffer.alloc(4 * MIB, `${seed} and so on`)),
		]);
		const file = { content: noise, gzip: true, etag: '"1"', cuts: [10_000] };
		expect(errorsOf(await toDropbox(rig(), { urls: [put('/a.txt', file)] }))).toEqual([undefined]);
		expect(rig().cloud.dropbox.file('/a.txt')?.contentHash).toBe(hashOf(noise));
	});
});

describe('the way', () => {
	it('follows a redirect, and stores what is there', async () => {
		put('/elsewhere.txt');
		const url = source().put('/a.txt', {
			content,
			status: 302,
			headers: { location: '/elsewhere.txt' },
		});
		expect(errorsOf(await toDropbox(rig(), { urls: [url] }))).toEqual([undefined]);
		expect(rig().cloud.dropbox.file('/a.txt')?.contentHash).toBe(hashOf(content));
	});

	it('shows the server no sign-in, and the vendor nothing of the server', async () => {
		const headers = { 'x-of-the-server': 'yes', 'set-cookie': 'session=of-the-server' };
		const urls = [put('/a.txt', { headers })];
		await toDropbox(rig(), { urls });
		await toBox(rig(), { urls });
		expect(source().requests).toHaveLength(2);
		for (const seen of source().requests) {
			expect(Object.keys(seen.headers).sort()).toEqual([
				...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
			]);
			rig().secrets.assertNoneIn('A request to the server of a link', seen);
		}
		expect(JSON.stringify(rig().cloud.log)).not.toContain('of-the-server');
	});

	it('asks each of many links once more than it reads it, and never for what is skipped', async () => {
		const urls = Array.from({ length: 12 }, (_, index) => put(`/${index}.txt`));
		const first = await toDropbox(rig(), { urls });
		expect(jsonOf(first)).toHaveLength(12);
		expect(errorsOf(first).filter(Boolean)).toEqual([]);
		expect(source().requests).toHaveLength(24);
		source().requests.length = 0;
		const again = await toDropbox(rig(), { urls, parameters: { ifExists: 'skip' } });
		expect(jsonOf(again).map(({ skipped }) => skipped)).toEqual(Array(12).fill('exists'));
		expect(source().requests).toHaveLength(12);
		expect((await rig().engine.openHandles()).sockets).toBe(0);
	});

	it('sends nothing that is unchanged', async () => {
		const big = generated(21 * MIB);
		const urls = [source().put('/big.bin', { content: big, etag: '"1"' })];
		const parameters = { skipUnchanged: true };
		for (const [send, route] of [
			[toDropbox, 'files/upload_session/start_batch'],
			[toBox, 'POST /files/upload_sessions'],
		] as const) {
			await send(rig(), { urls, parameters });
			const again = await send(rig(), { urls, parameters });
			expect(jsonOf(again)).toMatchObject([{ skipped: 'unchanged' }]);
			expect(rig().calls(route)).toHaveLength(1);
		}
	});

	it('counts what it could not know before', async () => {
		const url = put('/a.txt', { length: false });
		expect(hintOf(await toDropbox(rig(), { urls: [url] }))).toMatch(/^1 file uploaded \(19 B\)/);
	});
});

it('a page in the place of a file that was there a moment ago fails that file, and no later one', async () => {
	const urls = ['a', 'b', 'c', 'd', 'e'].map((name) => put(`/${name}.bin`));
	for (const url of urls)
		rig().cloud.box.putFile({ name: url.split('/').at(-1)!, content: 'x'.repeat(content.length) });
	rig().cloud.faults.add({
		route: LIST_ITEMS,
		action: {
			kind: 'before',
			run: () => {
				put('/b.bin', {
					content: Buffer.from('<title>Slow down</title>'),
					type: 'text/html',
					length: false,
				});
			},
		},
	});
	const parameters = { ifExists: 'version', skipUnchanged: true };
	const result = await toBox(rig(), { urls, parameters });
	expect(errorsOf(result).map((error) => error?.path)).toEqual([
		undefined,
		'source/web_page',
		undefined,
		undefined,
		undefined,
	]);
	expect(errorsOf(await toBox(rig(), { urls: [put('/f.bin')] }))).toEqual([undefined]);
});
