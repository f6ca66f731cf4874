/** Retry On Fail of the single steps: what one try has done, the next one does not ask for again. */
import { useRig } from '../support/rig';
import { COMMIT, fileItem, openSession, putParts, PUT_PART, step, text } from './box/steps';
import { append, fileOf, start } from './dropbox/sessionSteps';
import { errorsOf, filesToCommit, finishBatch, jsonOf } from './dropbox/uploads';

const rig = useRig({ cloud: { box: { minimumSessionBytes: 1, partSizeBytes: 10 } } });
const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } as const;
const options = { maxRetries: 0 };
const calls = (route: string) => rig().calls(route).length;
const storedAtDropbox = () =>
	rig()
		.cloud.dropbox.files()
		.map(({ path }) => path);
const BATCH = 'files/upload_session/finish_batch_v2';
const APPEND = 'files/upload_session/append_v2';
const START = 'files/upload_session/start';

describe('Finish Upload Batch', () => {
	it.each([{}, { commitMethod: 'job' }])(
		'commits in its second try only what the first has not, %j',
		async (method) => {
			const items = await filesToCommit(rig(), ['/a.txt', '/b.txt', '/c.txt']);
			rig().cloud.dropbox.contention.failNext(1);
			const result = await rig().dropbox({
				...finishBatch,
				options: { ...options, ...method },
				node,
				items,
			});
			expect(result.status).toBe('success');
			expect(jsonOf(result).map(({ path_display }) => path_display)).toEqual([
				'/a.txt',
				'/b.txt',
				'/c.txt',
			]);
			expect(result.outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 1 },
				{ item: 2 },
			]);
		},
	);

	it('names the file that failed in both tries, and no other', async () => {
		rig().cloud.dropbox.putFile('/b.txt', 'in the way');
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
		const result = await rig().dropbox({ ...finishBatch, node, items });
		expect(result).toMatchObject({ status: 'error', error: { itemIndex: 1 } });
		expect(result.error?.description).toContain('The other items succeeded.');
		expect(calls(BATCH)).toBe(2);
	});

	it('says again what one try has left open, and not that nothing is stored', async () => {
		const items = await filesToCommit(rig(), ['/a.txt']);
		rig().cloud.faults.add({ route: BATCH, action: { kind: 'replyAfter', status: 500 } });
		const result = await rig().dropbox({ ...finishBatch, options, node, items });
		const { stored } = (result.error as { errorResponse?: { error: { stored: string } } })
			.errorResponse!.error;
		expect([result.status, stored]).toEqual(['error', 'unknown']);
		expect(storedAtDropbox()).toEqual(['/a.txt']);
		expect(calls(BATCH)).toBe(1);
	});
});

describe('the sessions of Dropbox', () => {
	it('get no bytes twice', async () => {
		const opened = await rig().dropbox({ ...start, items: [fileOf('one'), fileOf('two')] });
		const [one, two] = jsonOf(opened) as Array<{ session_id: string; offset: number }>;
		const result = await rig().dropbox({
			...append,
			parameters: { sessionId: '={{ $json.session_id }}', offset: '={{ $json.offset }}' },
			node,
			items: [fileOf('more', one), fileOf('more', { ...two, offset: 1 })],
		});
		expect(result).toMatchObject({ status: 'error', error: { itemIndex: 1 } });
		expect(result.error?.description).toContain('The other items succeeded.');
		expect(calls(APPEND)).toBe(3);
	});

	it('are opened once for each item', async () => {
		rig().cloud.faults.add({ route: START, action: { kind: 'reply', status: 500 } });
		const items = [fileOf('one'), fileOf('two'), fileOf('three')];
		const result = await rig().dropbox({ ...start, options, node, items });
		expect(result.status).toBe('success');
		expect(result.outputs[0]!.map(({ binary }) => binary?.data?.fileName)).toEqual(
			items.map(() => 'file.bin'),
		);
		expect(rig().cloud.dropbox.sessions()).toHaveLength(3);
	});
});

describe('the sessions of Box', () => {
	const commit = step('commit', {
		parameters: { sessionId: '={{ $json.id }}', digestSource: 'binary' },
	});

	async function fullSession(name: string): Promise<string> {
		const id = await openSession(rig(), text, { name });
		await putParts(rig(), id);
		return id;
	}

	it('are committed once', async () => {
		const ids = [await fullSession('a.txt'), '0123456789ABCDEF0123456789ABCDEF'];
		const items = ids.map((id) => fileItem(text, { id }));
		const result = await rig().box({ ...commit, node, items });
		expect(result).toMatchObject({ status: 'error', error: { itemIndex: 1 } });
		expect(result.error?.description).toContain('The other items succeeded.');
		expect(calls(COMMIT)).toBe(1);
	});

	it('are committed until Box is done with the parts', async () => {
		rig().cloud.faults.add({
			route: COMMIT,
			action: { kind: 'reply', status: 202, headers: { 'retry-after': '60' } },
		});
		const items = [fileItem(text, { id: await fullSession('a.txt') })];
		const patience = { deadlineMinutes: 0.001 };
		const result = await rig().box({ ...commit, options: patience, node, items });
		expect(result.status).toBe('success');
		expect(calls(COMMIT)).toBe(2);
	});

	it('that may be stored are not called lost', async () => {
		rig().cloud.faults.add({ route: COMMIT, action: { kind: 'replyAfter', status: 500 } });
		const items = [fileItem(text, { id: await fullSession('a.txt') })];
		const result = await rig().box({ ...commit, options, node, items });
		const { errorResponse } = result.error as unknown as { errorResponse: { error: unknown } };
		expect(errorResponse.error).toMatchObject({ path: 'outcome_unknown', stored: 'unknown' });
	});

	it('get each part once', async () => {
		const id = await openSession(rig());
		const offsets = [0, 10, 7].map((offset) => fileItem(text, { offset }));
		const result = await rig().box(
			step('uploadPart', {
				parameters: { sessionId: id, offset: '={{ $json.offset }}' },
				node,
				items: offsets,
			}),
		);
		expect(result).toMatchObject({ status: 'error', error: { itemIndex: 2 } });
		expect(calls(PUT_PART)).toBe(2);
	});
});

it('a new execution is no second try', async () => {
	const items = await filesToCommit(rig(), ['/a.txt', '/b.txt']);
	rig().cloud.dropbox.putFile('/b.txt', 'in the way');
	const run = { ...finishBatch, node, onError: 'continueRegularOutput' as const, items };
	await rig().dropbox(run);
	expect(errorsOf(await rig().dropbox(run))[0]).toMatchObject({
		path: 'lookup_failed/not_found',
		stored: 'no',
	});
});
