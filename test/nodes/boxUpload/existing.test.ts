/** What Upload File does when the name is taken already, or is taken meanwhile. */
import { SHORT_WAITS } from '../../support/rig';
import type { Content, Upload } from './uploads';
import {
	asVersionOf,
	CHECK,
	COMMIT,
	CREATE,
	CREATE_VERSION,
	DIRECT,
	DIRECT_VERSION,
	GET_FILE,
	SMALLER_LARGE as LARGE,
	LIST_ITEMS,
	SMALLER_MIB as MIB,
	PUT_PART,
	byId,
	carryOn,
	errorsOf,
	failureOf,
	file,
	jsonOf,
	openSessions,
	sha1Of,
	storedFiles,
	storedPaths,
	upload,
	useSmallerBox,
} from './uploads';

const rig = useSmallerBox(SHORT_WAITS);
const box = () => rig().cloud.box;
const calls = (route: string) => rig().calls(route).length;

const SMALL: Content = 'the new content';
const BIG: Content = { sizeBytes: LARGE + 1, seed: 3 };
const both: Array<[string, Content]> = [
	['a small file', SMALL],
	['a large file', BIG],
];

describe.each(both)('%s, and its name is taken', (_, content) => {
	const run = (ifExists: string, more = {}) =>
		upload(rig(), { ifExists, items: [file('a.txt', content)], ...more });

	beforeEach(() => void box().putFile({ name: 'A.txt', content: 'there before' }));

	it('Fail leaves it, and says so', async () => {
		expect(failureOf(await run('fail'))).toMatchObject({
			path: 'item_name_in_use',
			message: 'An item with this name is already in the folder',
			class: 'user',
			retryable: false,
			stored: 'no',
			status: 409,
		});
		expect(storedFiles(rig())).toMatchObject([{ content: Buffer.from('there before') }]);
		expect(openSessions(rig())).toEqual([]);
	});

	it('Upload New Version makes it one, with If-Match', async () => {
		const [json] = jsonOf(await run('version'));
		expect(json).toMatchObject({ sha1: sha1Of(content), etag: '1' });
		expect(storedFiles(rig())).toMatchObject([
			{ path: '/A.txt', versions: 2, sha1: sha1Of(content) },
		]);
		const [stored] = [...rig().calls(DIRECT_VERSION), ...rig().calls(COMMIT)];
		expect(stored?.headers['if-match']).toBe('0');
	});

	it('Rename counts on', async () => {
		box().putFile({ name: 'a (1).txt', content: 'also there' });
		const [json] = jsonOf(await run('rename'));
		expect(json).toMatchObject({ name: 'a (2).txt', sha1: sha1Of(content) });
		expect(storedPaths(rig())).toEqual(['/a (1).txt', '/a (2).txt', '/A.txt']);
	});

	it('Rename keeps a long name within what Box allows', async () => {
		const name = `${'x'.repeat(251)}.txt`;
		box().putFile({ name, content: 'before' });
		const [json] = jsonOf(await run('rename', { fileName: name }));
		expect(json).toMatchObject({ name: `${'x'.repeat(247)} (1).txt` });
	});

	it('Skip sends nothing, and gives what is there', async () => {
		const [json] = jsonOf(await run('skip'));
		expect(json).toMatchObject({ name: 'A.txt', size: 12, skipped: 'exists' });
		expect([DIRECT, CREATE, PUT_PART].map(calls)).toEqual([0, 0, 0]);
	});

	it.each([
		['version', { path: '/a.txt', versions: 2 }, 1],
		['rename', { path: '/a (1).txt', versions: 1 }, 2],
		['skip', { path: '/a.txt', versions: 1 }, 1],
	])('%s, when the name is taken between look and upload', async (ifExists, expected, files) => {
		for (const { id } of storedFiles(rig())) box().removeItem(id);
		const isLarge = content === BIG;
		rig().cloud.faults.add({
			route: isLarge ? CREATE : DIRECT,
			action: {
				kind: 'before',
				run: () => void box().putFile({ name: 'a.txt', content: 'faster' }),
			},
		});
		expect((await run(ifExists)).status).toBe('success');
		expect(storedFiles(rig())).toHaveLength(files);
		expect(storedFiles(rig())).toEqual(
			expect.arrayContaining([expect.objectContaining(expected) as unknown]),
		);
		expect(openSessions(rig())).toEqual([]);
	});

	it('Fail with Skip Unchanged, when the name is taken meanwhile, leaves no session', async () => {
		for (const { id } of storedFiles(rig())) box().removeItem(id);
		rig().cloud.faults.add({
			route: content === BIG ? COMMIT : DIRECT,
			action: {
				kind: 'before',
				run: () => void box().putFile({ name: 'a.txt', content: 'faster' }),
			},
		});
		const result = await run('fail', { skipUnchanged: true });
		expect(failureOf(result)).toMatchObject({ path: 'item_name_in_use', stored: 'no' });
		expect(storedFiles(rig())).toMatchObject([{ content: Buffer.from('faster') }]);
		expect(openSessions(rig())).toEqual([]);
	});

	it('Upload New Version: a version that somebody else makes meanwhile is not buried', async () => {
		rig().cloud.faults.add({
			route: content === BIG ? COMMIT : DIRECT_VERSION,
			action: {
				kind: 'before',
				run: () => void box().putFile({ name: 'a.txt', content: 'faster' }),
			},
		});
		const result = await run('version', { options: { resume: false } });
		expect(failureOf(result)).toMatchObject({
			path: 'precondition_failed',
			message: 'The file has been changed since you last saw it',
			status: 412,
			class: 'user',
			stored: 'no',
		});
		expect(storedFiles(rig())).toMatchObject([{ versions: 2, content: Buffer.from('faster') }]);
		expect(openSessions(rig())).toEqual([]);
	});
});

