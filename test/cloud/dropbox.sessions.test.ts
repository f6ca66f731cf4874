import { randomBytes } from 'node:crypto';
import { CloudClient } from './client';
import { contentHash } from './dropbox';
import { startCloud, type LoopbackCloud } from './index';

const mebibyte = 1024 * 1024;
const block = 4 * mebibyte;
const weekMs = 7 * 24 * 60 * 60 * 1000;

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

const start = (argument: Argument = {}, bytes: Buffer | string = '') =>
	client.content('files/upload_session/start', argument, bytes);

const append = (id: string, offset: number, bytes: Buffer | string, more: Argument = {}) =>
	client.content(
		'files/upload_session/append_v2',
		{ cursor: { session_id: id, offset }, ...more },
		bytes,
	);

const finish = (id: string, offset: number, path: string, bytes: Buffer | string = '') =>
	client.content(
		'files/upload_session/finish',
		{ cursor: { session_id: id, offset }, commit: { path } },
		bytes,
	);

async function startedId(argument: Argument = {}, bytes: Buffer | string = ''): Promise<string> {
	const reply = await start(argument, bytes);
	expect(reply.status).toBe(200);
	return reply.json.session_id;
}

const concurrent = { session_type: { '.tag': 'concurrent' } };

const error = (tag: string, more: Argument = {}) => ({
	status: 409,
	json: { error: { '.tag': tag, ...more } },
});

const lookupError = (tag: string, more: Argument = {}) =>
	error('lookup_failed', { lookup_failed: { '.tag': tag, ...more } });

