/** Commits: one after the other, and none lost, doubled or misreported when an answer goes astray. */
import type { Fault, FaultAction } from '../../cloud';
import { memberAccount, teamFolder } from '../../cloud/dropbox';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { until } from '../../support/until';
import * as uploads from './uploads';
import {
	APPEND_BATCH,
	FINISH,
	GET_METADATA,
	LIST_FOLDER,
	carryOn,
	errorsOf,
	file,
	hashOf,
	jsonOf,
	numbered,
	startUpload,
	upload,
} from './uploads';

const rig = useRig({ pace: SHORT_WAITS });

const lose: FaultAction = { kind: 'loseReply' };
const add = (fault: Fault) => rig().cloud.faults.add(fault);

afterEach(() => {
	rig().cloud.dropbox.contention.reportedAsPath = false;
});

describe('Upload Files, commits', () => {
	it('overlap with the upload of the next files, and never with each other', async () => {
		add({ route: FINISH, times: Infinity, action: { kind: 'delay', delayMs: 30 } });
		// Comes to its end only if a commit does not wait for it.
		const run = () => until(() => rig().calls(FINISH).length > 0, 20_000);
		add({ route: APPEND_BATCH, skip: 1, action: { kind: 'before', run } });
		const result = await upload(rig(), { items: numbered(200, 50), options: { commitSize: 10 } });
		expect(result.status).toBe('success');
		expect(rig().cloud.counters()).toMatchObject({
			overlappingCommits: 0,
			faultsStruck: { before: 1 },
		});
		expect(rig().cloud.errors).toEqual([]);
		expect(rig().calls(FINISH).length).toBeGreaterThanOrEqual(20);
	});

	it('of two executions with one credential never overlap', async () => {
		add({ route: FINISH, times: Infinity, action: { kind: 'delay', delayMs: 40 } });
		const handles = await Promise.all(
			['/one/', '/two/'].map((path) =>
				startUpload(rig(), { path, items: numbered(60, 50), options: { commitSize: 10 } }),
			),
		);
		const results = await Promise.all(handles.map(({ finished }) => finished));
		expect(results.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
		expect(uploads.storedFiles(rig()).size).toBe(120);
		// Both were at it: their commits alternate rather than wait for the whole other run.
		const owners = uploads.pathsOfCommits(rig()).map(([path]) => path!.slice(0, 4));
		expect(owners.join('')).toMatch(/(\/one)+(\/two)+(\/one)+|(\/two)+(\/one)+(\/two)+/);
	});

	it.each([false, true])(
		'arrive once each when other clients hold the lock (reported as path: %s)',
		async (reportedAsPath) => {
			const { contention } = rig().cloud.dropbox;
			const before = contention.count;
			contention.reportedAsPath = reportedAsPath;
			contention.failRandomly(0.3, 7);
			const contents = Array.from({ length: 25 }, (_, seed) => ({ sizeBytes: 30, seed }));
			const result = await upload(rig(), {
				ifExists: 'rename',
				items: contents.map((content) => file(`${content.seed}.bin`, content)),
			});
			uploads.expectAllStored(
				rig(),
				result,
				contents.map((content) => [`/${content.seed}.bin`, content]),
			);
			expect(contention.count).toBeGreaterThan(before + 5);
		},
	);

	it('say so when the lock is not to be had', async () => {
		rig().cloud.dropbox.contention.failRandomly(1);
		const result = await upload(rig(), {
			items: numbered(2, 10),
			options: { maxRetries: 1 },
			...carryOn,
		});
		expect(errorsOf(result)).toMatchObject([
			{ path: 'too_many_write_operations', retryable: true, stored: 'no' },
			{ path: 'too_many_write_operations', retryable: true, stored: 'no' },
		]);
		expect(errorsOf(result)[0]!.description).toContain('The node has tried 2 times.');
	});
});

const MODES = [
	{ ifExists: 'fail' },
	{ ifExists: 'overwrite' },
	{ ifExists: 'rename' },
	{ ifExists: 'fail', options: { strictConflict: true } },
	{ ifExists: 'rename', options: { strictConflict: true } },
];

describe('Upload Files, the answer to a commit is lost', () => {
	it.each(MODES)('and nothing is lost or doubled with %j', async (mode) => {
		add({ route: FINISH, action: lose });
		const contents = Array.from({ length: 6 }, (_, index) => `content ${index}`);
		const result = await upload(rig(), {
			path: '/folder/',
			...mode,
			items: contents.map((content, index) => file(`${index}.txt`, content)),
		});
		uploads.expectAllStored(
			rig(),
			result,
			contents.map((content, index) => [`/folder/${index}.txt`, content]),
		);
		// The folder is listed once, instead of one question for each file.
		expect(rig().calls(LIST_FOLDER)).toHaveLength(1);
		expect(rig().calls(GET_METADATA)).toHaveLength(0);
	});

	it.each(['resetBefore', 'truncateReply', 'html'] as const)('in the way of %s', async (kind) => {
		const action: FaultAction =
			kind === 'truncateReply'
				? { kind, bytes: 40 }
				: kind === 'html'
					? { kind: 'reply', status: 502, body: '<html><h1>Bad gateway</h1></html>' }
					: { kind };
		add({ route: FINISH, action });
		const contents = ['one', 'two', 'three'];
		const result = await upload(rig(), {
			ifExists: 'rename',
			items: contents.map((content) => file(content, content)),
		});
		uploads.expectAllStored(
			rig(),
			result,
			contents.map((content) => [`/${content}`, content]),
		);
	});

	it('and a renamed file is found under its new name', async () => {
		// Somebody has stored the same content under a numbered name before: that one is not ours.
		rig().cloud.clock.advance(-60_000);
		rig().cloud.dropbox.putFile('/report.txt', 'another');
		rig().cloud.dropbox.putFile('/report (1).txt', 'mine');
		rig().cloud.clock.advance(60_000);
		const before = uploads.storedPaths(rig()).length;
		add({ route: FINISH, action: lose });
		const result = await upload(rig(), {
			ifExists: 'rename',
			items: [file('report.txt', 'mine')],
		});
		expect(result.status).toBe('success');
		expect(jsonOf(result)[0]?.path_display).toBe('/report (2).txt');
		expect(uploads.storedPaths(rig())).toHaveLength(before + 1);
	});

	it('and the file of an earlier item is not taken for it', async () => {
		rig().cloud.dropbox.putFile('/x.txt', 'another');
		add({ route: FINISH, skip: 1, action: lose });
		const result = await upload(rig(), {
			path: '/x.txt',
			ifExists: 'rename',
			items: [file('x', 'twin'), file('x', 'twin')],
		});
		expect(result.status).toBe('success');
		expect(jsonOf(result).map(({ path_display: path }) => path)).toEqual([
			'/x (1).txt',
			'/x (2).txt',
		]);
	});

	it('and the lock is taken at the second try: the third is told of no lost session', async () => {
		const busy = { '.tag': 'failure', failure: { '.tag': 'too_many_write_operations' } };
		add({ route: FINISH, action: lose });
		add({
			route: FINISH,
			action: {
				kind: 'reply',
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ entries: [busy, busy] }),
			},
		});
		const result = await upload(rig(), {
			ifExists: 'rename',
			options: { strictConflict: true },
			items: [file('a', 'first'), file('b', 'second')],
		});
		uploads.expectAllStored(rig(), result, [
			['/a', 'first'],
			['/b', 'second'],
		]);
	});

	it('with the answer to the look at the path lost as well', async () => {
		add({ route: FINISH, action: lose });
		add({ route: GET_METADATA, action: lose });
		const result = await upload(rig(), { ifExists: 'rename', items: [file('a', 'first')] });
		uploads.expectAllStored(rig(), result, [['/a', 'first']]);
	});

	it('every time: settled by looking where that is possible', async () => {
		add({ route: FINISH, times: Infinity, action: lose });
		const result = await upload(rig(), {
			options: { maxRetries: 1 },
			items: [file('a', 'first'), file('b', 'second')],
		});
		uploads.expectAllStored(rig(), result, [
			['/a', 'first'],
			['/b', 'second'],
		]);
	});

	it('every time, and nobody can look: the outcome is unknown, and it soon says so', async () => {
		add({ route: FINISH, times: Infinity, action: lose });
		add({ route: GET_METADATA, times: Infinity, action: { kind: 'resetBefore' } });
		add({ route: LIST_FOLDER, times: Infinity, action: { kind: 'resetBefore' } });
		const folders = 120;
		const result = await upload(rig(), {
			path: '=/{{ $itemIndex }}/',
			options: { maxRetries: 1 },
			items: numbered(folders, 10),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.stored)).toEqual(Array(folders).fill('unknown'));
		// Each asks twice at most; the run's budget of waiting ends it for more retries a call.
		expect(rig().calls(GET_METADATA).length).toBeLessThanOrEqual(2 * folders);
	});

	it('for each of many files: a few questions tell what became of them', async () => {
		add({ route: FINISH, action: lose });
		const result = await upload(rig(), { ifExists: 'rename', items: numbered(300, 10) });
		expect(result.status).toBe('success');
		expect(uploads.storedFiles(rig()).size).toBe(300);
		expect(rig().cloud.counters().requests).toBeLessThan(20);
	});

	it('and another file is at the path: it is not taken for ours', async () => {
		add({ route: FINISH, times: Infinity, action: { kind: 'resetBefore' } });
		rig().cloud.dropbox.putFile('/a', 'another');
		const result = await upload(rig(), {
			ifExists: 'overwrite',
			options: { maxRetries: 1 },
			items: [file('a', 'mine')],
			...carryOn,
		});
		expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown' });
		expect(rig().cloud.dropbox.file('/a')?.contentHash).toBe(hashOf('another'));
	});
});

it('Upload Files into many shared folders commits folder by folder where Dropbox wants that', async () => {
	await rig().connectDropbox({ accountId: memberAccount.accountId });
	const { settings } = rig().cloud.dropbox;
	settings.maxSharedFoldersInBatch = 1;
	try {
		const names = [`${teamFolder.name}/a`, 'b', `${teamFolder.name}/sub/c`, 'd'];
		const result = await upload(rig(), {
			path: '={{ $json.path }}',
			items: names.map((name) => ({ ...file(name, name), json: { path: `/${name}` } })),
		});
		expect(jsonOf(result).map(({ path_display: path }) => path)).toEqual(
			names.map((name) => `/${name}`),
		);
		const batches = rig()
			.calls(FINISH)
			.map(({ argument }) => (argument as { entries: unknown[] }).entries.length);
		expect(batches).toEqual([4, 1, 2, 1]);
	} finally {
		settings.maxSharedFoldersInBatch = Infinity;
	}
});
