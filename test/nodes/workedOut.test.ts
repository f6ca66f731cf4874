/**
 * An expression that works out to nothing, or to something else than a text, is not what somebody typed: it
 * never decides where a file goes, who can open it, or what is replaced. What was left empty keeps its meaning.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ItemSpec, RunResult } from '../engine/types';
import { useRig } from '../support/rig';
import * as box from './boxUpload/uploads';
import * as dropbox from './upload/uploads';
import { errorsOf, jsonOf } from './upload/uploads';

const rig = useRig();

const CREATE_LINK = 'sharing/create_shared_link_with_settings';
const carryOn = { onError: 'continueRegularOutput' } as const;

/** Undefined is left out of the item's JSON. */
const NOT_TYPED: IDataObject[] = [
	{},
	{ v: null },
	{ v: { path: '/HR/x.pdf' } },
	{ v: ['/HR/x.pdf'] },
	{ v: [] },
	{ v: true },
	{ v: false },
];
const V = '={{ $json.v }}';
const NAN = '={{ Number("x") }}';
const HALF = '={{ "/a" + String.fromCharCode(55357) + "/" }}';

let count = 0;
const withFile = (json: IDataObject): ItemSpec => ({
	json,
	binary: { data: { base64: 'aGVsbG8=', fileName: `${++count}.txt` } },
});

const pathsOf = (result: RunResult) => errorsOf(result).map((error) => error?.path);

/** One item for each value, and one that is fine. */
async function toDropbox(
	parameters: INodeParameters,
	options: INodeParameters,
	fine: IDataObject[string],
): Promise<RunResult> {
	return await rig().dropbox({
		resource: 'file',
		operation: 'upload',
		parameters,
		options,
		items: [...NOT_TYPED, { v: fine }].map(withFile),
		...carryOn,
	});
}

async function toBox(
	parameters: INodeParameters,
	options: INodeParameters,
	fine: IDataObject[string],
): Promise<RunResult> {
	return await rig().box({
		resource: 'file',
		operation: 'upload',
		parameters,
		options,
		items: [...NOT_TYPED, { v: fine }].map(withFile),
		...carryOn,
	});
}

const rl = (mode: string, value: string): INodeParameters => ({ __rl: true, mode, value });

const IN = rl('path', '/in');

