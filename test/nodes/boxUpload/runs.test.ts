/** A run as a whole: tried again, cancelled, followed, and many items at once. */
import { until } from '../../support/until';
import type { Content } from './uploads';
import {
	COMMIT,
	CREATE,
	DIRECT,
	GET_FOLDER,
	LIST_ITEMS,
	SMALLER_MIB as MIB,
	PUT_PART,
	byId,
	byPath,
	carryOn,
	errorsOf,
	expectAllStored,
	file,
	hintOf,
	holdUntilAtOnce,
	jsonOf,
	openSessions,
	sha1Of,
	startUpload,
	storedFiles,
	storedPaths,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox();
const box = () => rig().cloud.box;
const calls = (route: string) => rig().calls(route).length;

const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } as const;
const BIG: Content = { sizeBytes: 24 * MIB, seed: 1 };

describe('Upload File, Retry On Fail', () => {
	const ten = Array.from({ length: 10 }, (_, index) => file(`${index}`, `content ${index}`));

	it.each(['version', 'rename'])(
		'%s: one bad item among ten, and the other nine are stored once',
		async (ifExists) => {
			for (let index = 0; index < 10; index++) box().putFile({ name: `${index}`, content: 'old' });
			const bad = box().putFolder({ name: 'Theirs', canUpload: false });
			const items = ten.map((item, index) => ({
				...item,
				json: { folder: index === 4 ? bad.id : '0' },
			}));
			const result = await upload(rig(), {
				parentFolderId: '={{ $json.folder }}',
				ifExists,
				items,
				node: retried,
			});
			expect(result).toMatchObject({ status: 'error', error: { itemIndex: 4 } });
			const versions = storedFiles(rig()).map(({ versions }) => versions);
			expect(versions.filter((count) => count === 2)).toHaveLength(ifExists === 'version' ? 9 : 0);
			expect(storedFiles(rig())).toHaveLength(ifExists === 'version' ? 10 : 19);
			expect(Math.max(...versions)).toBe(ifExists === 'version' ? 2 : 1);
		},
	);

	it('with Continue On Fail, when the first item holds an error: gives the first results again', async () => {
		box().putFile({ name: '0', content: 'there' });
		const result = await upload(rig(), { items: ten, node: retried, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'item_name_in_use' });
		expect(jsonOf(result).slice(1)).toMatchObject(
			ten.slice(1).map((_, index) => ({ name: `${index + 1}`, etag: '0' })),
		);
		expect(storedFiles(rig()).map(({ versions }) => versions)).toEqual(Array(10).fill(1));
		// Nine were sent once, the bad one with each try.
		expect(calls(DIRECT)).toBe(12);
	});

	it('a small and a large item that broke are sent, and nothing twice', async () => {
		for (const route of [DIRECT, PUT_PART]) {
			rig().cloud.faults.add({ route, skip: 1, action: { kind: 'reply', status: 500 } });
		}
		const items = [...ten.slice(0, 3), file('big', BIG)];
		const result = await upload(rig(), {
			options: { maxRetries: 0 },
			items,
			node: { ...retried, maxTries: 2 },
		});
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig()).map(({ versions }) => versions)).toEqual([1, 1, 1, 1]);
		expect([DIRECT, CREATE, COMMIT].map(calls)).toEqual([4, 1, 1]);
	});

	it('stores a file once whose name has the time of the try in it', async () => {
		box().putFile({ name: 'taken', content: 'there' });
		const result = await upload(rig(), {
			items: ten.slice(0, 2),
			fileName: '={{ $itemIndex === 1 ? "taken" : $now.toMillis() + ".txt" }}',
			node: retried,
		});
		expect(result.error?.itemIndex).toBe(1);
		expect(storedPaths(rig())).toHaveLength(2);
	});

	it('a new execution starts afresh', async () => {
		const run = { ifExists: 'rename', items: [file('a', 'x'), { json: {} }], ...carryOn };
		await upload(rig(), { ...run, node: retried });
		await upload(rig(), { ...run, node: retried });
		expect(storedPaths(rig())).toEqual(['/a', '/a (1)']);
	});
});

