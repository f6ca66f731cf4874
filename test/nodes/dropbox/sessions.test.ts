import { contentHash } from '../../cloud/dropbox';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { answering } from './replies';
import { fileOf, finish, generatedFile, start, startedSession, startEmpty } from './sessionSteps';
import { errorsOf, fromInput, jsonOf, MIB } from './uploads';

const START = 'files/upload_session/start';
const FINISH = 'files/upload_session/finish';

const rig = useRig({ pace: SHORT_WAITS });

const carryOn = { onError: 'continueRegularOutput' } as const;

describe('Start Session', () => {
	it('opens a session with its first bytes in one request, and hands the file on', async () => {
		const result = await rig().dropbox({ ...start, items: [fileOf('hello')] });
		expect(result.status).toBe('success');
		expect(jsonOf(result)[0]).toEqual({
			session_id: expect.any(String) as unknown,
			offset: 5,
			session_type: 'sequential',
			closed: false,
		});
		expect(result.outputs[0]![0]!.binary?.data?.fileName).toBe('file.bin');
		expect(rig().cloud.dropbox.sessions()).toMatchObject([
			{ type: 'sequential', size: 5, isClosed: false },
		]);
		expect(rig().calls(START)[0]!.argument).toMatchObject({
			content_hash: contentHash(Buffer.from('hello')),
		});
	});

	it('opens a session without bytes', async () => {
		const result = await rig().dropbox(startEmpty);
		expect(jsonOf(result)[0]).toMatchObject({ offset: 0, closed: false });
		expect(rig().calls(START)[0]!.requestBytes).toBe(0);
	});

	it('opens and closes a session for an empty file, which can then be committed', async () => {
		const started = await rig().dropbox({
			...start,
			options: { closeSession: true },
			items: [fileOf('')],
		});
		expect(jsonOf(started)[0]).toMatchObject({ offset: 0, closed: true });
		const finished = await rig().dropbox({
			...finish,
			items: [{ json: { ...jsonOf(started)[0], path: '/empty.txt' } }],
		});
		expect(jsonOf(finished)[0]).toMatchObject({ name: 'empty.txt', size: 0 });
	});

	it('opens a concurrent session', async () => {
		const result = await rig().dropbox({ ...startEmpty, options: { sessionType: 'concurrent' } });
		expect(jsonOf(result)[0]).toMatchObject({ session_type: 'concurrent' });
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ type: 'concurrent' });
	});

	it.each([
		['bytes', fileOf('abc'), { sessionType: 'concurrent' }, 'data'],
		['a close', { json: {} }, { sessionType: 'concurrent', closeSession: true }, ''],
	])('refuses a concurrent session with %s before any request', async (_, item, options, field) => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			parameters: { binaryPropertyName: field },
			options: options,
			items: [item],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/sessionType', class: 'input' });
		expect(rig().cloud.log).toEqual([]);
	});

	it('refuses more than 150 MiB before any request', async () => {
		const result = await rig().dropbox({
			...start,
			...carryOn,
			items: [generatedFile(150 * MIB + 1)],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/binaryPropertyName', class: 'input' });
		expect(errorsOf(result)[0]!.description).toContain(String(150 * MIB + 1));
		expect(rig().cloud.log).toEqual([]);
	});

	it('sends the bytes again after damage on the way, and opens no second session', async () => {
		rig().cloud.faults.add({ route: START, action: { kind: 'resetDuring', afterBytes: 1 } });
		const result = await rig().dropbox({ ...start, items: [fileOf('hello')] });
		expect(result.status).toBe('success');
		expect(rig().cloud.dropbox.sessions()).toHaveLength(1);
	});
});

