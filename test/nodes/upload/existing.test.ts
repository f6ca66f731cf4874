/** What happens when something is at the path already, and where a file goes. */
import { generateBuffer } from '../../engine';
import { SHORT_WAITS, useRig } from '../../support/rig';
import * as uploads from './uploads';
import {
	APPEND,
	APPEND_BATCH,
	FINISH,
	LIST_FOLDER,
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

describe('Upload Files, If File Exists', () => {
	beforeEach(() => rig().cloud.dropbox.putFile('/a.txt', 'old'));

	it('Fail leaves another content and says so; the same content is no failure', async () => {
		const result = await upload(rig(), {
			path: '/a.txt',
			items: [file('x', 'new'), file('x', 'old')],
			...carryOn,
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'path/conflict/file', stored: 'no' });
		expect(jsonOf(result)[1]).toMatchObject({
			path_display: '/a.txt',
			content_hash: hashOf('old'),
		});
		expect(contentAt('/a.txt')).toBe('old');
	});

	it('Overwrite with Skip Unchanged replaces what was there, and nothing of the same run', async () => {
		const run = {
			path: '/a.txt',
			ifExists: 'overwrite',
			skipUnchanged: true,
			items: [file('x', 'new'), file('x', 'old')],
		};
		const result = await upload(rig(), { ...run, ...carryOn });
		expect(errorsOf(result).map((error) => error?.path)).toEqual([undefined, 'items/same_place']);
		expect(contentAt('/a.txt')).toBe('new');
	});

	it('Fail with Treat Same Content as Conflict takes the same content for a conflict too', async () => {
		const result = await upload(rig(), {
			path: '/a.txt',
			options: { strictConflict: true },
			items: [file('x', 'old')],
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('path/conflict/file');
	});

	it('Overwrite replaces it', async () => {
		const result = await upload(rig(), {
			path: '/a.txt',
			ifExists: 'overwrite',
			items: [file('x', 'new')],
		});
		expect(result.status).toBe('success');
		expect(contentAt('/a.txt')).toBe('new');
	});

	it('Rename stores beside it', async () => {
		const result = await upload(rig(), {
			path: '/a.txt',
			ifExists: 'rename',
			items: [file('x', 'new')],
		});
		expect(jsonOf(result)[0]?.path_display).toBe('/a (1).txt');
		expect(contentAt('/a.txt')).toBe('old');
	});

	it('Skip leaves it and sends nothing', async () => {
		const items = [file('x', { sizeBytes: 9 * MIB, seed: 1 })];
		const result = await upload(rig(), { path: '/A.txt', ifExists: 'skip', items });
		expect(jsonOf(result)[0]).toMatchObject({ skipped: 'exists', path_display: '/a.txt' });
		expect(rig().cloud.counters().bytesReceived).toBeLessThan(1_000);
		expect(uploads.hintOf(result)).toMatch(/^0 files uploaded \(0 B\), 1 file skipped, /);
	});

	it('Skip stores the first of several items with one path, and skips the others', async () => {
		const result = await upload(rig(), {
			path: '/new.txt',
			ifExists: 'skip',
			items: [file('x', 'one'), file('x', 'two'), file('x', 'three')],
		});
		expect(result.status).toBe('success');
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual([undefined, 'exists', 'exists']);
		expect(contentAt('/new.txt')).toBe('one');
	});

	it('Update If Unchanged replaces the given revision, and nothing else', async () => {
		const { rev } = rig().cloud.dropbox.file('/a.txt')!;
		const run = { path: '/a.txt', ifExists: 'update', rev };
		expect((await upload(rig(), { ...run, items: [file('x', 'new')] })).status).toBe('success');
		expect(contentAt('/a.txt')).toBe('new');

		const stale = await upload(rig(), { ...run, items: [file('x', 'newer')], ...carryOn });
		expect(errorsOf(stale)[0]).toMatchObject({
			path: 'path/conflict/file',
			message: "The file no longer has the revision in 'Revision'",
			stored: 'no',
		});
		expect(contentAt('/a.txt')).toBe('new');

		const none = { ...run, rev: '={{ "" }}' };
		const without = await upload(rig(), { ...none, items: [file('x', 'newer')], ...carryOn });
		expect(errorsOf(without)[0]?.path).toBe('input/rev');
	});
});

describe('Upload Files, Skip Unchanged', () => {
	it('finds 990 of 1,000 files there in at most ten requests, and uploads the rest', async () => {
		const content = (seed: number) => ({ sizeBytes: 1_000, seed });
		for (let seed = 0; seed < 1_000; seed++) {
			if (seed % 100 !== 5)
				rig().cloud.dropbox.putFile(`/dir/${seed}.bin`, generateBuffer(content(seed)));
		}
		const result = await upload(rig(), {
			path: '/dir/',
			skipUnchanged: true,
			items: numbered(1_000, 1_000),
		});
		expect(result.status).toBe('success');
		const skipped = jsonOf(result).filter((json) => json.skipped === 'unchanged');
		expect(skipped).toHaveLength(990);
		expect(jsonOf(result).map((json) => json.content_hash)).toEqual(
			Array.from({ length: 1_000 }, (_, seed) => hashOf(content(seed))),
		);
		expect(uploads.storedFiles(rig()).size).toBe(1_000);
		expect(rig().calls(APPEND_BATCH)).toHaveLength(1);
		expect(rig().cloud.counters().requests).toBeLessThanOrEqual(10 + 3);
		expect(uploads.hintOf(result)).toMatch(/^10 files uploaded \(10\.0 KB\), 990 files skipped, /);
	}, 120_000);

	it('sends a file whose content differs, and asks nothing twice', async () => {
		rig().cloud.dropbox.putFile('/dir/0.bin', 'another');
		rig().cloud.dropbox.putFile('/dir/1.bin', Buffer.alloc(500));
		const result = await upload(rig(), {
			path: '/dir/',
			ifExists: 'overwrite',
			skipUnchanged: true,
			items: numbered(5, 500),
		});
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual(Array(5).fill(undefined));
		expect(rig().cloud.dropbox.file('/dir/1.bin')?.contentHash).toBe(
			hashOf({ sizeBytes: 500, seed: 1 }),
		);
		expect(rig().calls(LIST_FOLDER)).toHaveLength(1);
	});

	it('stops listing a huge folder when asking for the files takes fewer calls', async () => {
		rig().cloud.dropbox.settings.listFolderPageSize = 10;
		try {
			for (let seed = 0; seed < 200; seed++) rig().cloud.dropbox.putFile(`/huge/${seed}.bin`, 'x');
			rig().cloud.dropbox.putFile('/huge/z.bin', 'mine');
			const result = await upload(rig(), {
				path: '/huge/',
				skipUnchanged: true,
				items: [...numbered(2, 5, (n) => `y${n}.bin`), file('z.bin', 'mine')],
			});
			expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual([
				undefined,
				undefined,
				'unchanged',
			]);
			expect(rig().cloud.counters().requests).toBeLessThanOrEqual(6 + 4);
		} finally {
			rig().cloud.dropbox.settings.listFolderPageSize = 2_000;
		}
	});

	it('uploads into a folder that is not there yet, and into the top folder', async () => {
		for (const path of ['/new/folder/', '']) {
			const { status } = await upload(rig(), { path, skipUnchanged: true, items: numbered(3, 10) });
			expect(status).toBe('success');
		}
		expect(uploads.storedFiles(rig()).size).toBe(6);
	});

	it('fails the items when nobody can look', async () => {
		rig().cloud.faults.add({
			route: /list|metadata/,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		const result = await upload(rig(), {
			path: '/dir/',
			skipUnchanged: true,
			options: { maxRetries: 0 },
			items: numbered(4, 10),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.path)).toEqual(
			Array(4).fill('network/answer_lost'),
		);
		expect(rig().calls(FINISH)).toEqual([]);
	});
});

describe('Upload Files, Folder and File Name', () => {
	it.each([
		['', '/name.txt'],
		['/', '/name.txt'],
		['/Reports/', '/Reports/name.txt'],
		['/Reports/other.pdf', '/Reports/other.pdf'],
		['/Üñï/日本/', '/Üñï/日本/name.txt'],
	])('%j leads to %s', async (path, expected) => {
		const result = await upload(rig(), { path, items: [file('name.txt', 'x')] });
		expect(jsonOf(result)[0]?.path_display).toBe(expected);
		expect(uploads.storedPaths(rig())).toEqual([expected]);
	});

	it('takes a backslash in a file name for part of the name, as no folder is meant', async () => {
		const result = await upload(rig(), { path: '/in/', items: [file('b\\c.txt', 'x')] });
		// On Windows n8n itself has taken what is before the backslash for a folder.
		const expected = process.platform === 'win32' ? '/in/c.txt' : '/in/b_c.txt';
		expect(jsonOf(result)[0]?.path_display).toBe(expected);
	});

	it.each([
		['/data/outbox', '/in/2026/june/a.txt'],
		['/data/outbox/', '/in/2026/june/a.txt'],
		['\\data\\outbox', '/in/2026/june/a.txt'],
		['/data/outbox/2026/june', '/in/a.txt'],
		['', '/in/a.txt'],
	])('keeps the folders below %j: %s', async (keepFoldersBelow, expected) => {
		const result = await upload(rig(), {
			path: '/in/',
			options: { keepFoldersBelow },
			items: [file('/data/outbox/2026/june/a.txt', 'x')],
		});
		expect(jsonOf(result)[0]?.path_display).toBe(expected);
	});

	it.each(['/data/out', '/data/outbox/2026/june/july', '/DATA'])(
		'refuses a file that does not lie below %j',
		async (keepFoldersBelow) => {
			const result = await upload(rig(), {
				path: '/in/',
				options: { keepFoldersBelow },
				items: [file('/data/outbox/2026/june/a.txt', 'x')],
				...carryOn,
			});
			expect(errorsOf(result)[0]?.path).toBe('input/keepFoldersBelow');
		},
	);

	it.each(['Reports', '\\Reports\\', '/a//b', '/a/../b', 'id:abc', '/a/ns:1/\u0000'])(
		'the folder %j is refused before anything is sent',
		async (value) => {
			const items = [file('name.txt', 'x')];
			// By Path n8n itself refuses what does not begin with a slash.
			const folder = { __rl: true, mode: 'list', value };
			const result = await upload(rig(), { folder, items, ...carryOn });
			expect(errorsOf(result)[0]?.path).toBe('input/folder');
			expect(rig().cloud.counters().requests).toBe(0);
		},
	);

	it('needs a name from the file or from File Name', async () => {
		const unnamed = file('', 'x');
		const refused = await upload(rig(), { path: '/in/', items: [unnamed], ...carryOn });
		expect(errorsOf(refused)[0]).toMatchObject({ path: 'input/fileName', stored: 'no' });
		const named = await upload(rig(), { path: '/in/name', items: [unnamed] });
		expect(jsonOf(named)[0]?.path_display).toBe('/in/name');
	});

	it('refuses to keep folders of a file that says nothing of its folder', async () => {
		const result = await upload(rig(), {
			path: '/in/',
			options: { keepFoldersBelow: '/data/outbox' },
			items: [file('a.txt', 'x')],
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toBe('input/keepFoldersBelow');
	});
});

it('closes no session of a large file that is skipped', async () => {
	const content = { sizeBytes: 9 * MIB, seed: 5 };
	rig().cloud.dropbox.putFile('/large', generateBuffer(content));
	const result = await upload(rig(), { skipUnchanged: true, items: [file('large', content)] });
	expect(jsonOf(result)[0]?.skipped).toBe('unchanged');
	expect(rig().calls(APPEND)).toEqual([]);
});

describe('Upload Files, a folder that changes while it is listed', () => {
	const CONTINUE = 'files/list_folder/continue';
	const reset = JSON.stringify({ error_summary: 'reset/..', error: { '.tag': 'reset' } });
	const run = { ifExists: 'skip', items: numbered(5, 10), ...carryOn };
	const changing = (times: number) =>
		rig().cloud.faults.add({
			route: CONTINUE,
			times,
			action: { kind: 'reply', status: 409, body: reset },
		});
	let pageSize: number;

	beforeEach(() => {
		const { settings } = rig().cloud.dropbox;
		pageSize = settings.listFolderPageSize;
		settings.listFolderPageSize = 2;
		for (const name of ['0.bin', '1.bin', '2.bin', '3.bin', '4.bin']) {
			rig().cloud.dropbox.putFile(`/${name}`, 'there before');
		}
	});

	afterEach(() => {
		rig().cloud.dropbox.settings.listFolderPageSize = pageSize;
	});

	it('is listed anew from its beginning', async () => {
		changing(2);
		const result = await upload(rig(), run);
		expect(jsonOf(result).map(({ skipped }) => skipped)).toEqual(run.items.map(() => 'exists'));
		expect(rig().calls(LIST_FOLDER)).toHaveLength(3);
	});

	it('is not listed for ever', async () => {
		changing(Infinity);
		const result = await upload(rig(), run);
		expect(errorsOf(result).map((error) => error?.path)).toEqual(run.items.map(() => 'reset'));
		expect(rig().calls(LIST_FOLDER)).toHaveLength(5);
		expect(rig().calls(CONTINUE)).toHaveLength(5);
	});
});