describe('Upload File, cancelled', () => {
	async function expectStopsAtOnce(handle: Awaited<ReturnType<typeof startUpload>>) {
		const startedAtMs = Date.now();
		await handle.cancel();
		const result = await handle.finished;
		expect(Date.now() - startedAtMs).toBeLessThan(1_000);
		expect(result.status).toBe('canceled');
		await rig().cloud.idle();
		const { requests } = rig().cloud.counters();
		await until(async () => (await rig().engine.openHandles()).sockets === 0);
		expect(rig().cloud.counters().requests).toBe(requests);
		return result;
	}

	const slow = (route: string, skip = 0) =>
		rig().cloud.faults.add({
			route,
			skip,
			times: Infinity,
			action: { kind: 'delay', delayMs: 500 },
		});

	const linesAbout = (sessionId: string | undefined, logs: Array<{ message: string }>) =>
		logs.map(({ message }) => message).filter((message) => message.includes(sessionId ?? '?'));

	it('while parts are sent: the session stays, the log names it, and the next run goes on', async () => {
		slow(PUT_PART, 1);
		const run = { options: { parallel: 2 }, items: [file('big', BIG)] };
		const handle = await startUpload(rig(), run);
		await until(() => rig().cloud.counters().faultsStruck.delay === 2);
		const { logs } = await expectStopsAtOnce(handle);
		const [sessionId] = openSessions(rig());
		expect(linesAbout(sessionId, logs)).toEqual([
			`Box Upload: canceled; the upload of big can resume from byte ${8 * MIB} of ${24 * MIB} in session ${sessionId}`,
		]);
		rig().cloud.faults.clear();
		expect((await upload(rig(), run)).status).toBe('success');
		expect(calls(CREATE)).toBe(1);
		expect(storedFiles(rig())).toMatchObject([{ sha1: sha1Of(BIG), versions: 1 }]);
		expect(openSessions(rig())).toEqual([]);
	});

	it.each([
		['parts are sent', PUT_PART],
		['Box is processing', COMMIT],
	])('with Resume off, while %s: the log names the session as well', async (_, route) => {
		slow(route);
		if (route === COMMIT) box().settings.commit202 = Infinity;
		const run = { options: { resume: false }, items: [file('big', BIG)] };
		const handle = await startUpload(rig(), run);
		await until(() => (rig().cloud.counters().faultsStruck.delay ?? 0) > 0);
		const { logs } = await expectStopsAtOnce(handle);
		expect(linesAbout(openSessions(rig())[0], logs)).toHaveLength(1);
	});

	it.each([
		['small files are sent', DIRECT],
		['the folder is asked for', GET_FOLDER],
		['the folder is listed', LIST_ITEMS],
	])('while %s: stops within a second', async (_, route) => {
		slow(route);
		const items = Array.from({ length: 50 }, (_, index) => file(`${index}`, 'x'));
		const handle = await startUpload(rig(), { skipUnchanged: route === LIST_ITEMS, items });
		await until(() => (rig().cloud.counters().faultsStruck.delay ?? 0) > 0);
		await expectStopsAtOnce(handle);
	});

	it('while a session is opened: the log says that one may be left', async () => {
		slow(CREATE);
		const handle = await startUpload(rig(), { items: [file('big', BIG)] });
		await until(() => (rig().cloud.counters().faultsStruck.delay ?? 0) > 0);
		const { logs } = await expectStopsAtOnce(handle);
		expect(logs.map(({ message }) => message).join()).toContain(
			'big: a response from Box was lost. An unused upload session may remain',
		);
	});

	it('while Box lets it wait: stops within a second', async () => {
		rig().cloud.faults.add({
			route: PUT_PART,
			times: Infinity,
			action: { kind: 'reply', status: 429, headers: { 'Retry-After': '60' } },
		});
		const handle = await startUpload(rig(), { items: [file('big', BIG)] });
		await until(() => (rig().cloud.counters().faultsStruck.reply ?? 0) > 0);
		await expectStopsAtOnce(handle);
	});
});

