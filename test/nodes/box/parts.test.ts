import { generateBuffer } from '../../engine';
import { answering } from '../dropbox/replies';
import {
	callsOf,
	COMMIT,
	commitOf,
	failureOf,
	fileItem,
	filledSession,
	jsonOf,
	LIST_PARTS,
	onlyJson,
	openSession,
	partOf,
	partsOfText,
	PUT_PART,
	putParts,
	sha1,
	step,
	text,
	uploadParts,
	useBox,
} from './steps';

const rig = useBox();
const partsAtBox = () => rig().cloud.box.sessions()[0]?.parts ?? [];
const storedParts = partsOfText.map((content, index) => ({
	offset: index * 10,
	size: content.length,
	sha1: sha1(content, 'hex'),
}));

describe('Upload Part', () => {
	test('cuts each part at its offset out of the whole file', async () => {
		const sessionId = await openSession(rig());
		const sent = jsonOf(await rig().box(uploadParts(sessionId)));
		expect(partsAtBox()).toMatchObject(storedParts);
		expect(sent).toEqual(partsAtBox().map((part) => ({ session_id: sessionId, part })));
		// The session is asked for its part size and its address once, not for each part.
		expect(callsOf(rig(), PUT_PART)).toBe(3);
		expect(callsOf(rig(), 'GET /files/upload_sessions/:id')).toBe(1);
	});

	test('hands the file of each item on', async () => {
		const sessionId = await openSession(rig());
		const { outputs } = await rig().box(partOf(sessionId));
		const binary = outputs[0]?.[0]?.binary?.data;
		expect((await rig().engine.readBinary(binary!)).toString()).toBe(text);
	});

	test('sends a binary field that holds the part alone, told the size of the file', async () => {
		const sessionId = await openSession(rig());
		const items = partsOfText.map((content, index) => fileItem(content, { offset: index * 10 }));
		const sent = await rig().box(
			partOf(
				sessionId,
				0,
				{ fileSize: 24 },
				{ items, parameters: { offset: '={{ $json.offset }}' } },
			),
		);
		expect(jsonOf(sent)).toHaveLength(3);
		expect(partsAtBox()).toMatchObject(storedParts);
	});

	test('goes to the address that the session names, not to the one that made it', async () => {
		rig().cloud.box.settings.endpointOrigin = 'https://fupload-loop.app.box.com';
		const sessionId = await openSession(rig());
		await rig().box(partOf(sessionId));
		expect(rig().cloud.log.find(({ route }) => route === PUT_PART)?.host).toBe(
			'fupload-loop.app.box.com',
		);
	});

	test('sends a file of 20,000,001 bytes in parts of 8 MiB, to the last byte', async () => {
		const partSizeBytes = 8 * 1024 * 1024;
		Object.assign(rig().cloud.box.settings, { minimumSessionBytes: 20_000_000, partSizeBytes });
		const generated = { sizeBytes: 20_000_001, seed: 7 };
		const file = { generated, fileName: 'large.bin' };
		const created = await rig().box(step('create', { items: [{ binary: { data: file } }] }));
		const sessionId = onlyJson(created).id as string;
		const items = [0, 1, 2].map((index) => ({
			json: { offset: index * partSizeBytes },
			binary: { data: file },
		}));
		const sent = await rig().box(
			partOf(sessionId, 0, {}, { items, parameters: { offset: '={{ $json.offset }}' } }),
		);
		expect(jsonOf(sent)).toHaveLength(3);
		expect(partsAtBox().map(({ size }) => size)).toEqual([8_388_608, 8_388_608, 3_222_785]);

		const result = await rig().box(commitOf(sessionId, {}, { items: items.slice(0, 1) }));
		expect(onlyJson(result).total_count).toBe(1);
		const whole = generateBuffer(generated);
		expect(rig().cloud.box.files()).toMatchObject([
			{ name: 'large.bin', size: 20_000_001, sha1: sha1(whole, 'hex') },
		]);
	});

	test.each([
		['an offset between two parts', 5, {}],
		['an offset at the end of the file', 24, {}],
		['an offset behind the end of the file', 30, {}],
		['a part shorter than a part is', 10, { fileSize: 100 }],
		['a part longer than the last one is', 20, { fileSize: 24 }],
	])('sends nothing for %s', async (_what, offset, options) => {
		const sessionId = await openSession(rig());
		const failure = failureOf(await rig().box(partOf(sessionId, offset, options)));
		expect(failure).toMatchObject({ path: 'input/offset', class: 'input', retryable: false });
		expect(failure.description).toContain('The parts of this session have 10 bytes.');
		expect(callsOf(rig(), PUT_PART)).toBe(0);
	});

	test('says when n8n has the wrong size of a file', async () => {
		const sessionId = await openSession(rig(), text + text);
		const failure = failureOf(await rig().box(partOf(sessionId, 20, { fileSize: 48 })));
		expect(failure.path).toBe('input/offset');
		expect(callsOf(rig(), PUT_PART)).toBe(0);
	});
});

