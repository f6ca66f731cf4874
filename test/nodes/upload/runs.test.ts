/** A run as a whole: tried again, cancelled, followed while it goes on. */
import { useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as uploads from './uploads';
import {
	APPEND,
	APPEND_BATCH,
	FINISH,
	MIB,
	START_BATCH,
	carryOn,
	errorsOf,
	file,
	hashOf,
	jsonOf,
	numbered,
	startUpload,
	upload,
} from './uploads';

const rig = useRig();

const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } as const;

describe('Upload Files, Retry On Fail', () => {
	it('stores the good items once, and gives their first results again', async () => {
		rig().cloud.dropbox.putFile('/7.bin/inside', 'a folder is in the way');
		const result = await upload(rig(), {
			ifExists: 'rename',
			options: { strictConflict: true },
			items: [
				...numbered(7, 100),
				file('.dropbox', 'x'),
				...numbered(42, 100, (n) => `second ${n}`),
			],
			path: '={{ $itemIndex === 7 ? "/.dropbox.cache" : "/" }}',
			node: retried,
		});
		expect(result.status).toBe('error');
		expect(result.error?.itemIndex).toBe(7);
		const stored = uploads.storedPaths(rig()).filter((path) => path !== '/7.bin/inside');
		expect(stored).toHaveLength(49);
		expect(stored.filter((path) => path.includes('('))).toEqual([]);
		const commits = uploads.pathsOfCommits(rig()).map(({ length }) => length);
		expect(commits).toEqual([50, 1, 1]);
	});

	it('also with Continue On Fail, when the first item holds an error', async () => {
		const result = await upload(rig(), {
			ifExists: 'rename',
			options: { strictConflict: true },
			items: [file('x', 'x'), ...numbered(20, 100)],
			path: '={{ $itemIndex === 0 ? "/.dropbox.cache" : "/" }}',
			node: retried,
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('path/disallowed_name');
		expect(
			jsonOf(result)
				.slice(1)
				.map(({ path_display: path }) => path),
		).toEqual(numbered(20, 100).map((_, index) => `/${index}.bin`));
		expect(uploads.storedFiles(rig()).size).toBe(20);
	});

	it('stores a file once whose path has the time of the try in it', async () => {
		const result = await upload(rig(), {
			items: [file('a', 'x'), file('b', 'y')],
			path: '={{ $itemIndex === 1 ? "/.dropbox.cache" : "/" + $now.toMillis() + ".txt" }}',
			node: retried,
		});
		expect(result.error?.itemIndex).toBe(1);
		expect(uploads.storedPaths(rig())).toHaveLength(1);
	});

	it('a new execution starts afresh', async () => {
		const run = {
			ifExists: 'rename',
			options: { strictConflict: true },
			items: [file('a', 'x'), { json: {} }],
			...carryOn,
			node: retried,
		};
		await upload(rig(), run);
		await upload(rig(), run);
		expect(uploads.storedPaths(rig()).sort()).toEqual(['/a', '/a (1)']);
	});
});

describe('Upload Files, cancelled', () => {
	async function expectStopsAtOnce(handle: Awaited<ReturnType<typeof startUpload>>) {
		const startedAtMs = Date.now();
		await handle.cancel();
		const result = await handle.finished;
		expect(Date.now() - startedAtMs).toBeLessThan(1_000);
		expect(result.status).toBe('canceled');
		await rig().cloud.idle();
		const requests = rig().cloud.counters().requests;
		await until(async () => (await rig().engine.openHandles()).sockets === 0);
		expect(rig().cloud.counters().requests).toBe(requests);
		return result;
	}

	it('while parts are sent: stops within a second, and the log says where to go on', async () => {
		const content = { sizeBytes: 40 * MIB, seed: 1 };
		rig().cloud.faults.add({
			route: APPEND,
			skip: 4,
			times: Infinity,
			action: { kind: 'delay', delayMs: 500 },
		});
		const run = {
			path: '/big',
			options: { partSizeMib: 4, parallel: 2 },
			items: [file('big', content)],
		};
		const handle = await startUpload(rig(), run);
		await until(() => rig().cloud.counters().faultsStruck.delay === 2);
		const { logs } = await expectStopsAtOnce(handle);
		const [session] = rig().cloud.dropbox.sessions();
		const told = logs
			.map(({ message }) => message)
			.filter((message) => message.includes(session!.id));
		expect(told).toEqual([
			`Dropbox Upload: canceled; the upload of /big can resume from byte ${16 * MIB} of ${40 * MIB} in session ${session!.id}`,
		]);

		rig().cloud.faults.clear();
		expect((await upload(rig(), run)).status).toBe('success');
		expect(rig().calls(START_BATCH)).toHaveLength(1);
		expect(rig().cloud.dropbox.file('/big')?.contentHash).toBe(hashOf(content));
	});

	it.each([
		['packs are sent', APPEND_BATCH, {}],
		['files are committed', FINISH, {}],
		['sessions are started', START_BATCH, {}],
		['folders are listed', 'files/list_folder', { skipUnchanged: true }],
	])('while %s: stops within a second', async (_, route, parameters) => {
		rig().cloud.faults.add({ route, times: Infinity, action: { kind: 'delay', delayMs: 500 } });
		const handle = await startUpload(rig(), { items: numbered(300, 5_000), ...parameters });
		await until(() => (rig().cloud.counters().faultsStruck.delay ?? 0) > 0);
		await expectStopsAtOnce(handle);
	});

	it('while Dropbox lets it wait: stops within a second', async () => {
		rig().cloud.faults.add({
			route: APPEND_BATCH,
			times: Infinity,
			action: { kind: 'reply', status: 429, headers: { 'Retry-After': '60' } },
		});
		const handle = await startUpload(rig(), { items: numbered(300, 5_000) });
		await until(() => (rig().cloud.counters().faultsStruck.reply ?? 0) > 0);
		await expectStopsAtOnce(handle);
	});

	it('while it waits for memory that another execution holds: stops within a second', async () => {
		rig().cloud.faults.add({ route: APPEND_BATCH, action: { kind: 'delay', delayMs: 1_800 } });
		const options = { memoryLimitMib: 4 };
		const other = await startUpload(rig(), { path: '/one/', options, items: numbered(1, 4 * MIB) });
		await until(() => rig().cloud.counters().faultsStruck.delay === 1);
		const waiting = await startUpload(rig(), {
			path: '/two/',
			options,
			items: numbered(1, 4 * MIB),
		});
		await until(
			() =>
				rig()
					.calls(START_BATCH)
					.filter(({ status }) => status === 200).length === 2,
		);
		const startedAtMs = Date.now();
		await waiting.cancel();
		expect((await waiting.finished).status).toBe('canceled');
		expect(Date.now() - startedAtMs).toBeLessThan(1_000);
		expect((await other.finished).status).toBe('success');
		expect(uploads.storedPaths(rig())).toEqual(['/one/0.bin']);
	});

	it('while a large file is compared: stops within a second', async () => {
		const content = { sizeBytes: 300 * MIB, seed: 1 };
		rig().cloud.faults.add({
			route: 'files/get_metadata',
			action: {
				kind: 'reply',
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({
					'.tag': 'file',
					name: 'big',
					size: content.sizeBytes,
					content_hash: '0'.repeat(64),
				}),
			},
		});
		const handle = await startUpload(rig(), { skipUnchanged: true, items: [file('big', content)] });
		await until(() => rig().cloud.counters().faultsStruck.reply === 1, 20_000);
		await expectStopsAtOnce(handle);
		expect(rig().calls(START_BATCH)).toEqual([]);
	}, 40_000);
});

describe('Upload Files, followed', () => {
	it('says at its end what it has done', async () => {
		rig().cloud.dropbox.putFile('/1.bin', 'another');
		rig().cloud.faults.add({ route: APPEND_BATCH, action: { kind: 'resetBefore' } });
		const result = await upload(rig(), { items: numbered(4, 250), ...carryOn });
		const { requests } = rig().cloud.counters();
		expect(uploads.hintOf(result)).toMatch(
			new RegExp(
				`^3 files uploaded \\(750 B\\), 1 file failed, ${requests} requests, 1 retry \\(network/answer_lost\\), \\d+\\.\\d s,1 of 4 items failed\\.`,
			),
		);
		const last = result.logs.filter(({ level }) => level === 'info').at(-1);
		expect(last?.message).toBe(`Node: ${uploads.hintOf(result).split(',1 of 4')[0]}`);
	});

	it('reports while it goes on, once in five seconds at most, and to the editor too', async () => {
		const everyMs = 150;
		rig().cloud.faults.add({
			route: FINISH,
			times: Infinity,
			action: { kind: 'delay', delayMs: everyMs },
		});
		const result = await upload(rig(), {
			mode: 'manual',
			items: numbered(80, 10),
			options: { commitSize: 2 },
		});
		expect(result.status).toBe('success');
		const lines = result.logs
			.map(({ message }) => message)
			.filter((message) => message.startsWith('Dropbox Upload: '));
		expect(lines.length).toBeGreaterThanOrEqual(1);
		expect(lines.length).toBeLessThanOrEqual(result.durationMs / 5_000);
		expect(lines[0]).toMatch(
			/^Dropbox Upload: \d+ of 80 files, 800 B of 800 B \(100 %\), [\d.]+ K?B\/s, \d+ requests$/,
		);
		const messages = JSON.stringify(result.uiMessages);
		for (const line of lines) expect(messages).toContain(line);
	});
});