describe('Finish Session', () => {
	it('sends the last bytes along', async () => {
		const session_id = await startedSession(rig());
		const result = await rig().dropbox({
			...finish,
			parameters: { ...fromInput, binaryPropertyName: 'data' },
			items: [fileOf('hello', { session_id, offset: 0, path: '/日本/hello 😀.txt' })],
		});
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/日本/hello 😀.txt', size: 5 });
		expect(result.outputs[0]![0]!.pairedItem).toEqual({ item: 0 });
		expect(String(rig().cloud.dropbox.file('/日本/hello 😀.txt')?.bytes)).toBe('hello');
	});

	it('refuses more than 150 MiB before any request', async () => {
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			parameters: { ...fromInput, binaryPropertyName: 'data' },
			items: [generatedFile(150 * MIB + 1, { session_id: 'a', offset: 0, path: '/a.bin' })],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/binaryPropertyName' });
		expect(rig().cloud.log).toEqual([]);
	});

	it('commits one file after the other', async () => {
		const ids = await Promise.all([
			startedSession(rig()),
			startedSession(rig()),
			startedSession(rig()),
		]);
		rig().cloud.faults.add({ route: FINISH, times: 3, action: { kind: 'delay', delayMs: 50 } });
		const result = await rig().dropbox({
			...finish,
			items: ids.map((session_id, index) => ({
				json: { session_id, offset: 0, path: `/${index}` },
			})),
		});
		expect(jsonOf(result).map(({ name }) => name)).toEqual(['0', '1', '2']);
		expect(rig().cloud.counters().overlappingCommits).toBe(0);
	});

	it('waits and tries again while Dropbox is busy with other changes', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.dropbox.contention.failNext(1);
		const result = await rig().dropbox({
			...finish,
			items: [{ json: { session_id, offset: 0, path: '/a.txt' } }],
		});
		expect(jsonOf(result)[0]).toMatchObject({ name: 'a.txt' });
		expect(rig().calls(FINISH)).toHaveLength(2);
	});

	it('looks at the path after a lost answer', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			items: [{ json: { session_id, offset: 0, path: '/a.txt' } }],
		});
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/a.txt', size: 0 });
		expect(rig().calls(FINISH)).toHaveLength(2);
		expect(rig().cloud.dropbox.files()).toHaveLength(1);
	});

	it.each([
		{ '.tag': 'lookup_failed', lookup_failed: { '.tag': 'from_next_year' } },
		{ '.tag': 'path', path: { '.tag': 'from_next_year' } },
	])('takes a reason that it does not know for no proof: %j', async (error) => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
		rig().cloud.faults.add({ route: FINISH, action: answering({ error }, 409) });
		const items = [{ json: { session_id, offset: 0, path: '/a.txt' } }];
		const result = await rig().dropbox({ ...finish, ...carryOn, items });
		expect(errorsOf(result)[0]?.stored).toBe('unknown');
	});

	it('says that the outcome is unknown where another file is at the path then', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
		const run = (): void => void rig().cloud.dropbox.putFile('/a.txt', 'from somebody else');
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'before', run } });
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			items: [{ json: { session_id, offset: 0, path: '/a.txt' } }],
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'outcome_unknown',
			stored: 'unknown',
			retryable: false,
		});
		expect(errorsOf(result)[0]!.description).toContain('/a.txt');
	});

	it('says that the file is stored when only its property groups were refused', async () => {
		const session_id = await startedSession(rig());
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			options: {
				propertyGroups: '[{"template_id":"ptid:1a5n2i6d3OYEAAAAAAAAAYa","fields":[]}]',
			},
			items: [{ json: { session_id, offset: 0, path: '/a.txt' } }],
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'properties_error/template_not_found',
			stored: 'yes',
		});
		expect(rig().cloud.dropbox.file('/a.txt')).toBeDefined();
	});

	it('says that a concurrent session is still open', async () => {
		const session_id = await startedSession(rig(), { sessionType: 'concurrent' });
		const result = await rig().dropbox({
			...finish,
			...carryOn,
			items: [{ json: { session_id, offset: 0, path: '/a.txt' } }],
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'concurrent_session_not_closed' });
	});
});

