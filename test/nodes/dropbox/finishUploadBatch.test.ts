import { rateLimited } from '../../cloud/dropbox/errors';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { until } from '../../support/until';
import { answering, finishBatchExample } from './replies';
import { closedSessions, errorsOf, filesToCommit, finishBatch, jsonOf } from './uploads';

const V2 = 'files/upload_session/finish_batch_v2';
const TEMPLATE = 'ptid:1a5n2i6d3OYEAAAAAAAAAYa';

const rig = useRig({ pace: SHORT_WAITS });

interface Entries {
	entries: Array<{ cursor: object; commit: Record<string, unknown> }>;
}

const sizes = () =>
	rig()
		.calls(V2)
		.map(({ argument }) => (argument as Entries).entries.length);
const carryOn = { onError: 'continueRegularOutput' } as const;

describe('Finish Upload Batch', () => {
	it('commits 1,001 files in two calls, one after the other, in the order of the items', async () => {
		const paths = Array.from({ length: 1001 }, (_, index) => `/Üniçødé 日本/😀 ${index}.txt`);
		const items = await filesToCommit(rig(), paths);
		const { status, outputs } = await rig().dropbox({ ...finishBatch, items });
		expect(status).toBe('success');
		expect(sizes()).toEqual([1000, 1]);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
		expect(outputs[0]!.map(({ json }) => json.path_display)).toEqual(paths);
		expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(
			paths.map((_, item) => ({ item })),
		);
		expect(String(rig().cloud.dropbox.file(paths[1000]!)?.bytes)).toBe(`content of ${paths[1000]}`);
	});

	it('commits one batch after the other for two executions at the same time', async () => {
		rig().cloud.faults.add({ route: V2, times: 2, action: { kind: 'delay', delayMs: 150 } });
		const runs = await Promise.all(
			['/one.txt', '/two.txt'].map(async (path) =>
				rig().dropbox({ ...finishBatch, items: await filesToCommit(rig(), [path]) }),
			),
		);
		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
	});

	it("passes every option on as Dropbox's argument", async () => {
		rig().cloud.dropbox.settings.templateIds = [TEMPLATE];
		const { rev } = rig().cloud.dropbox.putFile('/updated.txt', 'before');
		const propertyGroups = [{ template_id: TEMPLATE, fields: [{ name: 'Case', value: '42' }] }];
		const [added, replaced, updated] = await filesToCommit(rig(), [
			'/added.txt',
			'/replaced.txt',
			'/updated.txt',
		]);
		const { status, outputs } = await rig().dropbox({
			...finishBatch,
			options: {
				mode: '={{ $json.mode }}',
				rev: '={{ $json.rev }}',
				autorename: '={{ $json.flag }}',
				mute: '={{ $json.flag }}',
				strictConflict: '={{ $json.flag }}',
				clientModified: '={{ $json.modified }}',
				propertyGroups: '={{ $json.groups }}',
			},
			items: [
				{ json: { ...added!.json, mode: 'add', flag: false, modified: '', groups: '' } },
				{
					json: {
						...replaced!.json,
						mode: 'overwrite',
						flag: true,
						modified: '2026-05-12T17:50:38.987+02:00',
						groups: JSON.stringify(propertyGroups),
					},
				},
				{
					json: {
						...updated!.json,
						mode: 'update',
						rev,
						flag: false,
						modified: '2026-01-02',
						groups: propertyGroups,
					},
				},
			],
		});
		expect(status).toBe('success');
		const { entries } = rig().calls(V2)[0]!.argument as Entries;
		expect(entries.map(({ commit }) => commit)).toEqual([
			{
				path: '/added.txt',
				mode: { '.tag': 'add' },
				autorename: false,
				mute: false,
				strict_conflict: false,
			},
			{
				path: '/replaced.txt',
				mode: { '.tag': 'overwrite' },
				autorename: true,
				mute: true,
				strict_conflict: true,
				client_modified: '2026-05-12T15:50:38Z',
				property_groups: propertyGroups,
			},
			{
				path: '/updated.txt',
				mode: { '.tag': 'update', update: rev },
				autorename: false,
				mute: false,
				strict_conflict: false,
				client_modified: '2026-01-02T00:00:00Z',
				property_groups: propertyGroups,
			},
		]);
		expect(outputs[0]![2]!.json).toMatchObject({
			client_modified: '2026-01-02T00:00:00Z',
			property_groups: propertyGroups,
		});
	});

	it('lets every field of an answer through', async () => {
		rig().cloud.faults.add({
			route: V2,
			action: answering({ entries: finishBatchExample.entries }),
		});
		const result = await rig().dropbox({
			...finishBatch,
			items: [
				{
					json: { session_id: '1234faaf0678bcde', offset: 0, path: '/Homework/math/Matrices.txt' },
				},
			],
		});
		expect(jsonOf(result)).toEqual(finishBatchExample.entries);
	});

	it.each([false, true])(
		'commits again what Dropbox puts off, and nothing else (reported as path: %s)',
		async (reportedAsPath) => {
			rig().cloud.dropbox.contention.reportedAsPath = reportedAsPath;
			const items = await filesToCommit(rig(), ['/a.txt', '/b.txt', '/c.txt']);
			rig().cloud.dropbox.contention.failNext(2);
			const result = await rig().dropbox({ ...finishBatch, items });
			expect(result.status).toBe('success');
			expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'b.txt', 'c.txt']);
			expect(sizes()).toEqual([3, 2]);
			expect(rig().cloud.counters().overlappingCommits).toBe(0);
		},
	);

	it('gives up after Max Retries and says that the file can be committed later', async () => {
		rig().cloud.dropbox.contention.reportedAsPath = false;
		const items = await filesToCommit(rig(), ['/a.txt']);
		rig().cloud.dropbox.contention.failNext(9);
		const result = await rig().dropbox({
			...finishBatch,
			...carryOn,
			options: { maxRetries: 1 },
			items,
		});
		expect(sizes()).toEqual([1, 1]);
		expect(errorsOf(result)).toEqual([
			expect.objectContaining({
				path: 'too_many_write_operations',
				retryable: true,
				stored: 'no',
				resume: { sessionId: items[0]!.json.session_id, offset: items[0]!.json.offset },
			}),
		]);
	});

	it("keeps the others' files when one name is taken, and names the one", async () => {
		rig().cloud.dropbox.putFile('/taken.txt', 'something else');
		const items = await filesToCommit(rig(), ['/free.txt', '/taken.txt']);
		const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
		expect(jsonOf(result)[0]).toMatchObject({ '.tag': 'success', name: 'free.txt' });
		expect(errorsOf(result)[1]).toMatchObject({ path: 'path/conflict/file', class: 'user' });
		expect(errorsOf(result)[1]!.description).toContain('/taken.txt: path/conflict/file.');
	});

	it.each([
		['an unknown session', 'lookup_failed/not_found', { session_id: 'no-such-session', offset: 3 }],
		['a wrong offset', 'lookup_failed/incorrect_offset', { offset: 2 }],
	])('says what is wrong with %s', async (_, path, cursor) => {
		const [closed] = await closedSessions(rig(), ['abc']);
		const result = await rig().dropbox({
			...finishBatch,
			...carryOn,
			items: [{ json: { ...closed, ...cursor, path: '/a.txt' } }],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path, class: 'input', stored: 'no' });
		if (path.endsWith('offset')) {
			expect(errorsOf(result)[0]!.resume).toMatchObject({ correctOffset: 3 });
		}
	});

	it('puts the items of different roots into different batches', async () => {
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt', '/c.txt']);
		const result = await rig().dropbox({
			...finishBatch,
			options: { root: '={{ $itemIndex === 1 ? "home" : "automatic" }}' },
			items,
		});
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'b.txt', 'c.txt']);
		expect(sizes().sort()).toEqual([1, 2]);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
	});

	describe('items with one path', () => {
		const paths = ['/a.txt', '/same.txt', '/Same.txt', '/b.txt', '/SAME.txt'];

		it('go into one batch after the other, so that the last of them stands', async () => {
			const items = await filesToCommit(rig(), paths);
			const result = await rig().dropbox({ ...finishBatch, options: { mode: 'overwrite' }, items });
			expect(result.status).toBe('success');
			expect(sizes()).toEqual([3, 1, 1]);
			expect(rig().cloud.counters().overlappingCommits).toBe(0);
			expect(String(rig().cloud.dropbox.file('/same.txt')?.bytes)).toBe('content of /SAME.txt');
			expect(result.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(
				paths.map((_, item) => ({ item })),
			);
		});

		it('get their numbers in the order of the items', async () => {
			const items = await filesToCommit(rig(), paths);
			const result = await rig().dropbox({ ...finishBatch, options: { autorename: true }, items });
			expect(jsonOf(result).map(({ name }) => (name as string).toLowerCase())).toEqual([
				'a.txt',
				'same.txt',
				'same (1).txt',
				'b.txt',
				'same (2).txt',
			]);
		});

		it('fill the batches that there are', async () => {
			const many = Array.from({ length: 1_001 }, (_, index) => `/${index}.txt`);
			const items = await filesToCommit(rig(), [...paths.slice(1, 3), ...many]);
			const result = await rig().dropbox({ ...finishBatch, options: { mode: 'overwrite' }, items });
			expect(result.status).toBe('success');
			expect(sizes()).toEqual([1000, 3]);
		});

		it('are a job each, one after the other', async () => {
			rig().cloud.dropbox.settings.jobPolls = 1;
			const items = await filesToCommit(rig(), ['/same.txt', '/other.txt', '/same.txt']);
			const options = { commitMethod: 'job', mode: 'overwrite' };
			const result = await rig().dropbox({ ...finishBatch, options, items });
			expect(jsonOf(result).map(({ name }) => name)).toEqual(['same.txt', 'other.txt', 'same.txt']);
			expect(rig().calls('files/upload_session/finish_batch')).toHaveLength(2);
			expect(rig().cloud.counters().overlappingCommits).toBe(0);
		});
	});

	it.each([
		['no entry', []],
		['one too many', Array(2).fill({ '.tag': 'success', name: 'a.txt' })],
		['an entry without a reason', [{ '.tag': 'failure', failure: {} }]],
		['an entry without its file', [{ '.tag': 'success' }]],
		['an entry of another kind', [{ '.tag': 'perhaps' }]],
	])('claims nothing when Dropbox answers with %s', async (_, entries) => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		rig().cloud.faults.add({ route: V2, action: answering({ entries }) });
		const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
		expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown' });
		expect(errorsOf(result)[0]!.description).toContain('/a.txt');
	});

	it.each([-1, 1e300, 1.5, '3', null])(
		'takes no offset from Dropbox that is none: %p',
		async (correct_offset) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			const failure = {
				'.tag': 'lookup_failed',
				lookup_failed: { '.tag': 'incorrect_offset', correct_offset },
			};
			const entries = [{ '.tag': 'failure', failure }];
			rig().cloud.faults.add({ route: V2, action: answering({ entries }) });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(errorsOf(result)[0]!.path).toBe('lookup_failed/incorrect_offset');
			expect(errorsOf(result)[0]!.resume).not.toHaveProperty('correctOffset');
		},
	);

	describe('after a lost answer', () => {
		const lost = { kind: 'loseReply' } as const;

		it('looks at the paths, and sends nothing twice', async () => {
			const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(jsonOf(result).map(({ path_display: path, size }) => [path, size])).toEqual([
				['/a.txt', 17],
				['/b.txt', 17],
			]);
			expect(rig().cloud.dropbox.files()).toHaveLength(2);
		});

		it('finds what was renamed, and takes the file of another item for none', async () => {
			rig().cloud.dropbox.putFile('/same.txt', 'something else');
			const items = await filesToCommit(rig(), ['/same.txt', '/same.txt']);
			rig().cloud.faults.add({ route: V2, times: 1, skip: 1, action: lost });
			const options = { autorename: true };
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, options, items });
			expect(jsonOf(result).map(({ name }) => name)).toEqual(['same (1).txt', 'same (2).txt']);
		});

		it.each([
			['of another size', '/a.txt', 'content of somebody else'],
			['not there', '/other.txt', 'content of /a.txt'],
		])('says that the outcome is unknown where the file is %s', async (_, path, content) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			const run = (): void => {
				rig().cloud.dropbox.removeFile('/a.txt');
				rig().cloud.dropbox.putFile(path, content);
			};
			rig().cloud.faults.add({ route: V2, action: { kind: 'before', run } });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(errorsOf(result)[0]).toMatchObject({
				path: 'outcome_unknown',
				stored: 'unknown',
				retryable: false,
			});
			expect(errorsOf(result)[0]!.description).toContain('/a.txt');
		});

		it('does not take a file for its own that was there before', async () => {
			rig().cloud.clock.advance(-60_000);
			rig().cloud.dropbox.putFile('/a.txt', 'content of /b.txt');
			rig().cloud.clock.advance(60_000);
			const [item] = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: { kind: 'resetBefore' } });
			rig().cloud.faults.add({
				route: V2,
				action: {
					kind: 'before',
					run: () => rig().cloud.dropbox.loseSession(item!.json.session_id as string),
				},
			});
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items: [item!] });
			expect(errorsOf(result)[0]).toMatchObject({ path: 'outcome_unknown', stored: 'unknown' });
		});

		it.each([
			['no reason', {}],
			['half a reason', { '.tag': 'lookup_failed' }],
			['a new reason', { '.tag': 'struck_by_lightning' }],
		])('and %s in the next one, never says that nothing is stored', async (_, failure) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({
				route: V2,
				action: { kind: 'replyAfter', status: 200, body: '<html>' },
			});
			const entries = [{ '.tag': 'failure', failure }];
			rig().cloud.faults.add({ route: V2, action: answering({ entries }) });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(rig().cloud.dropbox.files()).toHaveLength(1);
			expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown' });
		});

		it('commits what had not arrived', async () => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: { kind: 'resetBefore' } });
			const result = await rig().dropbox({ ...finishBatch, items });
			expect(jsonOf(result)[0]).toMatchObject({ '.tag': 'success', name: 'a.txt' });
			expect(rig().calls(V2)).toHaveLength(2);
		});

		it.each([
			{ '.tag': 'lookup_failed', lookup_failed: { '.tag': 'from_next_year' } },
			{ '.tag': 'lookup_failed' },
			{ '.tag': 'path', path: { '.tag': 'from_next_year' } },
			{ '.tag': 'from_next_year' },
		])('takes a reason that it does not know for no proof: %j', async (failure) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			const entries = [{ '.tag': 'failure', failure }];
			rig().cloud.faults.add({ route: V2, action: answering({ entries }) });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(errorsOf(result)[0]).toMatchObject({ stored: 'unknown' });
		});

		it('claims nothing when there is no other try', async () => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			const result = await rig().dropbox({
				...finishBatch,
				...carryOn,
				options: { maxRetries: 0 },
				items,
			});
			expect(errorsOf(result)[0]).toMatchObject({ path: 'network/answer_lost', stored: 'unknown' });
		});

		it('claims nothing when the next tries are turned away', async () => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			rig().cloud.faults.add({ route: V2, times: Infinity, action: rateLimited(301) });
			const result = await rig().dropbox({ ...finishBatch, ...carryOn, items });
			expect(rig().cloud.dropbox.files()).toHaveLength(1);
			expect(errorsOf(result)[0]).toMatchObject({ path: 'too_many_requests', stored: 'unknown' });
		});

		it('claims nothing when the execution is cancelled meanwhile', async () => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			rig().cloud.faults.add({ route: V2, action: lost });
			rig().cloud.faults.add({ route: V2, action: { kind: 'delay', delayMs: 1_000 } });
			const run = await rig().startDropbox({ ...finishBatch, ...carryOn, items });
			await until(() => rig().calls(V2).length === 2);
			await run.cancel();
			const result = await run.finished;
			expect(result.status).toBe('canceled');
			const runs = result.runData.Node ?? [];
			expect(runs[0]?.data?.main?.[0]?.[0]?.json.error).toMatchObject({
				path: 'canceled',
				stored: 'unknown',
			});
		});
	});
});
