import { contentHash } from '../../cloud/dropbox';
import { generateBuffer } from '../../engine';
import { SHORT_WAITS, useRig } from '../../support/rig';
import { answering } from './replies';
import { append, fileOf, finish, generatedFile, startedSession } from './sessionSteps';
import { errorsOf, jsonOf, MIB } from './uploads';

const APPEND = 'files/upload_session/append_v2';

const rig = useRig({ pace: SHORT_WAITS });

const carryOn = { onError: 'continueRegularOutput' } as const;

const appended = () =>
	rig()
		.calls(APPEND)
		.map(({ argument }) => argument as { cursor: { offset: number }; close: boolean });

describe('Append to Session', () => {
	it('sends a file of 20 MiB in parts of 4 MiB, and says where the session ends', async () => {
		const sizeBytes = 20 * MIB + 5;
		const session_id = await startedSession(rig());
		const sent = await rig().dropbox({
			...append,
			options: { partSizeMib: 4, closeSession: true },
			items: [generatedFile(sizeBytes, { session_id, offset: 0 })],
		});
		expect(jsonOf(sent)).toEqual([{ session_id, offset: sizeBytes, closed: true }]);
		expect(appended().map(({ cursor, close }) => [cursor.offset / MIB, close])).toEqual([
			[0, false],
			[4, false],
			[8, false],
			[12, false],
			[16, false],
			[20, true],
		]);
		const finished = await rig().dropbox({
			...finish,
			items: [{ json: { ...jsonOf(sent)[0], path: '/large.bin' } }],
		});
		expect(jsonOf(finished)[0]).toMatchObject({
			size: sizeBytes,
			content_hash: contentHash(generateBuffer({ sizeBytes, seed: 1 })),
		});
	});

	it('rounds the part size down to a multiple of 4 MiB', async () => {
		const session_id = await startedSession(rig(), { sessionType: 'concurrent' });
		await rig().dropbox({
			...append,
			options: { partSizeMib: 7, closeSession: true },
			items: [generatedFile(9 * MIB, { session_id, offset: 0 })],
		});
		expect(appended().map(({ cursor }) => cursor.offset / MIB)).toEqual([0, 4, 8]);
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ size: 9 * MIB, isClosed: true });
	});

	it('appends the items of one session in their order, however many there are', async () => {
		const [session_id, other] = [await startedSession(rig()), await startedSession(rig())];
		const text = 'The quick brown fox jumps over the lazy dog';
		const letters = [...text];
		const result = await rig().dropbox({
			...append,
			options: { closeSession: '={{ $json.last === true }}' as never },
			items: [
				...letters.map((letter, offset) =>
					fileOf(letter, { session_id, offset, last: offset === text.length - 1 }),
				),
				fileOf('other', { session_id: other, offset: 0 }),
			],
		});
		expect(result.status).toBe('success');
		const finished = await rig().dropbox({
			...finish,
			items: [{ json: { session_id, offset: text.length, path: '/fox.txt' } }],
		});
		expect(finished.status).toBe('success');
		expect(String(rig().cloud.dropbox.file('/fox.txt')?.bytes)).toBe(text);
	});

	it('appends nothing and closes, for an empty file', async () => {
		const session_id = await startedSession(rig());
		const result = await rig().dropbox({
			...append,
			options: { closeSession: true },
			items: [fileOf('', { session_id, offset: 0 })],
		});
		expect(jsonOf(result)[0]).toEqual({ session_id, offset: 0, closed: true });
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ size: 0, isClosed: true });
	});

	describe.each(['sequential', 'concurrent'])(
		'to a %s session, after a lost answer',
		(sessionType) => {
			it.each([
				['open', false],
				['closed', true],
			])('knows that the bytes are in (session left %s)', async (_, closeSession) => {
				const session_id = await startedSession(rig(), { sessionType });
				const sizeBytes = 8 * MIB;
				rig().cloud.faults.add({ route: APPEND, skip: 1, action: { kind: 'loseReply' } });
				const result = await rig().dropbox({
					...append,
					options: { partSizeMib: 4, closeSession },
					items: [generatedFile(sizeBytes, { session_id, offset: 0 })],
				});
				expect(jsonOf(result)).toEqual([{ session_id, offset: sizeBytes, closed: closeSession }]);
				expect(rig().calls(APPEND)).toHaveLength(3);
				expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({
					size: sizeBytes,
					isClosed: closeSession,
				});
			});
		},
	);

	it.each([
		['had closed', 'loseReply' as const, 'closed'],
		['has still to close', 'resetBefore' as const, 'open'],
	])('closes what a lost answer %s when Dropbox names the offset only', async (_, kind, before) => {
		const session_id = await startedSession(rig());
		if (before === 'open') {
			await rig().dropbox({ ...append, items: [fileOf('hello', { session_id, offset: 0 })] });
		}
		const wrongOffset = { '.tag': 'incorrect_offset', correct_offset: 5 };
		rig().cloud.faults.add({ route: APPEND, action: { kind } });
		rig().cloud.faults.add({ route: APPEND, action: answering({ error: wrongOffset }, 409) });
		const result = await rig().dropbox({
			...append,
			options: { closeSession: true },
			items: [fileOf('hello', { session_id, offset: 0 })],
		});
		expect(jsonOf(result)).toEqual([{ session_id, offset: 5, closed: true }]);
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ size: 5, isClosed: true });
	});

	it('sends bytes again that did not arrive', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: APPEND, action: { kind: 'resetDuring', afterBytes: 2 } });
		const result = await rig().dropbox({
			...append,
			items: [fileOf('hello', { session_id, offset: 0 })],
		});
		expect(result.status).toBe('success');
		expect(rig().cloud.dropbox.sessions()[0]).toMatchObject({ size: 5 });
	});

	it('says at which offset the session ends when the given one is wrong', async () => {
		const session_id = await startedSession(rig());
		await rig().dropbox({ ...append, items: [fileOf('hello', { session_id, offset: 0 })] });
		const result = await rig().dropbox({
			...append,
			...carryOn,
			items: [fileOf('more', { session_id, offset: 3 })],
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'incorrect_offset',
			class: 'input',
			stored: 'no',
			resume: { sessionId: session_id, offset: 3, correctOffset: 5 },
		});
	});

	it('says how far it got when the session is lost on the way', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({
			route: APPEND,
			skip: 2,
			action: { kind: 'before', run: () => rig().cloud.dropbox.loseSession(session_id) },
		});
		const result = await rig().dropbox({
			...append,
			...carryOn,
			options: { partSizeMib: 4 },
			items: [generatedFile(12 * MIB, { session_id, offset: 0 })],
		});
		expect(errorsOf(result)[0]).toMatchObject({
			path: 'not_found',
			resume: { sessionId: session_id, offset: 8 * MIB },
		});
	});

	it('goes on where a broken append has stopped', async () => {
		const session_id = await startedSession(rig());
		rig().cloud.faults.add({ route: APPEND, skip: 1, action: { kind: 'resetBefore' } });
		const broken = await rig().dropbox({
			...append,
			...carryOn,
			options: { partSizeMib: 4, maxRetries: 0 },
			items: [generatedFile(8 * MIB, { session_id, offset: 0 })],
		});
		const { path, resume, retryable } = errorsOf(broken)[0]!;
		expect([path, retryable]).toEqual(['network/answer_lost', true]);
		expect(resume).toEqual({ sessionId: session_id, offset: 4 * MIB });
		const rest = generateBuffer({ sizeBytes: 8 * MIB, seed: 1 }).subarray(4 * MIB);
		const again = await rig().dropbox({
			...append,
			items: [fileOf(rest, { session_id, offset: resume!.offset as number })],
		});
		expect(jsonOf(again)[0]).toMatchObject({ offset: 8 * MIB });
	});
});