describe('Finish Session with bytes', () => {
	const FIRST = 'the first bytes, ';
	const LAST = 'and the last ones';
	const withBytes = {
		...finish,
		...carryOn,
		parameters: { ...fromInput, binaryPropertyName: 'data' },
	};
	const end = FIRST.length + LAST.length;

	/** An open session with the first bytes in it, and an item with the last ones. */
	async function itemWithRest() {
		const started = await rig().dropbox({ ...start, items: [fileOf(FIRST)] });
		const session_id = jsonOf(started)[0]!.session_id as string;
		return fileOf(LAST, { session_id, offset: FIRST.length, path: '/a.txt' });
	}
	const sent = () =>
		rig()
			.calls(FINISH)
			.map((call) => [
				(call.argument as { cursor: { offset: number } }).cursor.offset,
				call.requestBytes,
			]);
	const expectStored = (): void => {
		expect(rig().cloud.dropbox.files()).toHaveLength(1);
		expect(String(rig().cloud.dropbox.file('/a.txt')?.bytes)).toBe(FIRST + LAST);
	};

	afterEach(() => {
		rig().cloud.dropbox.contention.reportedAsPath = false;
	});

	it.each([true, false])(
		'sends none again after a refusal that passes (reported as path: %s)',
		async (reportedAsPath) => {
			const items = [await itemWithRest()];
			rig().cloud.dropbox.contention.reportedAsPath = reportedAsPath;
			rig().cloud.dropbox.contention.failNext(2);
			const result = await rig().dropbox({ ...withBytes, items });
			expect(jsonOf(result)[0]).toMatchObject({ path_display: '/a.txt', size: end });
			expectStored();
			expect(sent()).toEqual([
				[FIRST.length, LAST.length],
				[end, 0],
				[end, 0],
			]);
		},
	);

	it('sends none again after a 500 that came when they were in', async () => {
		const items = [await itemWithRest()];
		rig().cloud.dropbox.contention.failNext(1);
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'replyAfter', status: 500 } });
		const result = await rig().dropbox({ ...withBytes, items });
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/a.txt', size: end });
		expectStored();
		expect(sent()).toEqual([
			[FIRST.length, LAST.length],
			[end, 0],
		]);
	});

	it.each([
		['a 500', { kind: 'reply', status: 500 }],
		['a broken connection', { kind: 'resetBefore' }],
		['half a body', { kind: 'resetDuring', afterBytes: 3 }],
	] as const)('sends them again after %s that came before', async (_, action) => {
		const items = [await itemWithRest()];
		rig().cloud.faults.add({ route: FINISH, action });
		const result = await rig().dropbox({ ...withBytes, items });
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/a.txt', size: end });
		expectStored();
		expect(sent().slice(1)).toEqual([
			[end, 0],
			[FIRST.length, LAST.length],
		]);
	});

	it('looks at the path when the answer to the whole was lost', async () => {
		const items = [await itemWithRest()];
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
		const result = await rig().dropbox({ ...withBytes, items });
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/a.txt', size: end });
		expectStored();
	});

	it('says where the session ends when the path is refused, and can go on from there', async () => {
		const items = [await itemWithRest()];
		rig().cloud.dropbox.putFile('/a.txt', 'in the way');
		const refused = await rig().dropbox({ ...withBytes, items });
		const [error] = errorsOf(refused);
		expect(error).toMatchObject({
			path: 'path/conflict/file',
			stored: 'no',
			resume: { offset: end },
		});
		const { sessionId: session_id, offset } = error!.resume!;
		const again = { session_id, offset, path: '/b.txt' } as never;
		const result = await rig().dropbox({ ...finish, items: [{ json: again }] });
		expect(jsonOf(result)[0]).toMatchObject({ path_display: '/b.txt', size: end });
	});

	it.each([
		['were in', 'replyAfter', end],
		['were not', 'reply', FIRST.length],
	] as const)('finds out where the session ends when the bytes %s', async (_, kind, offset) => {
		const items = [await itemWithRest()];
		rig().cloud.dropbox.contention.failNext(1);
		rig().cloud.faults.add({ route: FINISH, action: { kind, status: 500 } });
		const result = await rig().dropbox({ ...withBytes, options: { maxRetries: 0 }, items });
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'http/500',
			stored: 'unknown',
			resume: { offset },
		});
	});

	it('goes on in the second try of Retry On Fail', async () => {
		const items = [await itemWithRest()];
		rig().cloud.dropbox.contention.failNext(1);
		const result = await rig().dropbox({
			...withBytes,
			onError: 'stopWorkflow',
			options: { maxRetries: 0 },
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
			items,
		});
		expect(result.status).toBe('success');
		expectStored();
		expect(sent()).toEqual([
			[FIRST.length, LAST.length],
			[end, 0],
		]);
	});

	it('and an offset that was wrong from the start is told, whatever the session ends with', async () => {
		const [item] = [await itemWithRest()];
		const json = { ...item.json, offset: 0 };
		const result = await rig().dropbox({
			...withBytes,
			// The bytes are as many as the session has.
			items: [fileOf(FIRST.toUpperCase(), json)],
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'lookup_failed/incorrect_offset',
			stored: 'no',
			resume: { correctOffset: FIRST.length },
		});
		expect(rig().cloud.dropbox.files()).toEqual([]);
	});
});