describe('a part whose answer is lost', () => {
	const strike = (kind: 'loseReply' | 'resetBefore') =>
		rig().cloud.faults.add({ route: PUT_PART, action: { kind } });

	test('is looked for, found, and not sent again', async () => {
		const sessionId = await openSession(rig());
		strike('loseReply');
		const { part } = onlyJson(await rig().box(partOf(sessionId)));
		expect(partsAtBox()).toEqual([part]);
		expect(callsOf(rig(), PUT_PART)).toBe(1);
		expect(callsOf(rig(), LIST_PARTS)).toBe(1);
	});

	test('is found although its answer broke off in the middle', async () => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: PUT_PART, action: { kind: 'truncateReply', bytes: 20 } });
		const { part } = onlyJson(await rig().box(partOf(sessionId)));
		expect(partsAtBox()).toEqual([part]);
		expect(callsOf(rig(), PUT_PART)).toBe(1);
	});

	test.each([
		['the connection broke before', { kind: 'resetBefore' }],
		['the connection broke within', { kind: 'resetDuring', afterBytes: 4 }],
		['Box had a problem', { kind: 'reply', status: 503 }],
		['something else answered', { kind: 'reply', status: 200, body: '<html>Welcome</html>' }],
	] as const)('is sent again when it is not there: %s', async (_what, action) => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({ route: PUT_PART, action });
		const { part } = onlyJson(await rig().box(partOf(sessionId)));
		expect(partsAtBox()).toEqual([part]);
		const routes = rig().cloud.log.map(({ route }) => route);
		// Never twice in a row: between two tries Box is asked.
		expect(routes.slice(-3)).toEqual([PUT_PART, LIST_PARTS, PUT_PART]);
	});

	test('is not sent again when Box cannot be asked', async () => {
		const sessionId = await openSession(rig());
		strike('loseReply');
		rig().cloud.faults.add({
			route: LIST_PARTS,
			times: Infinity,
			action: { kind: 'reply', status: 500 },
		});
		const failure = failureOf(await rig().box(partOf(sessionId, 0, { maxRetries: 1 })));
		expect(failure).toMatchObject({ path: 'network/answer_lost', retryable: true });
		expect(callsOf(rig(), PUT_PART)).toBe(1);
		expect(callsOf(rig(), LIST_PARTS)).toBe(2);
	});

	test('is given up when it never gets through', async () => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({
			route: PUT_PART,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		const failure = failureOf(await rig().box(partOf(sessionId, 0, { maxRetries: 2 })));
		expect(failure).toMatchObject({ path: 'network/answer_lost', retryable: true, stored: 'no' });
		expect(callsOf(rig(), PUT_PART)).toBe(3);
	});
});

describe.each([409, 416] as const)(
	'a part that is there already, which Box tells with %i',
	(overlapStatus) => {
		beforeEach(() => {
			rig().cloud.box.settings.overlapStatus = overlapStatus;
		});

		test('counts as sent when it has the same bytes', async () => {
			const sessionId = await openSession(rig());
			const first = onlyJson(await rig().box(partOf(sessionId)));
			const second = onlyJson(await rig().box(partOf(sessionId)));
			expect(second).toEqual(first);
		});

		test('is a readable failure when it has others', async () => {
			const sessionId = await openSession(rig());
			await rig().box(partOf(sessionId));
			const before = partsAtBox();
			rig().cloud.resetCounters();
			const items = [fileItem(text.toUpperCase())];
			const result = await rig().box(partOf(sessionId, 0, {}, { items }));
			expect(failureOf(result)).toMatchObject({
				path: 'range_overlaps_existing_part',
				message: 'This part of the file is already in the upload session',
				retryable: false,
				status: overlapStatus,
			});
			expect(partsAtBox()).toEqual(before);
			expect(callsOf(rig(), PUT_PART)).toBe(1);
		});

		test('is a readable failure after a lost answer as well', async () => {
			const sessionId = await openSession(rig());
			await rig().box(partOf(sessionId));
			rig().cloud.faults.add({ route: PUT_PART, action: { kind: 'resetBefore' } });
			const items = [fileItem(text.toUpperCase())];
			const failure = failureOf(await rig().box(partOf(sessionId, 0, {}, { items })));
			expect(failure.message).toBe('This part of the file is already in the upload session');
			expect(failure.retryable).toBe(false);
		});
	},
);

describe('List Parts', () => {
	test('gives one item per part, each ready for a commit', async () => {
		const sessionId = await openSession(rig());
		await putParts(rig(), sessionId);
		const { outputs } = await rig().box(step('listParts', { parameters: { sessionId } }));
		expect(outputs[0]).toEqual(
			partsAtBox().map((part) => ({
				json: { session_id: sessionId, ...part },
				pairedItem: { item: 0 },
			})),
		);
	});

	const listed = { part_id: '01', offset: 0, size: 8, sha1: null };
	test.each([
		['that ends too early', { entries: [], total_count: 2 }],
		['that has a part twice', { entries: [listed, listed], total_count: 2 }],
		['that has more than it counts', { entries: [listed], total_count: 0 }],
	])('refuses a list %s, and so does Commit Box Session', async (_, page) => {
		const sessionId = await filledSession(rig());
		rig().cloud.faults.add({ route: LIST_PARTS, times: Infinity, action: answering(page) });
		for (const run of [step('listParts', { parameters: { sessionId } }), commitOf(sessionId)]) {
			const failure = failureOf(await rig().box(run));
			expect(failure).toMatchObject({ path: 'list/incomplete', retryable: true, stored: 'no' });
		}
		expect(rig().calls(COMMIT)).toHaveLength(0);
	});

	test('gives no item for a session without parts', async () => {
		const sessionId = await openSession(rig());
		const result = await rig().box(step('listParts', { parameters: { sessionId } }));
		expect(jsonOf(result)).toEqual([]);
	});
});
