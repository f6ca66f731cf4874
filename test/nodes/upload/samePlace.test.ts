/** Several items for one place in one run: nobody's file is replaced by another item's without a word. */
import { byPath } from '../../support/destination';
import { SHORT_WAITS, useRig } from '../../support/rig';
import * as uploads from './uploads';
import {
	APPEND,
	FINISH,
	MIB,
	carryOn,
	errorsOf,
	file,
	hashOf,
	jsonOf,
	numbered,
	upload,
} from './uploads';

const rig = useRig({ pace: SHORT_WAITS });

const contentAt = (path: string) => String(rig().cloud.dropbox.file(path)?.bytes);
const pathsOf = (result: Parameters<typeof errorsOf>[0]) =>
	errorsOf(result).map((error) => error?.path);

describe('Upload to Dropbox, several items for one place', () => {
	it('100 photos into a folder, with a slash at its end or without: all are stored', async () => {
		for (const folder of ['/Holiday Photos', '/More Photos/']) {
			const items = numbered(100, 5);
			const run = { folder: byPath(folder), ifExists: 'overwrite', items };
			expect((await upload(rig(), run)).status).toBe('success');
		}
		expect(rig().cloud.dropbox.files()).toHaveLength(200);
	});

	it('100 photos under one name: one is stored, 99 are told in one error', async () => {
		const photos = Array.from({ length: 100 }, (_, index) =>
			file(`${index}.jpg`, `photo ${index}`),
		);
		const { error, status } = await upload(rig(), {
			path: '/Holiday Photos',
			ifExists: 'overwrite',
			items: photos,
		});
		expect(status).toBe('error');
		expect(error?.message).toBe(
			"Another item of this run has the same destination, so this file wasn't uploaded",
		);
		expect(error?.description).toMatch(/^Set 'Keep Folders Below'/);
		expect(error?.description).toMatch(
			/99 of 100 items failed for this reason\..* and 78 more\. <a /,
		);
		expect(contentAt('/Holiday Photos')).toBe('photo 0');
		expect(rig().calls(FINISH)).toHaveLength(1);
	});

	it('Retry On Fail does not replace in its second try what the first one has stored', async () => {
		const { status, error } = await upload(rig(), {
			path: '/a.txt',
			ifExists: 'overwrite',
			items: [file('x', 'first'), file('y', 'second')],
			node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
		});
		expect(status).toBe('error');
		expect(error?.message).toMatch(/^Another item of this run has the same destination/);
		expect(contentAt('/a.txt')).toBe('first');
	});

	it('Rename gives both, beside a file that asks for the free name', async () => {
		const items = [
			{ ...file('x', 'first'), json: { path: '/a.txt', ifExists: 'rename' } },
			{ ...file('x', 'second'), json: { path: '/a.txt', ifExists: 'rename' } },
			{ ...file('x', 'third'), json: { path: '/a (1).txt', ifExists: 'overwrite' } },
			{ ...file('x', 'fourth'), json: { path: '/a.txt', ifExists: 'overwrite' } },
		];
		const path = '={{ $json.path }}';
		const ifExists = '={{ $json.ifExists }}';
		const result = await upload(rig(), { path, ifExists, rev: 'not used', items });
		expect(result.status).toBe('success');
		const contents = rig()
			.cloud.dropbox.files()
			.map((stored) => String(stored.bytes));
		expect(contents.sort()).toEqual(['first', 'fourth', 'second', 'third']);
	});

	it('also over two connections of one account', async () => {
		const items = [1, 2].map((maxRetries) => ({
			...file('a.txt', `content ${maxRetries}`),
			json: { maxRetries },
		}));
		const options = { maxRetries: '={{ $json.maxRetries }}' };
		const result = await upload(rig(), { ifExists: 'overwrite', items, options, ...carryOn });
		expect(pathsOf(result)).toEqual([undefined, 'items/same_place']);
		expect(contentAt('/a.txt')).toBe('content 1');
	});

	it('a large one that comes second is not sent', async () => {
		const items = [file('a', 'small'), file('a', { sizeBytes: 9 * MIB, seed: 1 })];
		const result = await upload(rig(), { ifExists: 'overwrite', items, ...carryOn });
		expect(pathsOf(result)).toEqual([undefined, 'items/same_place']);
		expect(rig().calls(APPEND)).toEqual([]);
	});

	it('the same content is no loss, and counts as already there', async () => {
		const items = [file('a', 'one'), file('a', 'one'), file('a', 'two')];
		const result = await upload(rig(), { ifExists: 'overwrite', items, ...carryOn });
		expect(pathsOf(result)).toEqual([undefined, undefined, 'items/same_place']);
		expect(jsonOf(result)[1]).toMatchObject({ skipped: 'unchanged', content_hash: hashOf('one') });
		expect(uploads.hintOf(result)).toMatch(
			/^1 file uploaded \(3 B\), 1 file skipped, 1 file failed, /,
		);
	});

	it('an item whose file is already there keeps its place', async () => {
		rig().cloud.dropbox.putFile('/a', 'one');
		const items = [file('a', 'one'), file('a', 'two')];
		const run = { ifExists: 'overwrite', skipUnchanged: true, items, ...carryOn };
		const result = await upload(rig(), run);
		expect(jsonOf(result)[0]).toMatchObject({ skipped: 'unchanged' });
		expect(pathsOf(result)).toEqual([undefined, 'items/same_place']);
		expect(contentAt('/a')).toBe('one');
	});
});

