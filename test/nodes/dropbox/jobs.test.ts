import { memberAccount } from '../../cloud/dropbox';
import { rateLimited } from '../../cloud/dropbox/errors';
import type { RunResult } from '../../engine/types';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { until } from '../../support/until';
import { answering, finishBatchExample } from './replies';
import { leavesOf } from './unions';
import { checkJob, errorsOf, filesToCommit, finishBatch, jsonOf } from './uploads';

const LAUNCH = 'files/upload_session/finish_batch';
const CHECK = 'files/upload_session/finish_batch/check';

const rig = useRig({ pace: SHORT_WAITS });

const carryOn = { onError: 'continueRegularOutput' } as const;
const inProgress = answering({ '.tag': 'in_progress' });
const UNKNOWN_REASON = "Dropbox returned a reason that this node doesn't know";

beforeEach(() => {
	rig().cloud.dropbox.settings.jobPolls = 1;
});

const startJob = (more: object = {}) => ({
	...finishBatch,
	options: { commitMethod: 'job', waitForJob: false, ...more },
});

/** Check Batch Job with the item that Start a Job gave. */
const checkOf = (
	started: RunResult,
	options?: { waitForJob?: boolean; deadlineMinutes?: number; maxRetries?: number },
) => ({
	...checkJob,
	parameters: { asyncJobId: '={{ $json.async_job_id }}' },
	...(options && { options }),
	items: started.outputs[0]!.map(({ json }) => ({ json })),
});

const calls = (route: string) => rig().calls(route).length;

