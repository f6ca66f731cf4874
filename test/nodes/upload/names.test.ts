/** Names and paths as people have them, and dates: what Dropbox gets, and what is told before. */
import type { INodeParameters } from 'n8n-workflow';

import { useRig } from '../../support/rig';
import {
	FINISH,
	LIST_FOLDER,
	carryOn,
	errorsOf,
	file,
	jsonOf,
	pathsOfCommits,
	storedPaths,
	upload,
} from './uploads';

const rig = useRig();

const chosen = (value: INodeParameters[string], mode = 'list') =>
	({ __rl: true, mode, value }) as INodeParameters;
const putFile = (path: string, content = 'content') => rig().cloud.dropbox.putFile(path, content);
const nfd = (text: string) => text.normalize('NFD');

describe('nothing that is sent is shortened', () => {
	const folder = `/${'Anforderungen '.repeat(9)}x/${'Ausschreibung '.repeat(9)}y/end`;

	it.each(['list', 'path'])('a folder of 260 characters, chosen with %s', async (mode) => {
		expect(folder.length).toBeGreaterThan(255);
		const items = [file('a.txt', 'content')];
		const result = await upload(rig(), { folder: chosen(folder, mode), items });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual([`${folder}/a.txt`]);
	});

	it('names count in characters: 200 emoji are no 400', async () => {
		const names = ['😀'.repeat(200), '😀'.repeat(255), 'x'.repeat(255)];
		const items = names.map((name) => file(name, name));
		const result = await upload(rig(), { path: '/in/', items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result).map(({ name }) => name)).toEqual(names);
	});

	it('and a longer one is told, for its item alone', async () => {
		const names = ['x'.repeat(256), '😀'.repeat(256), 'fits'];
		const items = names.map((name) => file(name, name));
		const result = await upload(rig(), { path: '/in/', items, ...carryOn });
		expect(errorsOf(result).map((error) => error?.path)).toEqual([
			'input/fileName',
			'input/fileName',
			undefined,
		]);
		expect(errorsOf(result)[1]?.description).toContain('It has 256.');
		expect(storedPaths(rig())).toEqual(['/in/fits']);
	});
});

describe('names and folders as macOS writes them, in NFD', () => {
	const folder = '/Résumés/Zürich';
	const names = ['café.txt', 'Ünïcödé.txt', 'naïve.txt'];
	const items = () => names.map((name) => file(nfd(name), name));
	const stored = names.map((name) => `${folder}/${name}`);
	const run = () => ({ folder: chosen(nfd('/Résumés/Zürich')) });

	it('are stored in NFC', async () => {
		expect(nfd(names[0]!)).not.toBe(names[0]);
		await upload(rig(), { ...run(), items: items() });
		expect(pathsOfCommits(rig())).toEqual([stored]);
		expect(storedPaths(rig())).toEqual([...stored].sort());
	});

	describe('when the files are there', () => {
		beforeEach(() => {
			for (const [index, path] of stored.entries()) putFile(path, names[index]);
		});

		it.each([1, 3])('Skip and Skip Unchanged see %i of them', async (count) => {
			for (const more of [{ ifExists: 'skip' }, { ifExists: 'overwrite', skipUnchanged: true }]) {
				const result = await upload(rig(), { ...run(), ...more, items: items().slice(0, count) });
				const skipped = 'skipUnchanged' in more ? 'unchanged' : 'exists';
				expect(jsonOf(result).map((json) => json.skipped)).toEqual(Array(count).fill(skipped));
			}
			expect(rig().calls(FINISH)).toEqual([]);
		});

		it('a plan says so', async () => {
			const options = { planOnly: true };
			const result = await upload(rig(), {
				...run(),
				skipUnchanged: true,
				options,
				items: items(),
			});
			const actions = jsonOf(result).map(({ plan }) => (plan as { action: string }).action);
			expect(actions).toEqual(['unchanged', 'unchanged', 'unchanged']);
		});

		it('Overwrite replaces them', async () => {
			const result = await upload(rig(), {
				...run(),
				ifExists: 'overwrite',
				items: [file(nfd(names[0]!), 'another')],
			});
			expect(jsonOf(result)[0]?.path_display).toBe(stored[0]);
			expect(storedPaths(rig())).toHaveLength(3);
		});

		it('their metadata and links are found', async () => {
			const files = [stored[0]!, `ns:1000000001${stored[0]}`];
			for (const operation of ['get', 'getMany', 'getLink']) {
				const parameters = { file: nfd(files[0]!) };
				const given = { resource: 'sharedFile', operation, parameters, items: [{ json: {} }] };
				const result = await rig().dropbox({ ...given, ...carryOn });
				expect([operation, jsonOf(result)[0]?.name]).toEqual([operation, names[0]]);
			}
		});

		it('the list of Folder shows what lies there', async () => {
			const listed = await rig().dropboxList('searchFolders', {}, { filter: nfd('/Résumés/') });
			expect(listed.results.map(({ value }) => value)).toEqual(['/Résumés', folder]);
		});
	});

	it.each([1, 3])('a lost answer finds %i of them', async (count) => {
		rig().cloud.faults.add({ route: FINISH, action: { kind: 'loseReply' } });
		const result = await upload(rig(), { ...run(), items: items().slice(0, count) });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual(stored.slice(0, count).sort());
	});

	it('Keep Folders Below knows the folder that was typed', async () => {
		const result = await upload(rig(), {
			path: '/in/',
			options: { keepFoldersBelow: '/data/Übergabe' },
			items: [file(nfd('/data/Übergabe/Mai/a.txt'), 'content')],
		});
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual(['/in/Mai/a.txt']);
	});
});