describe('a new version of a file by its ID', () => {
	const versionOf = (content: Content, fileId: string, more: Partial<Upload> = {}) =>
		upload(rig(), {
			...asVersionOf(fileId),
			...more,
			items: [file('b.txt', content)],
		});

	it.each(both)('%s: the file keeps its name', async (_, content) => {
		const { id } = box().putFile({ name: 'a.txt', content: 'before' });
		expect(jsonOf(await versionOf(content, id))).toMatchObject([
			{ id, name: 'a.txt', etag: '1', sha1: sha1Of(content) },
		]);
		expect(storedFiles(rig())).toMatchObject([{ path: '/a.txt', versions: 2 }]);
	});

	it.each(['rename', 'skip', 'version', 'nonsense'])(
		'If File Exists at %s does not count for it, also where an expression sets Upload As',
		async (ifExists) => {
			const { id } = box().putFile({ name: 'a.txt', content: 'before' });
			const result = await upload(rig(), {
				...asVersionOf(id),
				uploadAs: '={{ "newVersion" }}',
				ifExists,
				items: [file('b.txt', 'first'), file('c.txt', 'second')],
				...carryOn,
			});
			expect(errorsOf(result).map((error) => error?.path)).toEqual([undefined, 'items/same_place']);
			expect(storedFiles(rig())).toMatchObject([
				{ path: '/a.txt', versions: 2, content: Buffer.from('first') },
			]);
		},
	);

	it.each(both)('%s: it gets a new name', async (_, content) => {
		const { id } = box().putFile({ name: 'a.txt', content: 'before' });
		expect((await versionOf(content, id, { fileName: 'c.txt' })).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ id, path: '/c.txt', versions: 2 }]);
	});

	it('it gets its new name also when its content is the same', async () => {
		const { id } = box().putFile({ name: 'a.txt', content: 'same' });
		const run = { fileName: 'c.txt', skipUnchanged: true };
		expect((await versionOf('same', id, run)).status).toBe('success');
		expect(storedPaths(rig())).toEqual(['/c.txt']);
		expect(jsonOf(await versionOf('same', id, run))).toMatchObject([{ skipped: 'unchanged' }]);
	});

	it.each(both)(
		'%s, with a stale Unchanged Since: 412, and the file is as it was',
		async (_, content) => {
			const { id } = box().putFile({ name: 'a.txt', content: 'first' });
			box().putFile({ name: 'a.txt', content: 'second' });
			const result = await versionOf(content, id, { options: { ifMatch: '0', resume: false } });
			expect(failureOf(result)).toMatchObject({
				path: 'precondition_failed',
				message: 'The file has been changed since you last saw it',
				status: 412,
				stored: 'no',
			});
			expect(failureOf(result).description).toContain('Nothing was replaced.');
			expect(storedFiles(rig())).toMatchObject([{ versions: 2, content: Buffer.from('second') }]);
			expect(openSessions(rig())).toEqual([]);
		},
	);

	it('of three items the first makes a version, and the others are told before they are sent', async () => {
		const { id } = box().putFile({ name: 'a.txt', content: 'old' });
		const items = ['one', 'two', 'one'].map((content) => file('b.txt', content));
		const result = await upload(rig(), { ...asVersionOf(id), items, ...carryOn });
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'items/same_place',
			undefined,
		]);
		expect(jsonOf(result)).toMatchObject([{ etag: '1' }, {}, { skipped: 'unchanged' }]);
		expect(storedFiles(rig())).toMatchObject([{ versions: 2, content: Buffer.from('one') }]);
		expect(calls(DIRECT_VERSION)).toBe(1);
	});

	it('Retry On Fail makes no version of what another item stored in the first try', async () => {
		const result = await upload(rig(), {
			ifExists: 'version',
			items: [file('a.txt', 'first'), file('a.txt', 'second')],
			node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		expect(failureOf(result).path).toBe('items/same_place');
		expect(storedFiles(rig())).toMatchObject([{ versions: 1, content: Buffer.from('first') }]);
	});

	it('a file by its name and by its ID is one place', async () => {
		const { id } = box().putFile({ name: 'a.txt', content: 'old' });
		const items = [file('a.txt', 'by id', { id }), file('a.txt', 'by name', { id: '' })];
		const uploadAs = "={{ $json.id === '' ? 'newFile' : 'newVersion' }}";
		const run = { uploadAs, fileId: '={{ $json.id }}', ifExists: 'version', items };
		const result = await upload(rig(), { ...run, ...carryOn });
		expect(errorsOf(result).map((error) => error?.path)).toEqual(['items/same_place', undefined]);
		expect(storedFiles(rig())).toMatchObject([{ versions: 2, content: Buffer.from('by name') }]);
	});

	it('that is not there: says so before a byte is sent', async () => {
		const result = await versionOf(BIG, '12345');
		expect(failureOf(result)).toMatchObject({ path: 'not_found', status: 404, stored: 'no' });
		expect(rig().cloud.log.map(({ route }) => route)).toEqual([GET_FILE]);
	});

	it.each(['abc', '12/content', ' ', ''])('refuses %j as an ID', async (fileId) => {
		expect(failureOf(await versionOf('x', fileId))).toMatchObject({ path: 'input/fileId' });
		expect(rig().cloud.log).toEqual([]);
	});
});