describe('a sequential session', () => {
	it('takes bytes with start, append and finish, and makes the file of them', async () => {
		const bytes = randomBytes(2 * block + 1000);
		const id = await startedId({}, bytes.subarray(0, 10));
		expect(id).toHaveLength(69);
		const appended = await append(id, 10, bytes.subarray(10, block + 10));
		expect(appended).toMatchObject({ status: 200, text: 'null' });
		const finished = await finish(id, block + 10, '/A/b.bin', bytes.subarray(block + 10));
		expect(finished).toMatchObject({
			status: 200,
			json: {
				name: 'b.bin',
				path_display: '/A/b.bin',
				path_lower: '/a/b.bin',
				size: bytes.length,
				content_hash: contentHash(bytes),
			},
		});
		expect(finished.json).not.toHaveProperty('.tag');
		expect(finished.headers['x-dropbox-request-id']).toMatch(/^[0-9a-f]{32}$/);
	});

	it('keeps the bytes of small files, whatever the pieces were', async () => {
		const id = await startedId({}, 'one ');
		await append(id, 4, 'two ');
		await finish(id, 8, '/small.txt', 'three');
		expect(cloud.dropbox.file('/small.txt')?.bytes?.toString()).toBe('one two three');
	});

	it.each([0, 5, 100])('refuses offset %i with the correct one', async (offset) => {
		const id = await startedId({}, '0123456789');
		const refused = error('incorrect_offset', { correct_offset: 10 });
		expect(await append(id, offset, 'x')).toMatchObject(refused);
		expect(await finish(id, offset, '/a')).toMatchObject(
			lookupError('incorrect_offset', { correct_offset: 10 }),
		);
		expect((await append(id, 10, 'x')).status).toBe(200);
	});

	it('takes nothing more once closed, and can be finished', async () => {
		const id = await startedId({ close: true }, 'all');
		expect(await append(id, 3, 'x')).toMatchObject(error('closed'));
		expect(await finish(id, 3, '/a', 'x')).toMatchObject(lookupError('closed'));
		expect((await finish(id, 3, '/a')).status).toBe(200);
	});

	it('is found by nobody once used up, lost, a week old or somebody else’s', async () => {
		const used = await startedId();
		await finish(used, 0, '/a');
		const lost = await startedId();
		cloud.dropbox.loseSession(lost);
		for (const id of [used, lost, 'made up']) {
			expect(await append(id, 0, 'x')).toMatchObject(error('not_found'));
			expect(await finish(id, 0, '/b')).toMatchObject(lookupError('not_found'));
		}
		const foreign = await startedId();
		const { accessToken } = cloud.issueToken('dropbox', {
			accountId: 'dbid:AAAAuploadsessionsmember00000000000',
		});
		const other = new CloudClient(cloud, accessToken);
		const cursor = { session_id: foreign, offset: 0 };
		const stolen = await other.content('files/upload_session/append_v2', { cursor }, 'x');
		expect(stolen).toMatchObject(error('not_found'));
		await other.close();

		const old = await startedId();
		cloud.clock.advance(weekMs);
		const { accessToken: later } = cloud.issueToken('dropbox');
		const lateClient = new CloudClient(cloud, later);
		const late = { cursor: { session_id: old, offset: 0 } };
		const expired = await lateClient.content('files/upload_session/append_v2', late, 'x');
		expect(expired).toMatchObject(error('not_found'));
		await lateClient.close();
		cloud.clock.advance(-weekMs);
	});

	it('stores nothing of a request whose bytes are not those of its hash', async () => {
		const id = await startedId({}, 'abc');
		const wrong = { content_hash: contentHash(Buffer.from('other')) };
		expect(await append(id, 3, 'def', wrong)).toMatchObject(error('content_hash_mismatch'));
		const right = { content_hash: contentHash(Buffer.from('def')) };
		expect((await append(id, 3, 'def', right)).status).toBe(200);
		expect(await start(wrong, 'abc')).toMatchObject(error('content_hash_mismatch'));
		expect(cloud.dropbox.sessions()).toHaveLength(1);
	});

	it('hashes this request alone, also where blocks lie differently in the file', async () => {
		const bytes = randomBytes(block + 500);
		const id = await startedId({}, 'x');
		expect((await append(id, 1, bytes, { content_hash: contentHash(bytes) })).status).toBe(200);
		const whole = Buffer.concat([Buffer.from('x'), bytes]);
		const finished = await finish(id, whole.length, '/a');
		expect(finished.json.content_hash).toBe(contentHash(whole));
	});

	it('lets one of two appends at the same offset win', async () => {
		const id = await startedId();
		const replies = await Promise.all([append(id, 0, 'aaaa'), append(id, 0, 'bbbb')]);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
		expect(replies.find(({ status }) => status === 409)).toMatchObject(
			error('incorrect_offset', { correct_offset: 4 }),
		);
	});

	it('loses nothing when a request breaks off', async () => {
		const id = await startedId({}, 'abc');
		const action = { kind: 'resetDuring', afterBytes: 100_000 } as const;
		cloud.faults.add({ route: 'files/upload_session/append_v2', action });
		await expect(append(id, 3, Buffer.alloc(1_000_000))).rejects.toThrow();
		expect(cloud.dropbox.sessions()).toEqual([
			{ id, type: 'sequential', size: 3, isClosed: false },
		]);
	});

	it('stays when the path is refused, with the data of finish in it', async () => {
		cloud.dropbox.putFile('/taken', 'other');
		const id = await startedId({}, 'abc');
		const conflict = { '.tag': 'conflict', conflict: { '.tag': 'file' } };
		const refused = await finish(id, 3, '/taken', 'def');
		expect(refused).toMatchObject(error('path', { path: conflict }));
		expect(refused.json.error_summary).toMatch(/^path\/conflict\/file\/\.+$/);
		expect((await finish(id, 6, '/free')).status).toBe(200);
		expect(cloud.dropbox.file('/free')?.bytes?.toString()).toBe('abcdef');
	});

	it('refuses more than the largest file', async () => {
		cloud.dropbox.settings.maxFileBytes = 10;
		const id = await startedId({}, '12345');
		expect(await append(id, 5, '678901')).toMatchObject(error('too_large'));
		expect(await finish(id, 5, '/a', '678901')).toMatchObject(lookupError('too_large'));
		cloud.dropbox.settings.maxFileBytes = 2 ** 41 - 2 ** 22;
	});

	it('refuses a request above the limit', async () => {
		cloud.dropbox.settings.maxRequestBytes = 1000;
		const id = await startedId();
		const tooMuch = Buffer.alloc(1001);
		expect(await append(id, 0, tooMuch)).toMatchObject(error('payload_too_large'));
		expect(await start({}, tooMuch)).toMatchObject(error('payload_too_large'));
		cloud.dropbox.settings.maxRequestBytes = 150 * mebibyte;
		expect((await append(id, 0, tooMuch)).status).toBe(200);
	});
});