describe('a name that comes from the file is made storable', () => {
	it.each([
		['report.pdf ', 'report.pdf'],
		[' report.pdf', 'report.pdf'],
		['\u00a0report.pdf\u3000', 'report.pdf'],
		['Invoice\nMay\t2026.pdf', 'InvoiceMay2026.pdf'],
		['bell\u0007 and \u007f.pdf', 'bell and .pdf'],
		['half \ud83d.pdf', 'half \ufffd.pdf'],
		['\u2013 dash, was: \u00e2\u0080\u0093.pdf', '\u2013 dash, was: \u00e2\u0080\u0093.pdf'],
		['a:b*c?"<d>|.pdf', 'a:b*c?"<d>|.pdf'],
		['.hidden', '.hidden'],
	])('%j as %j', async (name, expected) => {
		const result = await upload(rig(), { path: '/in/', items: [file(name, 'content')] });
		expect(result.error).toBeUndefined();
		expect(storedPaths(rig())).toEqual([`/in/${expected}`]);
	});

	it('and what Dropbox never stores, or has no name, is told for its item alone', async () => {
		const names = ['a.jpg', 'Thumbs.db', 'desktop.ini ', 'Icon\r', '.DS_Store', ' ', '..', 'b.jpg'];
		const items = names.map((name) => file(name, name));
		const result = await upload(rig(), { path: '/in/', items, ...carryOn });
		expect(errorsOf(result).map((error) => error?.message)).toEqual([
			undefined,
			...Array<string>(4).fill("Dropbox doesn't store files with this name"),
			'The file has no name',
			"'File Name' is only dots",
			undefined,
		]);
		expect(storedPaths(rig())).toEqual(['/in/a.jpg', '/in/b.jpg']);
	});

	it('also with the default On Error: the others are stored, then the node stops', async () => {
		const names = ['a.jpg', 'Thumbs.db', 'b.jpg'];
		const items = names.map((name) => file(name, name));
		const result = await upload(rig(), { path: '/in/', items });
		expect(result.error?.message).toContain("Dropbox doesn't store files with this name");
		expect(storedPaths(rig())).toEqual(['/in/a.jpg', '/in/b.jpg']);
	});
});