describe('Skip Unchanged', () => {
	it.each(both)('%s with the same content is not sent', async (_, content) => {
		const run = { skipUnchanged: true, ifExists: 'version', items: [file('a.txt', content)] };
		expect((await upload(rig(), run)).status).toBe('success');
		const sent = rig().cloud.counters().bytesReceived;
		const [json] = jsonOf(await upload(rig(), run));
		expect(json).toMatchObject({ skipped: 'unchanged', sha1: sha1Of(content) });
		expect(storedFiles(rig())).toMatchObject([{ versions: 1 }]);
		expect(rig().cloud.counters().bytesReceived - sent).toBeLessThan(1_000);
	});

	it.each([
		['another content of the same size', 'abcdf'],
		['another size', 'abc'],
	])('%s is sent', async (_, before) => {
		box().putFile({ name: 'a.txt', content: before });
		const run = { skipUnchanged: true, ifExists: 'version', items: [file('a.txt', 'abcde')] };
		expect((await upload(rig(), run)).status).toBe('success');
		expect(storedFiles(rig())).toMatchObject([{ versions: 2, content: Buffer.from('abcde') }]);
	});

	it('with Fail: a file with another content is an error, one with the same is none', async () => {
		box().putFile({ name: 'same', content: 'same' });
		box().putFile({ name: 'other', content: 'theirs' });
		const items = [file('same', 'same'), file('other', 'ours'), file('new', 'new')];
		const result = await upload(rig(), { skipUnchanged: true, items, ...carryOn });
		expect(jsonOf(result)).toMatchObject([
			{ skipped: 'unchanged' },
			{ error: { path: 'item_name_in_use' } },
			{ name: 'new' },
		]);
	});

	it('lists a folder once for all its files, and asks for a few by themselves', async () => {
		const parentFolderId = byId(box().putFolder({ name: 'Many' }).id);
		const items = Array.from({ length: 40 }, (_, index) => file(`${index}`, `content ${index}`));
		const run = { parentFolderId, skipUnchanged: true, ifExists: 'version', items };
		await upload(rig(), run);
		expect([LIST_ITEMS, CHECK].map(calls)).toEqual([1, 0]);
		const again = await upload(rig(), run);
		expect(jsonOf(again).every(({ skipped }) => skipped === 'unchanged')).toBe(true);
		expect([LIST_ITEMS, CHECK, DIRECT].map(calls)).toEqual([2, 0, 40]);
		await upload(rig(), { ...run, items: items.slice(0, 2) });
		expect([LIST_ITEMS, CHECK, GET_FILE].map(calls)).toEqual([2, 2, 2]);
	});

	it('a few files of a folder with thousands: reads no more pages than it has files', async () => {
		for (let index = 0; index < 5_000; index++) box().putFile({ name: `x${index}`, content: '' });
		const items = ['a', 'b', 'x4999'].map((name) => file(name, ''));
		const result = await upload(rig(), { skipUnchanged: true, items });
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual([
			undefined,
			undefined,
			'unchanged',
		]);
		expect(calls(LIST_ITEMS)).toBeLessThanOrEqual(3);
	}, 120_000);
});