describe('Dropbox, Upload Files', () => {
	it.each<[string, INodeParameters, INodeParameters, IDataObject[string], string]>([
		['Folder by path', { folder: rl('path', V) }, {}, '/in', 'folder'],
		['Folder from the list', { folder: rl('list', V) }, {}, '/in', 'folder'],
		['If File Exists', { folder: IN, ifExists: V }, {}, 'rename', 'ifExists'],
		['Keep Folders Below', { folder: IN }, { keepFoldersBelow: V }, '', 'keepFoldersBelow'],
		['Paths Begin In', { folder: IN }, { root: V }, 'automatic', 'root'],
		['Act as Team Member', { folder: IN }, { selectUser: V }, '', 'selectUser'],
	])('%s', async (_, parameters, options, fine, parameter) => {
		const result = await toDropbox(parameters, options, fine);
		expect(pathsOf(result)).toEqual([...NOT_TYPED.map(() => `input/${parameter}`), undefined]);
		expect(dropbox.storedPaths(rig())).toEqual([`/in/${count}.txt`]);
	});

	it('File Name', async () => {
		const result = await toDropbox({ folder: IN, fileName: V }, {}, 'named.txt');
		expect(pathsOf(result)).toEqual([...NOT_TYPED.map(() => 'input/fileName'), undefined]);
		expect(dropbox.storedPaths(rig())).toEqual(['/in/named.txt']);
	});

	it.each<[string, INodeParameters]>([
		['a number that is none', { fileName: NAN }],
		['half an emoji', { fileName: HALF }],
	])('File Name: %s', async (_, parameters) => {
		const result = await dropbox.upload(rig(), {
			items: [withFile({})],
			...(parameters as { fileName: string }),
			...carryOn,
		});
		expect(pathsOf(result)).toEqual(['input/fileName']);
		expect(dropbox.storedPaths(rig())).toEqual([]);
	});

	it.each<[string, INodeParameters, IDataObject[string]]>([
		['linkPassword', { linkPassword: V }, 'secret-word'],
		['linkExpires', { linkExpires: V }, '2030-01-02'],
		['linkAudience', { linkAudience: V }, 'public'],
	])('%s: no file and no link', async (name, options, fine) => {
		const result = await toDropbox({ folder: IN }, { sharedLink: true, ...options }, fine);
		expect(pathsOf(result).slice(0, -1)).toEqual(NOT_TYPED.map(() => `input/${name}`));
		expect(rig().calls(CREATE_LINK)).toHaveLength(1);
		expect(dropbox.storedPaths(rig())).toHaveLength(1);
	});

	it('an empty text keeps its meaning, typed or from an expression', async () => {
		const items = [withFile({ v: '' })];
		const options = { keepFoldersBelow: V, clientModified: V, resumeFolder: V, resumeFrom: V };
		const result = await dropbox.upload(rig(), { items, path: V, options });
		expect(jsonOf(result)).toMatchObject([{ path_display: `/${count}.txt` }]);
	});

	it('a number is a text', async () => {
		const items = [withFile({ v: 2026 })];
		await dropbox.upload(rig(), { items, path: '={{ "/" + $json.v + "/" }}' });
		expect(dropbox.storedPaths(rig())).toEqual([`/2026/${count}.txt`]);
	});

	it('sets If File Exists and Source, with Revision and URL only where they are needed', async () => {
		const result = await rig().dropbox({
			resource: 'file',
			operation: 'upload',
			parameters: {
				folder: IN,
				source: '={{ $json.source }}',
				ifExists: '={{ $json.ifExists }}',
				url: '',
				rev: '',
			},
			items: [
				{ source: 'binary', ifExists: 'rename' },
				{ source: 'url', ifExists: 'fail' },
				{ source: 'binary', ifExists: 'update' },
				{ source: 'elsewhere', ifExists: 'fail' },
			].map(withFile),
			...carryOn,
		});
		expect(pathsOf(result)).toEqual([undefined, 'input/url', 'input/rev', 'input/source']);
		expect(dropbox.storedPaths(rig())).toHaveLength(1);
	});

	it.each(['true', ' TRUE ', true])('Plan Only as %j stores nothing', async (v) => {
		const result = await dropbox.upload(rig(), {
			items: [withFile({ v })],
			options: { planOnly: V },
			...carryOn,
		});
		expect(jsonOf(result)).toMatchObject([{ plan: { action: 'new' } }]);
		expect(dropbox.storedPaths(rig())).toEqual([]);
	});

	it("goes on without the first item when that one's options cannot be worked out", async () => {
		const broken = '$itemIndex === 0 ? $("No such node").first().json.x : ';
		const result = await dropbox.upload(rig(), {
			items: [{}, {}, {}].map(withFile),
			options: {
				output: `={{ ${broken} "filesAndReport" }}`,
				parallel: `={{ ${broken} 2 }}`,
			},
			...carryOn,
		});
		expect(pathsOf(result)).toEqual(['input/parameters', undefined, undefined, undefined]);
		expect(errorsOf(result)[0]?.description).toContain("Referenced node doesn't exist");
		expect(jsonOf(result)[3]).toMatchObject({ report: { stored: 2, failed: 1 } });
		expect(dropbox.storedPaths(rig())).toHaveLength(2);
	});

	it.each(['ns:123', 'ns:123/Reports'])(
		'Let Dropbox Fetch It to %s is told before it is asked',
		async (folder) => {
			const result = await rig().dropbox({
				resource: 'file',
				operation: 'upload',
				parameters: {
					folder: rl('path', folder),
					source: 'url',
					url: 'https://files.example/a.txt',
					letDropboxFetch: true,
				},
				items: [{ json: {} }],
				...carryOn,
			});
			expect(pathsOf(result)).toEqual(['input/letDropboxFetch']);
			expect(rig().cloud.log).toEqual([]);
		},
	);
});