describe('a concurrent session', () => {
	it('refuses data and close at its start', async () => {
		expect(await start(concurrent, 'x')).toMatchObject(
			error('concurrent_session_data_not_allowed'),
		);
		expect(await start({ ...concurrent, close: true })).toMatchObject(
			error('concurrent_session_close_not_allowed'),
		);
		expect(cloud.dropbox.sessions()).toEqual([]);
	});

	it('takes parts in any order, and the rest with the closing one', async () => {
		const bytes = randomBytes(3 * block + 77);
		const id = await startedId(concurrent);
		const part = (from: number, to: number) => bytes.subarray(from * block, to * block);
		expect((await append(id, 2 * block, part(2, 3))).status).toBe(200);
		expect((await append(id, 0, part(0, 2))).status).toBe(200);
		expect((await append(id, 3 * block, part(3, 4), { close: true })).status).toBe(200);
		const finished = await finish(id, bytes.length, '/a');
		expect(finished.json).toMatchObject({ size: bytes.length, content_hash: contentHash(bytes) });
	});

	it('wants offsets and lengths that are multiples of 4 MiB', async () => {
		const id = await startedId(concurrent);
		expect(await append(id, 1000, Buffer.alloc(block))).toMatchObject(
			error('concurrent_session_invalid_offset'),
		);
		expect(await append(id, 0, 'short')).toMatchObject(
			error('concurrent_session_invalid_data_size'),
		);
		expect((await append(id, 0, 'short', { close: true })).status).toBe(200);
	});

	it('tells a part that has arrived before from different bytes', async () => {
		const part = randomBytes(2 * block);
		const id = await startedId(concurrent);
		expect((await append(id, block, part)).status).toBe(200);
		const received = error('incorrect_offset', { correct_offset: 3 * block });
		expect(await append(id, block, part)).toMatchObject(received);
		const other = await append(id, block, randomBytes(block));
		expect(other).toMatchObject({ status: 400, json: undefined });
		expect(other.text).toMatch(/^Error in call to API function .*[Dd]ifferent data/);
	});

	it('answers closed to everything after the closing call', async () => {
		const id = await startedId(concurrent);
		await append(id, 0, 'all', { close: true });
		expect(await append(id, 0, 'all', { close: true })).toMatchObject(error('closed'));
		expect(await append(id, block, Buffer.alloc(block))).toMatchObject(error('closed'));
	});

	it('is not finished while open, with a gap, or with data', async () => {
		const id = await startedId(concurrent);
		await append(id, block, Buffer.alloc(block));
		expect(await finish(id, 2 * block, '/a')).toMatchObject(error('concurrent_session_not_closed'));
		await append(id, 2 * block, '', { close: true });
		expect(await finish(id, 2 * block, '/a')).toMatchObject(
			error('concurrent_session_missing_data'),
		);
		const whole = await startedId(concurrent);
		await append(whole, 0, 'all', { close: true });
		expect(await finish(whole, 3, '/a', 'more')).toMatchObject(
			error('concurrent_session_data_not_allowed'),
		);
		expect(await finish(whole, 2, '/a')).toMatchObject(
			lookupError('incorrect_offset', { correct_offset: 3 }),
		);
		expect((await finish(whole, 3, '/a')).status).toBe(200);
	});
});