describe('several items with one name', () => {
	const items = [file('a', 'one'), file('A', 'two'), file('a', 'three')];

	it('rename: go one after the other, in input order', async () => {
		const result = await upload(rig(), { ifExists: 'rename', items });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual(['/a', '/A (1)', '/a (2)']);
		expect(jsonOf(result).map(({ sha1 }) => sha1)).toEqual(['one', 'two', 'three'].map(sha1Of));
	});

	it('rename: takes no name that another item asks for', async () => {
		const three = [
			file('a.txt', 'one', { ifExists: 'rename' }),
			file('a.txt', 'two', { ifExists: 'rename' }),
			file('a (1).txt', 'three', { ifExists: 'version' }),
		];
		const result = await upload(rig(), { ifExists: '={{ $json.ifExists }}', items: three });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig()).sort()).toEqual(['/a (1).txt', '/a (2).txt', '/a.txt']);
	});

	it('rename: what is there is what has the name, not what got another one', async () => {
		box().putFile({ name: 'a.txt', content: 'there' });
		const two = [file('a.txt', 'other'), file('a.txt', 'there')];
		const run = { ifExists: 'rename', skipUnchanged: true, items: two };
		expect(jsonOf(await upload(rig(), run))).toMatchObject([
			{ name: 'a (1).txt' },
			{ name: 'a.txt', skipped: 'unchanged' },
		]);
		expect(storedPaths(rig()).sort()).toEqual(['/a (1).txt', '/a.txt']);
	});

	it('version: the first is stored, the others are told, and the same content counts as there', async () => {
		const result = await upload(rig(), {
			ifExists: 'version',
			items: [...items, file('a', 'one')],
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'items/same_place',
			'items/same_place',
			undefined,
		]);
		expect(jsonOf(result)[3]).toMatchObject({ skipped: 'unchanged' });
		expect(storedFiles(rig())).toMatchObject([{ versions: 1, content: Buffer.from('one') }]);
	});

	it('fail: the same content that is there already is no failure', async () => {
		box().putFile({ name: 'a', content: 'one' });
		box().putFile({ name: 'b', content: 'other' });
		const two = [file('a', 'one'), file('b', 'two')];
		const result = await upload(rig(), { items: two, ...carryOn });
		expect(jsonOf(result)[0]).toMatchObject({ skipped: 'unchanged' });
		expect(errorsOf(result)[1]?.path).toBe('item_name_in_use');
	});

	it.each(['fail', 'skip'])('%s: the first stays', async (ifExists) => {
		const result = await upload(rig(), { ifExists, items, ...carryOn });
		expect(storedFiles(rig())).toMatchObject([{ path: '/a', content: Buffer.from('one') }]);
		const errors = errorsOf(result);
		const ends = jsonOf(result).map(({ skipped }, index) => errors[index]?.path ?? skipped);
		// Not that the name is in use: the other item is what is in the way.
		const end = ifExists === 'fail' ? 'items/same_place' : 'exists';
		expect(ends).toEqual([undefined, end, end]);
		expect(rig().calls(DIRECT)).toHaveLength(1);
	});

	it('small and large ones as well', async () => {
		const result = await upload(rig(), {
			ifExists: 'version',
			items: [file('a', 'small'), file('a', BIG), file('a', 'last')],
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			undefined,
			'items/same_place',
			'items/same_place',
		]);
		expect(storedFiles(rig())).toMatchObject([{ versions: 1, content: Buffer.from('small') }]);
	});
});

