/** Names, folders and their URLs as people have them, and dates: what Box gets, and what is told before. */
import type { INodeParameters } from 'n8n-workflow';

import { numbered } from '../../../nodes/BoxUpload/uploadFile/freeNames';
import {
	CHECK,
	CREATE,
	CREATE_FOLDER,
	DIRECT,
	LIST_ITEMS,
	byPath,
	carryOn,
	errorsOf,
	file,
	jsonOf,
	storedPaths,
	upload,
	useBox,
} from './uploads';

const rig = useBox();
const box = () => rig().cloud.box;
const byUrl = (value: string): INodeParameters => ({ __rl: true, mode: 'url', value });

describe('a name that comes from the file is made storable', () => {
	it('without blanks at its ends and control characters; the others are stored, too', async () => {
		const names = [
			'ok1.pdf',
			'bad.pdf ',
			'\u3000wide.pdf\u00a0',
			'Invoice\nMay\t2026.pdf',
			'half \ud83d.pdf',
			'😀'.repeat(200),
			'ok2.pdf',
		];
		const items = names.map((name) => file(name, name));
		const result = await upload(rig(), { items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result).map(({ name }) => name)).toEqual([
			'ok1.pdf',
			'bad.pdf',
			'wide.pdf',
			'InvoiceMay2026.pdf',
			'half \ufffd.pdf',
			names[5],
			'ok2.pdf',
		]);
	});

	it('what is no name then is told for its item alone', async () => {
		const names = ['a.pdf', ' ', '..', 'x'.repeat(256), 'b.pdf'];
		const result = await upload(rig(), {
			items: names.map((name) => file(name, name)),
			...carryOn,
		});
		expect(errorsOf(result).map((error) => error?.message)).toEqual([
			undefined,
			"'File Name' is empty",
			"'File Name' is only dots",
			"'File Name' is too long for Box",
			undefined,
		]);
		expect(storedPaths(rig())).toEqual(['/a.pdf', '/b.pdf']);
	});

	it('also with the default On Error: the others are stored, then the node stops', async () => {
		const items = ['ok1.pdf', '. ', 'ok2.pdf'].map((name) => file(name, name));
		const result = await upload(rig(), { items });
		expect(result.error?.message).toContain("'File Name' is only dots");
		expect(storedPaths(rig())).toEqual(['/ok1.pdf', '/ok2.pdf']);
	});

	it('also when a session is opened for it', async () => {
		const options = { fileSize: 20_000_000 };
		const result = await rig().box({
			resource: 'uploadSession',
			operation: 'create',
			parameters: { fileName: '' },
			options,
			items: [file('january\n.bin ', 'x')],
		});
		expect(result.error).toBeUndefined();
		expect(rig().calls(CREATE)[0]?.argument).toMatchObject({ file_name: 'january.bin' });
	});
});

describe('a name that was typed is told', () => {
	it.each([
		['a.pdf ', 'Remove the space.'],
		['a\n.pdf', 'Remove the line break at position 2.'],
		['😀\u0007.pdf', 'Remove the control character U+0007 at position 2.'],
		['a\ud83d.pdf', 'Remove the character (U+D83D) at position 2.'],
		['a/b.pdf', 'Enter only the name'],
		['..', 'Choose another name.'],
		['😀'.repeat(256), 'Shorten it to 255 characters. It has 256.'],
	])('%j', async (fileName, remedy) => {
		const result = await upload(rig(), { fileName, items: [file('own', 'x')], ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: 'input/fileName', class: 'input' });
		expect(errorsOf(result)[0]?.description).toContain(remedy);
		expect(rig().cloud.log).toEqual([]);
	});

	it('a folder name in a path, with the character and its place', async () => {
		const parentFolderId = byPath('/Reports/20\t26');
		const result = await upload(rig(), { parentFolderId, items: [file('a', 'x')], ...carryOn });
		expect(errorsOf(result)[0]?.path).toBe('input/parentFolderId');
		expect(errorsOf(result)[0]?.description).toContain('Remove the tab at position 3.');
	});
});

describe('the folder', () => {
	it.each([
		'/All Files/Reports',
		'All Files/Reports',
		'/all files/Reports/',
		' / All Files / Reports ',
	])('%j begins at the top folder', async (path) => {
		box().putFolder({ name: 'Reports' });
		const result = await upload(rig(), { parentFolderId: byPath(path), items: [file('a', 'x')] });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual(['/Reports/a']);
		expect(rig().calls(CREATE_FOLDER)).toEqual([]);
	});

	it('All Files alone is the top folder, and a folder of that name further down is one', async () => {
		const parentFolderId = '={{ $json.path }}';
		for (const [path, expected] of [
			['/All Files', '/a'],
			['/Reports/All Files', '/Reports/All Files/b'],
		] as const) {
			const items = [file(expected.slice(-1), 'x', { path })];
			const chosen = { __rl: true, mode: 'path', value: parentFolderId };
			const result = await upload(rig(), { parentFolderId: chosen, items });
			expect(result.error).toBeUndefined();
			expect(storedPaths(rig())).toContain(expected);
		}
	});

	const forms = [
		'https://app.box.com/folder/ID',
		'https://app.box.com/folder/ID/',
		'https://app.box.com/folder/ID?s=abc123&sortColumn=date',
		'https://app.box.com/folder/ID#x',
		' https://app.box.com/folder/ID ',
		'https://app.box.com/s/3q7cuw5sxkp0rvcc2hfg1wsyxf71m9ye/folder/ID',
		'https://acme.app.box.com/folder/ID',
		'https://acme.box.com/folder/ID?s=abc',
		'https://acme.ent.box.com/s/abc/folder/ID/',
		'https://box.com/folder/ID',
		'http://app.box.com/folder/ID',
	];

	it.each(forms)('By URL: %s', async (form) => {
		const { id } = box().putFolder({ name: 'Reports' });
		const url = form.replace('ID', id);
		// n8n checks what is typed, and takes an expression as it comes.
		for (const value of [url, '={{ $json.url }}']) {
			const items = [file(value === url ? 'typed' : 'worked out', 'x', { url })];
			const result = await upload(rig(), { parentFolderId: byUrl(value), items });
			expect(result.error).toBeUndefined();
		}
		expect(storedPaths(rig())).toEqual(['/Reports/typed', '/Reports/worked out']);
	});

	it.each([
		'https://app.box.com/file/123',
		'https://app.box.com/folder/',
		'https://box.com.evil.example/folder/123',
		'https://evilbox.com/folder/123',
		'https://evil.example/?u=https://app.box.com/folder/123',
		'app.box.com',
	])('By URL is told: %s', async (url) => {
		const parentFolderId = byUrl('={{ $json.url }}');
		const items = [file('a', 'x', { url })];
		const result = await upload(rig(), { parentFolderId, items, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ class: 'input', stored: 'no' });
		expect(rig().cloud.log).toEqual([]);
	});
});