describe('batches', () => {
	const startBatch = async (sessions: number): Promise<string[]> => {
		const reply = await client.rpc('files/upload_session/start_batch', { num_sessions: sessions });
		expect(reply.status).toBe(200);
		return reply.json.session_ids;
	};

	const appendBatch = (entries: Argument[], bytes: Buffer | string, more: Argument = {}) =>
		client.content('files/upload_session/append_batch', { entries, ...more }, bytes);

	const entry = (id: string, path: string, offset: number) => ({
		cursor: { session_id: id, offset },
		commit: { path },
	});

	it('start up to 1,000 sessions', async () => {
		expect(new Set(await startBatch(1000)).size).toBe(1000);
		for (const sessions of [0, 1001]) {
			const route = 'files/upload_session/start_batch';
			expect((await client.rpc(route, { num_sessions: sessions })).status).toBe(400);
		}
	});

	it('carry many files in one body, and commit them with one call', async () => {
		const ids = await startBatch(3);
		const texts = ['first', 'the second', 'third!'];
		const entries = ids.map((id, index) => ({
			cursor: { session_id: id, offset: 0 },
			length: texts[index]?.length,
			close: true,
		}));
		const body = texts.join('');
		const hash = contentHash(Buffer.from(body));
		const appended = await appendBatch(entries, body, { content_hash: hash });
		const success = { '.tag': 'success' };
		expect(appended.json).toEqual({ entries: [success, success, success] });
		const commits = ids.map((id, index) => entry(id, `/${index}`, texts[index]?.length ?? 0));
		const finished = await client.rpc('files/upload_session/finish_batch_v2', { entries: commits });
		expect(finished.json.entries).toMatchObject([
			{ '.tag': 'success', name: '0', size: 5 },
			{ '.tag': 'success', name: '1', size: 10 },
			{ '.tag': 'success', name: '2', size: 6 },
		]);
		expect(cloud.dropbox.file('/1')?.bytes?.toString()).toBe('the second');
	});

	it('answer each append entry on its own', async () => {
		const [good = '', closed = ''] = await startBatch(2);
		await append(closed, 0, '', { close: true });
		const part = (id: string, offset: number) => ({
			cursor: { session_id: id, offset },
			length: 2,
		});
		const entries = [part(closed, 0), part(good, 0), part('made up', 0), part(good, 7)];
		expect((await appendBatch(entries, 'aabbccdd')).json).toEqual({
			entries: [
				{ '.tag': 'failure', failure: { '.tag': 'closed' } },
				{ '.tag': 'success' },
				{ '.tag': 'failure', failure: { '.tag': 'not_found' } },
				{ '.tag': 'failure', failure: { '.tag': 'incorrect_offset', correct_offset: 0 } },
			],
		});
		expect((await finish(good, 2, '/good')).status).toBe(200);
		expect(cloud.dropbox.file('/good')?.bytes?.toString()).toBe('bb');
	});

	it('store nothing when length or hash of the whole body is wrong', async () => {
		const [id = ''] = await startBatch(1);
		const entries = [{ cursor: { session_id: id, offset: 0 }, length: 3 }];
		for (const body of ['ab', 'abcd']) {
			expect(await appendBatch(entries, body)).toMatchObject(error('length_mismatch'));
		}
		const wrong = { content_hash: contentHash(Buffer.from('xyz')) };
		expect(await appendBatch(entries, 'abc', wrong)).toMatchObject(error('content_hash_mismatch'));
		expect(cloud.dropbox.sessions()).toMatchObject([{ size: 0 }]);
	});

	it('commit closed sessions only, each with its own result, in order', async () => {
		cloud.dropbox.putFile('/taken', 'other');
		const open = await startedId({}, 'open');
		const ready = await startedId({ close: true }, 'ready');
		const other = await startedId({ close: true }, 'other one');
		const gap = await startedId(concurrent);
		const finished = await client.rpc('files/upload_session/finish_batch_v2', {
			entries: [
				entry(open, '/open', 4),
				entry(other, '/taken', 9),
				entry(ready, '/ready', 5),
				entry(ready, '/again', 5),
				entry(gap, '/gap', 0),
			],
		});
		expect(finished.json.entries).toMatchObject([
			{
				'.tag': 'failure',
				failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_closed' } },
			},
			{ '.tag': 'failure', failure: { '.tag': 'path', path: { '.tag': 'conflict' } } },
			{ '.tag': 'success', path_display: '/ready' },
			{
				'.tag': 'failure',
				failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_found' } },
			},
			{ '.tag': 'failure', failure: { '.tag': 'concurrent_session_not_closed' } },
		]);
	});

	it('refuse 1,001 entries', async () => {
		const entries = Array.from({ length: 1001 }, () => entry('x', '/x', 0));
		for (const version of ['finish_batch', 'finish_batch_v2']) {
			const reply = await client.rpc(`files/upload_session/${version}`, { entries });
			expect(reply).toMatchObject({ status: 400, json: undefined });
			expect(reply.text).toContain(`API function "files/upload_session/${version}": request body`);
		}
	});

	it('give the asynchronous job of finish_batch its result after some questions', async () => {
		cloud.dropbox.settings.jobPolls = 2;
		const id = await startedId({ close: true }, 'x');
		const route = 'files/upload_session/finish_batch';
		const launched = await client.rpc(route, { entries: [entry(id, '/a', 1)] });
		expect(launched.json['.tag']).toBe('async_job_id');
		const check = (jobId: string) => client.rpc(`${route}/check`, { async_job_id: jobId });
		const jobId = launched.json.async_job_id;
		const tags: string[] = [];
		for (let poll = 0; poll < 3; poll += 1) tags.push((await check(jobId)).json['.tag']);
		expect(tags).toEqual(['in_progress', 'in_progress', 'complete']);
		expect((await check(jobId)).json.entries).toMatchObject([{ '.tag': 'success', name: 'a' }]);
		expect(await check('made up')).toMatchObject(error('invalid_async_job_id'));

		cloud.dropbox.settings.jobPolls = 0;
		const again = await startedId({ close: true }, 'y');
		const atOnce = await client.rpc(route, { entries: [entry(again, '/b', 1)] });
		expect(atOnce.json).toMatchObject({ '.tag': 'complete', entries: [{ '.tag': 'success' }] });
		cloud.dropbox.settings.jobPolls = 1;
	});

	it('fail entries with contention, whose sessions can be committed again', async () => {
		const ids = [await startedId({ close: true }, 'a'), await startedId({ close: true }, 'b')];
		cloud.dropbox.contention.failNext(1);
		const entries = ids.map((id, index) => entry(id, `/${index}`, 1));
		const route = 'files/upload_session/finish_batch_v2';
		const busy = { '.tag': 'failure', failure: { '.tag': 'too_many_write_operations' } };
		expect((await client.rpc(route, { entries })).json.entries).toMatchObject([
			busy,
			{ '.tag': 'success' },
		]);
		const [first] = entries;
		expect((await client.rpc(route, { entries: [first] })).json.entries).toMatchObject([
			{ '.tag': 'success', name: '0' },
		]);
	});

	it('meet the same contention for the same seed', async () => {
		const { contention } = cloud.dropbox;
		const runs = [7, 7, 8].map((seed) => {
			contention.failRandomly(0.3, seed);
			return Array.from({ length: 40 }, () => contention.strikes()).join();
		});
		expect(runs[0]).toBe(runs[1]);
		expect(runs[0]).not.toBe(runs[2]);
		expect(runs[0]).toContain('true');
	});
});