describe('a folder that has the name', () => {
	beforeEach(() => void box().putFolder({ name: 'a' }));

	it.each([
		['fail', 'item_name_in_use'],
		['version', 'item_name_in_use'],
		['skip', 'item_name_in_use'],
	])('%s: is an error', async (ifExists, path) => {
		const result = await upload(rig(), { ifExists, items: [file('a', 'x')], ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path, class: 'user', stored: 'no' });
		expect(storedFiles(rig())).toEqual([]);
	});

	it('rename: says so when the folder cannot be listed, and sends nothing', async () => {
		rig().cloud.faults.add({
			route: LIST_ITEMS,
			times: Infinity,
			action: { kind: 'reply', status: 503 },
		});
		const items = [file('a', 'x')];
		const run = { ifExists: 'rename', items, options: { maxRetries: 0 }, ...carryOn };
		const result = await upload(rig(), run);
		expect(errorsOf(result)[0]).toMatchObject({ path: 'http/503', stored: 'no' });
		expect(calls(DIRECT)).toBe(0);
	});

	it('rename: the file goes beside it', async () => {
		await upload(rig(), { ifExists: 'rename', items: [file('a', 'x')] });
		expect(storedPaths(rig())).toEqual(['/a (1)']);
	});
});

describe('Check Before Upload', () => {
	const run = (checkFirst: string | undefined, sizeBytes: number) =>
		upload(rig(), {
			options: { ...(checkFirst && { checkFirst }) },
			items: [file('a', { sizeBytes, seed: 1 })],
		});

	it.each([
		[undefined, 4 * MIB, 1],
		[undefined, 4 * MIB - 1, 0],
		['always', 10, 1],
		['never', 4 * MIB, 0],
		// Creating a session checks the same.
		['always', LARGE, 0],
	])('%s with %d bytes: %d checks', async (checkFirst, sizeBytes, checks) => {
		expect((await run(checkFirst, sizeBytes)).status).toBe('success');
		expect(calls(CHECK)).toBe(checks);
		// Box names the host that is nearest.
		const hosts = rig()
			.calls(DIRECT)
			.map(({ host }) => host);
		if (calls(DIRECT) > 0) {
			expect(hosts).toEqual([checks === 1 ? 'upload-las.app.box.com' : 'upload.box.com']);
		}
	});

	it('a new version is checked for its etag', async () => {
		const { id } = box().putFile({ name: 'a', content: 'before' });
		const run = (ifMatch: string) =>
			upload(rig(), {
				...asVersionOf(id),
				options: { checkFirst: 'always', ifMatch },
				items: [file('a', 'x')],
			});
		expect(failureOf(await run('7'))).toMatchObject({ path: 'precondition_failed', stored: 'no' });
		expect(calls(DIRECT_VERSION)).toBe(0);
		expect((await run('0')).status).toBe('success');
	});

	it('tells of a name in use and of a full account before a byte is sent', async () => {
		box().putFile({ name: 'a', content: 'there' });
		expect(failureOf(await run('always', 10))).toMatchObject({ path: 'item_name_in_use' });
		box().settings.quotaBytes = 100;
		const result = await upload(rig(), {
			options: { checkFirst: 'always' },
			items: [file('b', { sizeBytes: 1_000, seed: 1 })],
		});
		expect(failureOf(result)).toMatchObject({ path: 'storage_limit_exceeded', class: 'user' });
		expect(calls(DIRECT)).toBe(0);
	});

	it.each([10, LARGE])('sends nothing to an address that is not of Box: %d bytes', async (size) => {
		box().settings.endpointOrigin = 'https://evil.example';
		const result = await run('always', size);
		expect(failureOf(result)).toMatchObject({ path: 'endpoint/refused', stored: 'no' });
		expect(rig().cloud.log.filter(({ vendor }) => vendor === 'stranger')).toEqual([]);
		expect(calls(PUT_PART) + calls(DIRECT)).toBe(0);
	});
});