describe('Start a Job', () => {
	it('says of a file at the top of a team space that none can lie there', async () => {
		await rig().connectDropbox({ accountId: memberAccount.accountId });
		const items = await filesToCommit(rig(), ['/report.pdf']);
		const failure = { '.tag': 'path', path: { '.tag': 'no_write_permission' } };
		const entries = [{ '.tag': 'failure', failure }];
		rig().cloud.faults.add({ route: CHECK, action: answering({ '.tag': 'complete', entries }) });
		const result = await rig().dropbox({ ...startJob({ waitForJob: true }), ...carryOn, items });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'path/no_write_permission',
			message: "Files can't be stored at the top level of a team space",
		});
	});

	it('gives one item with the job and what it was asked for, then Check Batch Job gives the files', async () => {
		const paths = ['/a.txt', '/日本/b.txt', '/c.txt'];
		const items = await filesToCommit(rig(), paths);
		const started = await rig().dropbox({ ...startJob(), items });
		expect(started.outputs[0]).toEqual([
			{
				json: {
					'.tag': 'async_job_id',
					async_job_id: rig().cloud.dropbox.runningJobs[0],
					submitted: items.map(({ json }) => json),
				},
				pairedItem: [{ item: 0 }, { item: 1 }, { item: 2 }],
			},
		]);
		expect(calls(CHECK)).toBe(0);

		const checked = await rig().dropbox(checkOf(started));
		expect(jsonOf(checked).map((json) => json.path_display)).toEqual(paths);
		expect(checked.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 0 },
			{ item: 0 },
		]);
	});

	it('waits for the job where that is wanted', async () => {
		rig().cloud.dropbox.settings.jobPolls = 2;
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
		const result = await rig().dropbox({ ...startJob({ waitForJob: true }), items });
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
		expect([calls(LAUNCH), calls(CHECK)]).toEqual([1, 3]);
	});

	it.each([true, false])(
		'gives the files of a job that is complete at once (waiting: %s)',
		async (waitForJob) => {
			rig().cloud.dropbox.settings.jobPolls = 0;
			const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
			const result = await rig().dropbox({ ...startJob({ waitForJob }), items });
			expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
			expect(result.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
			]);
			expect(calls(CHECK)).toBe(0);
		},
	);

	it('lets every field of a complete answer through', async () => {
		rig().cloud.faults.add({ route: LAUNCH, action: answering(finishBatchExample) });
		const json = { session_id: '1234faaf0678bcde', offset: 0, path: '/Homework/math/Matrices.txt' };
		const result = await rig().dropbox({ ...startJob(), items: [{ json }] });
		expect(jsonOf(result)).toEqual(finishBatchExample.entries);
	});

	it('never starts a job of more than 1,000 files before the one before has ended', async () => {
		const paths = Array.from({ length: 1001 }, (_, index) => `/${index}.txt`);
		const items = await filesToCommit(rig(), paths);
		const result = await rig().dropbox({ ...startJob(), items });
		expect([calls(LAUNCH), calls(CHECK)]).toEqual([2, 2]);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
		const json = jsonOf(result);
		expect(json).toHaveLength(1001);
		expect(json.slice(0, 1000).map(({ path_display }) => path_display)).toEqual(
			paths.slice(0, 1000),
		);
		expect(json[1000]).toMatchObject({ '.tag': 'async_job_id', submitted: [items[1000]!.json] });
		expect(result.outputs[0]![1000]!.pairedItem).toEqual({ item: 1000 });
	});

	it('does not start the next job while the one before still runs at the deadline', async () => {
		rig().cloud.dropbox.settings.jobPolls = 100;
		const paths = Array.from({ length: 1001 }, (_, index) => `/${index}.txt`);
		const items = await filesToCommit(rig(), paths);
		const result = await rig().dropbox({
			...startJob({ waitForJob: true, deadlineMinutes: 0.005 }),
			...carryOn,
			items,
		});
		const errors = errorsOf(result);
		expect(errors[0]).toMatchObject({
			path: 'job/in_progress',
			stored: 'unknown',
			retryable: true,
			resume: {
				asyncJobId: rig().cloud.dropbox.runningJobs[0],
				sessionId: items[0]!.json.session_id,
			},
		});
		expect(errors[1000]).toMatchObject({ path: 'job/earlier_in_progress', stored: 'no' });
		expect(calls(LAUNCH)).toBe(1);
	});

	it.each([0, 1])(
		'looks at the paths when the answer to the start was lost (polls: %d)',
		async (jobPolls) => {
			rig().cloud.dropbox.settings.jobPolls = jobPolls;
			const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
			rig().cloud.faults.add({ route: LAUNCH, action: { kind: 'loseReply' } });
			const result = await rig().dropbox({ ...startJob({ waitForJob: true }), ...carryOn, items });
			expect(jsonOf(result).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
			expect(rig().cloud.dropbox.files()).toHaveLength(2);
		},
	);

	it('asks again, and starts nothing again, when the answer to a question was lost', async () => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		rig().cloud.faults.add({ route: CHECK, times: 2, action: { kind: 'loseReply' } });
		const result = await rig().dropbox({ ...startJob({ waitForJob: true }), items });
		expect(jsonOf(result)[0]).toMatchObject({ '.tag': 'success', name: 'a.txt' });
		expect([calls(LAUNCH), calls(CHECK)]).toEqual([1, 3]);
	});

	it.each([42, '', null, {}, ['dbjid:1']])('takes no job ID that is none: %j', async (id) => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		const job = answering({ '.tag': 'async_job_id', async_job_id: id });
		rig().cloud.faults.add({ route: LAUNCH, times: 2, action: job });
		const options = { waitForJob: true, maxRetries: 1 };
		const result = await rig().dropbox({ ...startJob(options), ...carryOn, items });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/unexpected_reply', stored: 'unknown' });
		expect(calls(CHECK)).toBe(0);
	});

	it('hands on that an answer was lost, so that Check Batch Job claims nothing', async () => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		rig().cloud.faults.add({ route: LAUNCH, action: { kind: 'loseReply' } });
		const started = await rig().dropbox({ ...startJob(), items });
		expect(jsonOf(started)[0]).toMatchObject({ answer_lost: true });
		const first = await rig().dropbox(checkOf(started, { waitForJob: false }));
		expect(jsonOf(first)[0]).toMatchObject({ '.tag': 'in_progress', answer_lost: true });
		const checked = await rig().dropbox({ ...checkOf(first), ...carryOn });
		expect(errorsOf(checked)[0]).toMatchObject({ path: 'outcome_unknown', stored: 'unknown' });
		expect(errorsOf(checked)[0]!.description).toContain('/a.txt');
		expect(rig().cloud.dropbox.file('/a.txt')).toBeDefined();
	});

	it('says so when Dropbox names no job', async () => {
		rig().cloud.faults.add({ route: LAUNCH, action: inProgress });
		const items = await filesToCommit(rig(), ['/a.txt']);
		const result = await rig().dropbox({ ...startJob(), ...carryOn, items });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/unexpected_reply', stored: 'unknown' });
	});
});