describe('Dropbox, sessions and shared files', () => {
	it.each([
		[true, true],
		['true', true],
		['False', false],
	])('Close Session %j', async (v, closed) => {
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'start',
			parameters: { binaryPropertyName: 'data' },
			options: { closeSession: V },
			items: [withFile({ v })],
			...carryOn,
		});
		expect(jsonOf(result)).toMatchObject([{ closed }]);
	});

	it.each(['yes', '', 1, null])('Close Session %j is told', async (v) => {
		const result = await rig().dropbox({
			resource: 'uploadSession',
			operation: 'start',
			parameters: { binaryPropertyName: 'data' },
			options: { closeSession: V },
			items: [withFile({ v })],
			...carryOn,
		});
		expect(pathsOf(result)).toEqual(['input/closeSession']);
		expect(rig().cloud.log).toEqual([]);
	});

	it('Get Shared Link makes none with a password that came to nothing', async () => {
		rig().cloud.dropbox.putFile('/a.txt', 'content');
		const result = await rig().dropbox({
			resource: 'sharedFile',
			operation: 'getLink',
			parameters: { file: '/a.txt' },
			options: { linkPassword: V },
			items: NOT_TYPED.map((json) => ({ json })),
			...carryOn,
		});
		expect(pathsOf(result)).toEqual(NOT_TYPED.map(() => 'input/linkPassword'));
		expect(rig().calls(CREATE_LINK)).toEqual([]);
	});

	it.each(['id:abc\n', 'id:a\tbc', 'id:a\ud83d'])(
		'an ID %j is told, the others go on',
		async (v) => {
			rig().cloud.dropbox.putFile('/a.txt', 'content');
			const ids = [v, '/a.txt'].map((file) => ({ json: { v: file, session_id: 'S', offset: 0 } }));
			const many = await rig().dropbox({
				resource: 'sharedFile',
				operation: 'getMany',
				parameters: { file: V },
				items: ids,
				...carryOn,
			});
			expect(pathsOf(many)).toEqual(['input/file', undefined]);
			expect(errorsOf(many)[0]?.description).toMatch(/U\+(000A|0009|D83D)\) at position \d/);
			const batch = await rig().dropbox({
				resource: 'uploadBatch',
				operation: 'finishBatch',
				parameters: { sessionId: 'S', offset: 0, path: V },
				items: ids.slice(0, 1),
				...carryOn,
			});
			expect(pathsOf(batch)).toEqual(['input/path']);
		},
	);
});

describe('Box, Upload File', () => {
	it.each<[string, INodeParameters, INodeParameters, IDataObject[string], string]>([
		['Parent Folder by ID', { parentFolderId: rl('id', V) }, {}, '0', 'parentFolderId'],
		['Parent Folder from the list', { parentFolderId: rl('list', V) }, {}, '0', 'parentFolderId'],
		['Parent Folder by path', { parentFolderId: rl('path', V) }, {}, '/', 'parentFolderId'],
		['File Name', { fileName: V }, {}, '', 'fileName'],
		['If File Exists', { ifExists: V }, {}, 'rename', 'ifExists'],
		['Upload As', { uploadAs: V }, {}, 'newFile', 'uploadAs'],
		['Keep Folders Below', {}, { keepFoldersBelow: V }, '', 'keepFoldersBelow'],
		['Act as User', {}, { asUser: V }, '', 'asUser'],
		['Description', { attributes: { description: V } }, {}, '', 'description'],
		['Content Created At', { attributes: { contentCreatedAt: V } }, {}, '', 'contentCreatedAt'],
		['Shared Link Password', {}, { sharedLink: true, linkPassword: V }, '', 'linkPassword'],
		['Shared Link Audience', {}, { sharedLink: true, linkAudience: V }, 'open', 'linkAudience'],
	])('%s', async (_, parameters, options, fine, parameter) => {
		const result = await toBox(parameters, options, fine);
		expect(pathsOf(result)).toEqual([...NOT_TYPED.map(() => `input/${parameter}`), undefined]);
		expect(box.storedPaths(rig())).toEqual([`/${count}.txt`]);
	});

	it('never becomes a new file for want of an ID', async () => {
		const result = await rig().box({
			resource: 'uploadSession',
			operation: 'create',
			parameters: { uploadAs: 'newVersion', fileId: V, fileName: 'a.bin' },
			options: { fileSize: 20_000_000 },
			items: NOT_TYPED.map((json) => ({ json })),
			...carryOn,
		});
		expect(pathsOf(result)).toEqual(NOT_TYPED.map(() => 'input/fileId'));
		expect(rig().cloud.log).toEqual([]);
	});

	it.each(['S\ud83d', 'S\u0000', 'S\n1'])('a Session ID %j is told for its item', async (v) => {
		for (const operation of ['commit', 'plan', 'uploadPart', 'get', 'listParts', 'abort']) {
			const result = await rig().box({
				resource: 'uploadSession',
				operation,
				parameters: { sessionId: V },
				items: [withFile({ v })],
				...carryOn,
			});
			expect(pathsOf(result)).toEqual(['input/sessionId']);
		}
		expect(rig().cloud.log).toEqual([]);
	});
});
