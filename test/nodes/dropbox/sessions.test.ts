import { contentHash } from '../../cloud/dropbox';
import { useRig } from '../../support/rig';
import { fileOf, finish, generatedFile, start, startedSession, startEmpty } from './sessionSteps';
import { errorsOf, fromInput, jsonOf, MIB } from './uploads';

const START = 'files/upload_session/start';
const FINISH = 'files/upload_session/finish';

const rig = useRig();

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

	it('says that the outcome is unknown after a lost answer', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
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
		expect(rig().cloud.dropbox.files()).toHaveLength(1);
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