describe('Upload File, many items', () => {
	it('small ones go several at a time, large ones in parallel parts one after the other', async () => {
		holdUntilAtOnce(rig(), DIRECT, 4, 1);
		holdUntilAtOnce(rig(), PUT_PART, 3);
		const contents: Array<[string, Content]> = [
			...Array.from({ length: 30 }, (_, n): [string, Content] => [`small ${n}`, `content ${n}`]),
			['big 1', BIG],
			['big 2', { sizeBytes: 21 * MIB, seed: 2 }],
		];
		const result = await upload(rig(), {
			parentFolderId: byPath('/Many'),
			items: contents.map(([name, content]) => file(name, content)),
			options: { parallel: 4 },
		});
		expectAllStored(
			rig(),
			result,
			contents.map(([name, content]) => [`/Many/${name}`, content]),
		);
		expect(rig().cloud.counters().peakInFlight).toBe(4);
		const order = rig().cloud.log.map(({ route }) => route);
		expect(order.lastIndexOf(DIRECT)).toBeLessThan(order.indexOf(CREATE));
		// The second is begun when the first has been read, not before.
		expect(order.lastIndexOf(CREATE)).toBeGreaterThan(order.indexOf(PUT_PART));
	});

	it('slows down when Box asks for it', async () => {
		box().settings.rateLimited = 3;
		box().settings.retryAfterSec = 1;
		const items = Array.from({ length: 20 }, (_, index) => file(`${index}`, 'x'));
		expect((await upload(rig(), { items })).error).toBeUndefined();
		expect(storedFiles(rig())).toHaveLength(20);
	});

	it('bad items fail by themselves, in their places', async () => {
		const items = [
			file('a', 'a'),
			{ json: {} },
			file('b', 'b', { folder: '99' }),
			file('c/d', 'c'),
			file('e', 'e', { folder: 'nonsense' }),
		];
		const result = await upload(rig(), {
			parentFolderId: '={{ $json.folder ?? "0" }}',
			items,
			...carryOn,
		});
		expect(jsonOf(result)).toMatchObject([
			{ name: 'a' },
			{ error: { path: 'input/binaryPropertyName' } },
			{ error: { path: 'not_found' } },
			{ type: 'file' },
			{ error: { path: 'input/parentFolderId' } },
		]);
		expect(storedFiles(rig())).toHaveLength(2);
	});

	it('without Continue On Fail a bad parameter stops the run when the others are stored', async () => {
		const result = await upload(rig(), { items: [{ json: {} }, file('a', 'a'), file('b', 'b')] });
		expect(result).toMatchObject({ status: 'error', error: { itemIndex: 0 } });
		expect(storedPaths(rig()).sort()).toEqual(['/a', '/b']);
	});
});

describe('Upload File, followed', () => {
	it('says at its end what it has done', async () => {
		box().putFile({ name: '3', content: 'there' });
		rig().cloud.faults.add({ route: DIRECT, action: { kind: 'reply', status: 503 } });
		const items = Array.from({ length: 4 }, (_, index) => file(`${index}`, 'x'.repeat(250)));
		// One after the other: if the file in the way met the 503, the look after it would find that one.
		const result = await upload(rig(), { items, options: { parallel: 1 }, ...carryOn });
		const { requests } = rig().cloud.counters();
		expect(hintOf(result)).toMatch(
			new RegExp(
				`^3 files uploaded \\(750 B\\), 1 file failed, ${requests} requests, 1 retry \\(http/503\\), \\d+\\.\\d s,1 of 4 items failed\\.`,
			),
		);
	});
});

describe('Upload File, from every store of n8n', () => {
	it('reads the file that the field names', async () => {
		const { id } = box().putFolder({ name: 'In' });
		const item = { json: {}, binary: { other: { base64: 'YWJj', fileName: 'abc.txt' } } };
		const run = { parentFolderId: byId(id), items: [item], binaryPropertyName: 'other' };
		const result = await upload(rig(), run);
		expectAllStored(rig(), result, [['/In/abc.txt', 'abc']]);
	});
});