describe('Rename', () => {
	it.each([
		['report.pdf', 1, 'report (1).pdf'],
		['archive.tar.gz', 2, 'archive.tar (2).gz'],
		['.hidden', 1, '.hidden (1)'],
		['😀'.repeat(255), 1, `${'😀'.repeat(125)} (1)`],
		[`${'x'.repeat(251)}.pdf`, 10, `${'x'.repeat(246)} (10).pdf`],
		[`x.${'e'.repeat(253)}`, 1, `x.${'e'.repeat(249)} (1)`],
		// Between what people see as characters: a family, an accent.
		[`${'x'.repeat(245)}👨‍👩‍👧.pdf`, 1, `${'x'.repeat(245)} (1).pdf`],
		[`${'x'.repeat(250)}e\u0301y`, 1, `${'x'.repeat(250)} (1)`],
		[`${'\u0301'.repeat(254)}`, 1, `${'\u0301'.repeat(251)} (1)`],
	])('%s with %i', (name, number, expected) => {
		expect(numbered(name, number)).toBe(expected);
		expect(expected.length).toBeLessThanOrEqual(255);
		expect(expected.isWellFormed()).toBe(true);
	});

	it('takes a name that has no room for a number', async () => {
		const name = '😀'.repeat(255);
		const items = [file(name, 'one'), file(name, 'two')];
		const result = await upload(rig(), { ifExists: 'rename', items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result).map((json) => json.name)).toEqual([name, numbered(name, 1)]);
	});

	it('finds a free name in a folder of 20,531 items, and sends the content once', async () => {
		const { id: parentId } = box().putFolder({ name: 'Full' });
		for (let index = 0; index < 20_000; index++) box().putFolder({ name: `${index}`, parentId });
		const names = Array.from({ length: 530 }, (_, index) => `report (${index + 1}).pdf`);
		for (const name of ['report.pdf', ...names]) box().putFolder({ name, parentId });
		const result = await upload(rig(), {
			parentFolderId: byPath('/Full'),
			ifExists: 'rename',
			items: [file('report.pdf', 'one'), file('report.pdf', 'two')],
		});
		expect(result.error).toBeUndefined();
		expect(jsonOf(result).map(({ name }) => name)).toEqual([
			'report (531).pdf',
			'report (532).pdf',
		]);
		expect(rig().calls(DIRECT)).toHaveLength(2);
		expect(rig().calls(LIST_ITEMS).length).toBeLessThan(25);
		expect(rig().calls(CHECK).length).toBeLessThan(25);
	});

	it('asks Box once its list has turned out to be stale', async () => {
		box().putFile({ name: 'report.pdf', content: 'old' });
		// Box's list lags, and somebody else takes each name before the content has arrived.
		rig().cloud.faults.add({
			route: LIST_ITEMS,
			times: Infinity,
			action: {
				kind: 'reply',
				status: 200,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ entries: [], next_marker: null }),
			},
		});
		for (let index = 1; index < 9; index++) {
			box().putFile({ name: `report (${index}).pdf`, content: 'old' });
		}
		const result = await upload(rig(), { ifExists: 'rename', items: [file('report.pdf', 'new')] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)[0]?.name).toBe('report (9).pdf');
		expect(rig().calls(DIRECT).length).toBeLessThanOrEqual(2);
	});
});

describe('Content Created At and Content Modified At', () => {
	it('are the moments that were meant, or are told', async () => {
		const dates = [
			'Mon, 4 May 2026 21:10:00 +0530 (IST)',
			1_777_909_200,
			'Mon May 04 2026 21:10:00 GMT+0530 (India Standard Time)',
			'12.05.2026',
		];
		const items = dates.map((date, index) => file(`${index}`, `${index}`, { date }));
		const attributes = {
			contentCreatedAt: '={{ $json.date }}',
			contentModifiedAt: '={{ $json.date }}',
		};
		const result = await upload(rig(), { attributes, items, ...carryOn });
		const at = Date.UTC(2026, 4, 4, 15, 40);
		const stored = box().files();
		expect(stored).toHaveLength(3);
		for (const { contentCreatedAtMs, contentModifiedAtMs } of stored) {
			expect([contentCreatedAtMs, contentModifiedAtMs]).toEqual([at, at]);
		}
		expect(errorsOf(result)[3]?.path).toBe('input/contentCreatedAt');
	});
});