describe('If File Exists Fail, the same content there already', () => {
	it('a large file is not sent', async () => {
		const content = { sizeBytes: 9 * MIB, seed: 1 };
		await upload(rig(), { items: [file('a', content)] });
		const { rev } = rig().cloud.dropbox.file('/a')!;
		const calls = rig().calls(APPEND).length;
		const result = await upload(rig(), { items: [file('a', content)] });
		expect(jsonOf(result)[0]).toMatchObject({ skipped: 'unchanged', rev });
		expect(uploads.hintOf(result)).toMatch(/^0 files uploaded \(0 B\), 1 file skipped, /);
		expect(rig().calls(APPEND)).toHaveLength(calls);
	});

	it('a small file is sent, and told by the time at which Dropbox has stored it', async () => {
		rig().cloud.dropbox.putFile('/a', 'same');
		const { rev } = rig().cloud.dropbox.file('/a')!;
		rig().cloud.clock.advance(60_000);
		const result = await upload(rig(), { items: [file('a', 'same'), file('b', 'new')] });
		expect(jsonOf(result)).toMatchObject([{ skipped: 'unchanged', rev }, { name: 'b' }]);
		expect(jsonOf(result)[1]).not.toHaveProperty('skipped');
		expect(uploads.hintOf(result)).toMatch(/^1 file uploaded \(3 B\), 1 file skipped, /);
	});

	it('a large file is sent when the question cannot be asked', async () => {
		const content = { sizeBytes: 9 * MIB, seed: 1 };
		rig().cloud.faults.add({
			route: uploads.GET_METADATA,
			times: Infinity,
			action: { kind: 'reply', status: 403 },
		});
		const result = await upload(rig(), { items: [file('a', content)] });
		uploads.expectAllStored(rig(), result, [['/a', content]]);
	});
});

describe('one item that is wrong', () => {
	it('1,000 items with three bad ones: 997 are stored, then one error names the three', async () => {
		const bad = new Set([7, 500, 999]);
		const items = Array.from({ length: 1_000 }, (_, index) =>
			file(bad.has(index) ? 'Thumbs.db' : `${index}.txt`, `content ${index}`),
		);
		const { error, status } = await upload(rig(), { items });
		expect(status).toBe('error');
		expect(error).toMatchObject({ itemIndex: 7 });
		expect(error?.description).toMatch(
			/3 of 1000 items failed for this reason\. n8n counts items from 0\. The others are: Items 500 .*, 999 [^,]*\. <a /,
		);
		expect(rig().cloud.dropbox.files()).toHaveLength(997);
	});

	it('options of the first item that cannot be worked out are its own failure', async () => {
		const items = [
			{ ...file('a', 'a'), json: { size: 0 } },
			{ ...file('b', 'b'), json: { size: 5 } },
		];
		const options = { commitSize: '={{ $json.size }}', output: 'filesAndReport' };
		const result = await upload(rig(), { items, options, ...carryOn });
		expect(pathsOf(result)).toEqual(['input/commitSize', undefined, undefined]);
		expect(jsonOf(result)[2]).toMatchObject({ report: { files: 2, stored: 1, failed: 1 } });
		expect(uploads.storedPaths(rig())).toEqual(['/b']);
	});
});