describe('Check Batch Job', () => {
	it('asks until the job is complete and makes every kind of failure readable and named', async () => {
		const leaves = leavesOf('files.UploadSessionFinishError');
		const submitted = [...leaves, 'success'].map((_, index) => ({
			session_id: `session-${index}`,
			offset: index,
			path: `/Kinds/${index}.txt`,
		}));
		const [stored] = finishBatchExample.entries;
		const entries = [...leaves.map(({ value }) => ({ '.tag': 'failure', failure: value })), stored];
		rig().cloud.faults.add({ route: CHECK, times: 5, action: inProgress });
		rig().cloud.faults.add({ route: CHECK, action: answering({ '.tag': 'complete', entries }) });
		const result = await rig().dropbox({
			...checkJob,
			...carryOn,
			parameters: { asyncJobId: '={{ $json.async_job_id }}' },
			items: [{ json: { async_job_id: 'job-1', submitted } }],
		});
		expect(calls(CHECK)).toBe(6);
		const errors = errorsOf(result);
		expect(leaves.length).toBeGreaterThan(30);
		leaves.forEach(({ path }, index) => {
			const error = errors[index]!;
			expect(error).toMatchObject({ path, vendor: 'Dropbox' });
			expect(error.message).not.toBe(UNKNOWN_REASON);
			expect(error.description).toContain(`/Kinds/${index}.txt: ${path}.`);
			expect(error.resume).toMatchObject({ sessionId: `session-${index}`, offset: index });
			expect(error.stored).toBe(path.startsWith('properties_error/') ? 'yes' : 'no');
		});
		expect(jsonOf(result).at(-1)).toEqual(stored);
	}, 30_000);

	it.each([{ waitForJob: true }, { waitForJob: false }])(
		'says so when a job is complete without a word about its files: %j',
		async (options) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			const started = await rig().dropbox({ ...startJob(), items });
			const asyncJobId = jsonOf(started)[0]?.async_job_id;
			const action = answering({ '.tag': 'complete', entries: [] });
			rig().cloud.faults.add({ route: CHECK, action });
			const result = await rig().dropbox({ ...checkOf(started, options), ...carryOn });
			expect(errorsOf(result)[0]).toMatchObject({
				path: 'http/unexpected_reply',
				stored: 'unknown',
				resume: { asyncJobId },
			});
		},
	);

	it.each([{ waitForJob: true }, { waitForJob: false }])(
		'says that the files may be stored when it cannot ask for the job: %j',
		async (options) => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			const started = await rig().dropbox({ ...startJob(), items });
			const asyncJobId = jsonOf(started)[0]?.async_job_id;
			rig().cloud.faults.add({ route: CHECK, action: { kind: 'reply', status: 503 } });
			const run = checkOf(started, { ...options, maxRetries: 0 });
			const [error] = errorsOf(await rig().dropbox({ ...run, ...carryOn }));
			expect(error).toMatchObject({ path: 'http/503', stored: 'unknown', resume: { asyncJobId } });
		},
	);

	it('asks once where that is wanted, and hands on what was submitted', async () => {
		rig().cloud.dropbox.settings.jobPolls = 1;
		const started = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/a.txt']),
		});
		const first = await rig().dropbox(checkOf(started, { waitForJob: false }));
		const { async_job_id, submitted } = jsonOf(started)[0]!;
		expect(jsonOf(first)).toEqual([{ '.tag': 'in_progress', async_job_id, submitted }]);
		const second = await rig().dropbox(checkOf(first, { waitForJob: false }));
		expect(jsonOf(second)[0]).toMatchObject({ '.tag': 'success', name: 'a.txt' });
		expect(calls(CHECK)).toBe(2);
	});

	it('stops at the deadline, and the job can be asked for again', async () => {
		rig().cloud.dropbox.settings.jobPolls = 2;
		const started = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/a.txt']),
		});
		const id = jsonOf(started)[0]!.async_job_id;
		const late = await rig().dropbox({
			...checkOf(started, { deadlineMinutes: 0.0001 }),
			...carryOn,
		});
		expect(errorsOf(late)[0]).toMatchObject({
			path: 'job/in_progress',
			stored: 'unknown',
			resume: { asyncJobId: id },
		});
		const again = await rig().dropbox(checkOf(started));
		expect(jsonOf(again)[0]).toMatchObject({ name: 'a.txt' });
	});

	it('does not wait past the deadline because a question is put off', async () => {
		const started = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/a.txt']),
		});
		rig().cloud.faults.add({ route: CHECK, action: rateLimited(90) });
		const beginMs = Date.now();
		const late = await rig().dropbox({
			...checkOf(started, { deadlineMinutes: 0.005 }),
			...carryOn,
		});
		expect(Date.now() - beginMs).toBeLessThan(90_000 / SHORT_WAITS.clockSpeed);
		expect(errorsOf(late)[0]).toMatchObject({
			path: 'too_many_requests',
			stored: 'unknown',
			retryable: true,
			resume: { asyncJobId: jsonOf(started)[0]!.async_job_id },
		});
		expect(errorsOf(late)[0]!.description).toContain('Try again in 2 minutes.');
		expect(calls(CHECK)).toBe(1);
	});

	it('repeats a question that breaks at the deadline', async () => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		const started = await rig().dropbox({ ...startJob(), items });
		rig().cloud.faults.add({ route: CHECK, action: { kind: 'loseReply' } });
		const checked = await rig().dropbox(checkOf(started, { deadlineMinutes: 0.0001 }));
		expect(calls(CHECK)).toBe(2);
		expect(jsonOf(checked)[0]).toMatchObject({ name: 'a.txt' });
	});

	it('hears a cancel within a second', async () => {
		rig().cloud.dropbox.settings.jobPolls = 1_000;
		const started = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/a.txt']),
		});
		const run = await rig().startDropbox(checkOf(started));
		await until(() => calls(CHECK) === 3);
		const canceledAtMs = Date.now();
		await run.cancel();
		const { error } = await run.finished;
		expect(Date.now() - canceledAtMs).toBeLessThan(1_000);
		expect(error?.message).toContain('canceled');
		expect(calls(CHECK)).toBe(3);
	});

	it("says what is wrong with a job that Dropbox doesn't know", async () => {
		const result = await rig().dropbox({
			...checkJob,
			...carryOn,
			parameters: { asyncJobId: 'dbjid:nothing' },
		});
		expect(errorsOf(result)).toEqual([
			expect.objectContaining({
				path: 'invalid_async_job_id',
				class: 'input',
				stored: 'unknown',
				status: 409,
				resume: { asyncJobId: 'dbjid:nothing' },
			}),
		]);
		expect(errorsOf(result)[0]!.description).toContain('dbjid:nothing');
	});

	it('checks several jobs in one run, each entry paired with the item of its job', async () => {
		const first = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/a.txt']),
		});
		await rig().dropbox(checkOf(first));
		const second = await rig().dropbox({
			...startJob(),
			items: await filesToCommit(rig(), ['/b.txt']),
		});
		const both = await rig().dropbox({
			...checkOf(first),
			items: [...first.outputs[0]!, ...second.outputs[0]!].map(({ json }) => ({ json })),
		});
		expect(both.outputs[0]!.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
			['a.txt', { item: 0 }],
			['b.txt', { item: 1 }],
		]);
	});

	it('stops with one error that lists the failed files', async () => {
		rig().cloud.dropbox.putFile('/taken.txt', 'something else');
		const items = await filesToCommit(rig(), ['/taken.txt', '/free.txt']);
		const started = await rig().dropbox({ ...startJob(), items });
		const { status, error } = await rig().dropbox(checkOf(started));
		expect(status).toBe('error');
		expect(error).toMatchObject({ name: 'NodeApiError', message: 'A file is already there' });
		expect(error!.context).toMatchObject({ itemIndex: 0 });
		expect(error!.description).toContain('/taken.txt: path/conflict/file.');
	});
});