describe('the attributes', () => {
	const times = {
		contentCreatedAt: '2020-02-03T04:05:06+01:00',
		contentModifiedAt: '={{ DateTime.fromISO("2021-02-03T04:05:06Z") }}',
	};

	it.each(both)('%s: are stored', async (_, content) => {
		const attributes = { ...times, description: 'What it is about' };
		const result = await upload(rig(), { attributes, items: [file('a', content)] });
		expect(result.error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([
			{
				contentCreatedAtMs: Date.UTC(2020, 1, 3, 3, 5, 6),
				contentModifiedAtMs: Date.UTC(2021, 1, 3, 4, 5, 6),
				description: 'What it is about',
			},
		]);
		expect(jsonOf(result)[0]).toMatchObject({ description: 'What it is about' });
	});

	it.each(both)('%s: of a new version', async (_, content) => {
		box().putFile({ name: 'a', content: 'before' });
		const run = { ifExists: 'version', attributes: times, items: [file('a', content)] };
		expect((await upload(rig(), run)).error).toBeUndefined();
		expect(storedFiles(rig())).toMatchObject([
			{ versions: 2, contentModifiedAtMs: Date.UTC(2021, 1, 3, 4, 5, 6) },
		]);
	});

	it.each(both)('a new version with no session left behind: %s', async (_, content) => {
		const { id } = box().putFile({ name: 'a', content: 'before' });
		await upload(rig(), { ...asVersionOf(id), items: [file('a', content)] });
		expect(calls(CREATE_VERSION)).toBe(content === BIG ? 1 : 0);
		expect(openSessions(rig())).toEqual([]);
	});
});