describe('what was typed is told, with the character and its place', () => {
	it.each([
		['/Reports', 'a.pdf\n', 'fileName', 'Remove the line break at position 6.'],
		['', 'a\t.pdf', 'fileName', 'Remove the tab at position 2.'],
		['', 'C\\Reports\\a.pdf', 'fileName', 'Remove the backslash at position 2.'],
		['', '😀\u0000.pdf', 'fileName', 'Remove the control character U+0000 at position 2.'],
		['', 'a.pdf ', 'fileName', 'Remove the space at position 6.'],
		['', 'a\ud83d.pdf', 'fileName', 'Remove the character (U+D83D) at position 2.'],
		['', '2026/a.pdf', 'fileName', "the folders before it in 'Folder'"],
		['', '/', 'fileName', "the folders before it in 'Folder'"],
		['', ' ', 'fileName', 'Enter a name, or leave it empty'],
		['', '..', 'fileName', 'Choose another name.'],
		['', 'x'.repeat(256), 'fileName', 'Shorten it to 255 characters. It has 256.'],
		['/Re\tports', '', 'folder', 'Remove the tab at position 4.'],
		['/Re\\ports', '', 'folder', 'Remove the backslash at position 4.'],
		['/Reports /2026', '', 'folder', 'Remove the space at position 9.'],
		['/Reports//2026', '', 'folder', 'Remove the double slash.'],
		['/Reports/../2026', '', 'folder', 'Write the folders by name.'],
		[`/${'x'.repeat(256)}`, '', 'folder', 'Shorten it to 255 characters. It has 256.'],
	])('Folder %j, File Name %j', async (folder, fileName, parameter, remedy) => {
		const items = [file('a.txt', 'content')];
		const result = await upload(rig(), { folder: chosen(folder), fileName, items, ...carryOn });
		expect(errorsOf(result)[0]).toMatchObject({ path: `input/${parameter}`, class: 'input' });
		expect(errorsOf(result)[0]?.description).toContain(remedy);
		expect(rig().cloud.log).toEqual([]);
	});

	it.each([{ a: 1 }, ['/HR'], true, null])('Folder %j from an expression', async (value) => {
		const result = await upload(rig(), {
			folder: chosen('={{ $json.folder }}', 'path'),
			path: '/a.txt',
			items: [{ ...file('a.txt', 'content'), json: { folder: value as unknown as string } }],
			...carryOn,
		});
		expect(errorsOf(result)[0]?.path).toMatch(/^input\//);
		expect(storedPaths(rig())).toEqual([]);
	});

	it('and what Dropbox says about a path is shown', async () => {
		const result = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'getLink',
			parameters: { file: '/a//b.txt' },
			items: [{ json: {} }],
			...carryOn,
		});
		expect(errorsOf(result)[0]).toMatchObject({ path: 'path/malformed_path' });
		expect(errorsOf(result)[0]?.description).toContain("'/a//b.txt' did not match");
		expect(rig().calls(LIST_FOLDER)).toEqual([]);
	});
});

describe('File Date', () => {
	it('is the moment that was meant, or is told for its item', async () => {
		const dates: Array<[given: unknown, moment?: string]> = [
			['Mon, 4 May 2026 21:10:00 +0530', '2026-05-04T15:40:00Z'],
			['Mon, 4 May 2026 21:10:00 +0530 (IST)', '2026-05-04T15:40:00Z'],
			['Mon May 04 2026 21:10:00 GMT+0530 (India Standard Time)', '2026-05-04T15:40:00Z'],
			['Mon, 04 May 2026 15:40:00 GMT', '2026-05-04T15:40:00Z'],
			[1_777_909_200, '2026-05-04T15:40:00Z'],
			['1777909200', '2026-05-04T15:40:00Z'],
			[1_777_909_200_000, '2026-05-04T15:40:00Z'],
			[1_777_909_200_000_000, '2026-05-04T15:40:00Z'],
			[' 2026-05-04 15:40:00', '2026-05-04T15:40:00Z'],
			['5/12/2026'],
			['12.05.2026'],
			['2026-02-30'],
			['Mon, 4 May 2026 21:10:00 IST'],
			[0],
		];
		const items = dates.map(([date], index) => ({
			...file(`${index}.txt`, `${index}`),
			json: { date: date as string },
		}));
		const options = { clientModified: '={{ $json.date }}' };
		const result = await upload(rig(), { path: '/', options, items, ...carryOn });
		expect(jsonOf(result).map((json) => json.client_modified)).toEqual(
			dates.map(([, moment]) => moment),
		);
		for (const [index, [, moment]] of dates.entries()) {
			if (moment === undefined) {
				expect(errorsOf(result)[index]).toMatchObject({ path: 'input/clientModified' });
			}
		}
		expect(errorsOf(result)[9]?.description).toContain('Write 2026-05-12 or 2026-12-05 instead.');
	});

	it.each([
		[
			'a DateTime with a zone',
			"={{ DateTime.fromISO('2026-05-04T21:10', { zone: 'Asia/Kolkata' }) }}",
		],
		['its text', "={{ DateTime.fromISO('2026-05-04T21:10', { zone: 'Asia/Kolkata' }) }} "],
		['a Date', '={{ new Date(1777909200000) }}'],
		["a Date's text", '={{ new Date(1777909200000).toString() }}'],
	])('takes %s from an expression, whatever the zone of the workflow', async (_, expression) => {
		const result = await upload(rig(), {
			options: { clientModified: expression },
			items: [file('a.txt', 'content')],
		});
		expect(jsonOf(result)[0]?.client_modified).toBe('2026-05-04T15:40:00Z');
	});
});
