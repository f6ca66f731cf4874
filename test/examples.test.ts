/** Every workflow in examples/, run by n8n's engine with n8n's own nodes on real files. */
import { createHash, randomBytes } from 'node:crypto';

import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { FaultAction } from './cloud';
import { contentHash } from './cloud/dropbox';
import type { RunResult } from './engine/types';
import {
	expectReadable,
	expectSuccess,
	itemsOf,
	jsonOf,
	TRIGGER,
	useExampleRuns,
} from './support/exampleRuns';
import { byPath } from './support/destination';
import type { Setup } from './support/exampleWorkflow';
import { exampleFiles, readExample, withForwardSlashes } from './support/exampleWorkflow';
import type { Rig } from './support/rig';
import type { SourceServer } from './support/sourceServer';

const examples = useExampleRuns();

let rig: Rig;
let source: SourceServer;

beforeEach(() => {
	({ rig, source } = examples());
});

const make = (files: Record<string, Buffer | string>) => examples().make(files);
const readFrom = (pattern: string) => examples().readFrom(pattern);
const runExample = (file: string, parameters?: Setup['parameters'], startNode?: string) =>
	examples().run(file, { parameters, startNode });

describe.each(exampleFiles())('examples/%s', (file) => {
	const workflow = readExample(file);
	const { nodes, connections } = workflow;

	test('has the form that n8n exports, and nothing of anybody’s account', () => {
		expect(Object.keys(workflow)).toEqual([
			...['name', 'nodes', 'connections', 'settings', 'pinData', 'active', 'tags'],
		]);
		expect(workflow).toMatchObject({
			pinData: {},
			active: false,
			settings: { executionOrder: 'v1' },
		});
		for (const node of nodes) {
			expect(node.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			expect(node.position).toEqual([expect.any(Number), expect.any(Number)]);
			expect(node).not.toHaveProperty('credentials');
			expect(node).not.toHaveProperty('webhookId');
		}
		for (const key of ['id', 'name'] as const) {
			expect(new Set(nodes.map((node) => node[key])).size).toBe(nodes.length);
		}
	});

	test('connects nodes that exist, and leaves none out', () => {
		const names = nodes.map(({ name }) => name);
		const targets = Object.values(connections)
			.flatMap((ofNode) => Object.values(ofNode).flat())
			.flatMap((output) => (output ?? []).map(({ node }) => node));
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets]));
		const alone = nodes.filter(
			({ name, type }) =>
				type !== 'n8n-nodes-base.stickyNote' && !targets.includes(name) && !(name in connections),
		);
		expect(alone).toEqual([]);
	});

	test('uses parameters that its nodes have, none of them wrong', async () => {
		const descriptions = await examples().nodeDescriptions();
		for (const node of nodes) {
			if (isForWholeN8n(node)) continue;
			const description = descriptions.find(
				({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
			);
			if (!description) throw new Error(`n8n has no ${node.type} ${node.typeVersion}`);
			const { properties } = description;
			const known = NodeHelpers.getNodeParameters(
				properties,
				node.parameters,
				true,
				false,
				node,
				description,
			);
			expect(known).toMatchObject(node.parameters);
			const complete = { ...node, parameters: known ?? {} };
			expect(NodeHelpers.getNodeParametersIssues(properties, complete, description)).toBeNull();
		}
	});

	test('speaks in its notes of nodes that exist', () => {
		const names = [...nodes.map(({ name }) => name), 'Dropbox Upload', 'Box Upload'];
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		const spokenOf = notes.flatMap(({ parameters }) =>
			[...(parameters.content as string).matchAll(/\*\*([A-Z][^*]+)\*\*/g)].map(([, name]) => name),
		);
		expect(notes.length).toBeGreaterThan(1);
		expect(spokenOf.length).toBeGreaterThan(2);
		expect(names).toEqual(expect.arrayContaining(spokenOf));
	});
});

/** An agent, its model and its trigger: test/n8n/agents.test.ts imports and runs what has them. */
const isForWholeN8n = ({ type }: INode): boolean => type.startsWith('@n8n/n8n-nodes-langchain.');

const someFiles: Record<string, Buffer> = {
	'empty.txt': Buffer.alloc(0),
	'one byte.bin': Buffer.of(7),
	'grüße 日本 🎉.txt': Buffer.from('Ein Text, テキスト'),
	'photo.jpg': randomBytes(300_000),
	'larger than one part.bin': randomBytes(9 * 1024 * 1024 + 1),
};

function expectStoredInDropbox(files: Record<string, Buffer>): void {
	const stored = rig.cloud.dropbox.files();
	expect(stored.map(({ path }) => path).sort()).toEqual(
		Object.keys(files)
			.map((name) => `/From n8n/${name}`)
			.sort(),
	);
	for (const [name, content] of Object.entries(files)) {
		const found = rig.cloud.dropbox.file(`/From n8n/${name}`);
		expect(found).toMatchObject({ size: content.length, contentHash: contentHash(content) });
	}
}

const requestsTo = (route: string) => rig.cloud.counters().requestsByRoute[route] ?? 0;

describe('keeping a Dropbox folder up to date', () => {
	const file = 'dropbox-upload-files.json';

	const run = (trigger = TRIGGER) => {
		const { parameters } = readExample(file).nodes.find(({ name }) => name === 'Upload Files')!;
		const keepFoldersBelow = withForwardSlashes(examples().folder);
		const upload = { ...parameters, options: { keepFoldersBelow } };
		return runExample(file, { 'Read Files': readFrom('**/*'), 'Upload Files': upload }, trigger);
	};

	const sentFiles = (result: RunResult) =>
		jsonOf(result, 'Stored Files')
			.filter(({ sent }) => sent === true)
			.map((item) => item.file);

	const filesOfFolders = {
		...someFiles,
		'2026/Juni/report.txt': Buffer.from('June'),
		'2026/July/report.txt': Buffer.from('July'),
	};

	test.each([TRIGGER, 'Every Night'])(
		'stores every file in its folder when started by %s',
		async (trigger) => {
			make(filesOfFolders);
			const result = await run(trigger);
			expectSuccess(result);
			expectStoredInDropbox(filesOfFolders);
			expect(sentFiles(result)).toHaveLength(Object.keys(filesOfFolders).length);
			expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
			expect(requestsTo('files/upload_session/finish_batch_v2')).toBe(1);
		},
	);

	test('sends only what has changed when it runs again', async () => {
		make(filesOfFolders);
		await run();
		const changed = { ...filesOfFolders, 'photo.jpg': randomBytes(300_001) };
		make({ 'photo.jpg': changed['photo.jpg'] });
		const again = await run();
		expectSuccess(again);
		expectStoredInDropbox(changed);
		expect(jsonOf(again, 'Stored Files')).toHaveLength(Object.keys(changed).length);
		expect(sentFiles(again)).toEqual(['/From n8n/photo.jpg']);
	});

	test('names the file that failed, and stores the others', async () => {
		make({ 'a.txt': 'aaa', 'b/c.txt': 'ccc' });
		// A folder has the name of the file.
		rig.cloud.dropbox.putFile('/From n8n/a.txt/there.txt', 'there');
		const result = await run();
		expectSuccess(result);
		expect(sentFiles(result)).toEqual(['/From n8n/b/c.txt']);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: 'a.txt', try_again: false, already_stored: 'no' });
	});
});

describe('a night job that sorts what failed', () => {
	const file = 'dropbox-night-job.json';
	const BRANCHES = [
		'Look Before Sending Again',
		'Next Run Sends It',
		'Ask Someone',
		'Correct the Workflow',
		'Report a Bug',
	];
	const FINISH = 'files/upload_session/finish_batch_v2';
	const always = (route: string, action: FaultAction) =>
		rig.cloud.faults.add({ route, action, times: Infinity });

	const run = (folder = '/From n8n') => {
		const { parameters } = readExample(file).nodes.find(({ name }) => name === 'Upload Files')!;
		const upload = { ...parameters, folder: byPath(folder), options: { maxRetries: 0 } };
		return runExample(file, { 'Read Files': readFrom('*'), 'Upload Files': upload });
	};

	test.each<{ branch: string; arrange?: () => void; folder?: string }>([
		{
			branch: 'Look Before Sending Again',
			arrange: () => always(FINISH, { kind: 'reply', status: 503 }),
		},
		{
			branch: 'Next Run Sends It',
			arrange: () => rig.cloud.dropbox.contention.failNext(100),
		},
		{
			branch: 'Ask Someone',
			arrange: () => void rig.cloud.dropbox.putFile('/From n8n/a.txt', 'another'),
		},
		{ branch: 'Correct the Workflow', folder: '/From//n8n' },
		{
			branch: 'Report a Bug',
			arrange: () =>
				void always('files/upload_session/append_batch', {
					kind: 'reply',
					status: 409,
					body: '{"error": {".tag": "length_mismatch"}}',
				}),
		},
	])('$branch', async ({ branch, arrange, folder }) => {
		make({ 'a.txt': 'a' });
		arrange?.();
		const result = await run(folder);
		expectSuccess(result);
		const filled = BRANCHES.filter((name) => itemsOf(result, name).length > 0);
		expect(filled).toEqual([branch]);
		const [item] = jsonOf(result, branch);
		expect(item).toMatchObject({ file: 'a.txt' });
		expectReadable({ problem: item?.problem, details: item?.what_to_do ?? item?.problem });
		expect(itemsOf(result, 'Stored Files')).toEqual([]);
	});

	test('stores what can be stored, and sends nothing twice in the next night', async () => {
		make(someFiles);
		rig.cloud.dropbox.contention.failNext(1);
		const first = await run();
		expectSuccess(first);
		const again = await run();
		expectSuccess(again);
		expectStoredInDropbox(someFiles);
		for (const branch of BRANCHES) expect(itemsOf(again, branch)).toEqual([]);
	});
});

describe('a link to each file', () => {
	test.each([
		['Links', undefined],
		['Stored without Link', ['account_info.read', 'files.content.write', 'files.metadata.read']],
	])('%s', async (node, scopes) => {
		const { credentialId } = await rig.connectDropbox({ scopes });
		examples().credentials = { dropboxUploadOAuth2Api: credentialId };
		make({ 'a.txt': 'aaa', 'b.txt': 'bbb' });
		const result = await runExample('dropbox-links.json', { 'Read Files': readFrom('*') });
		expectSuccess(result);
		expect(rig.cloud.dropbox.files()).toHaveLength(2);
		const [item, ...others] = jsonOf(result, node);
		expect(others).toHaveLength(1);
		if (scopes) expectReadable(item!);
		else expect(item?.link).toMatch(/^https:\/\/www\.dropbox\.com\//);
	});
});

describe('a link to each file in Box', () => {
	test.each([
		['Links', {}],
		// Box takes a password for links that anybody can open only.
		['Stored without Link', { linkAudience: 'company', linkPassword: 'x' }],
	])('%s', async (node, linkRequest) => {
		make({ 'a.txt': 'aaa', 'b.txt': 'bbb' });
		const result = await runExample('box-links.json', {
			'Read Files': readFrom('*'),
			'Upload with Links': { options: { sharedLink: true, ...linkRequest } },
		});
		expectSuccess(result);
		expect(boxPaths()).toEqual(['/From n8n/a.txt', '/From n8n/b.txt']);
		const items = jsonOf(result, node);
		expect(items.map((item) => item.file)).toEqual(['a.txt', 'b.txt']);
		for (const item of items) {
			if (node === 'Stored without Link') expectReadable(item);
			else expect(item.link).toMatch(/^https:\/\/[a-z.]*box\.com\//);
		}
	});
});

const dropboxPaths = () =>
	rig.cloud.dropbox
		.files()
		.map(({ path }) => path)
		.sort();

const boxPaths = () =>
	rig.cloud.box
		.files()
		.map(({ path }) => path)
		.sort();

/** A file of somebody else, where the example would store one. */
const taken = {
	Dropbox: () => rig.cloud.dropbox.putFile('/From n8n/a.txt', 'another'),
	Box: () => {
		const { box } = rig.cloud;
		const there = box.folders().find(({ path }) => path === '/From n8n');
		const { id: parentId } = there ?? box.putFolder({ name: 'From n8n' });
		return box.putFile({ name: 'a.txt', parentId, content: 'another' });
	},
};

describe.each([
	['dropbox-plan.json', taken.Dropbox, dropboxPaths],
	['box-plan-report.json', taken.Box, boxPaths],
])('look before uploading: %s', (file, take, storedPaths) => {
	test.each<[boolean, string[]]>([
		[false, ['/From n8n/a.txt', '/From n8n/b.txt']],
		[true, ['/From n8n/a.txt']],
	])('with something in the way: %s', async (isTaken, stored) => {
		make({ 'a.txt': 'aaa', 'b.txt': 'bbb' });
		if (isTaken) take();
		const result = await runExample(file, { 'Read Files': readFrom('*') });
		expectSuccess(result);
		expect(storedPaths()).toEqual(stored);
		expect(itemsOf(result, 'Refused Files')).toHaveLength(isTaken ? 1 : 0);
	});
});

describe('one message', () => {
	const readable = (failed: number) => ({ failed, seconds: expect.any(Number) as number });

	test('for each night tells what was stored, and what failed', async () => {
		make({ 'a.txt': 'aaa', 'b.txt': 'bbb' });
		taken.Dropbox();
		const result = await runExample('dropbox-report.json', { 'Read Files': readFrom('*') });
		expectSuccess(result);
		const [message, ...others] = jsonOf(result, 'Message');
		expect(others).toEqual([]);
		expect(message).toMatchObject(readable(1));
		expect(message?.text).toMatch(/^⚠️ 1 file uploaded \(3 B\), 1 file failed, \d+ requests, /);
		expect(jsonOf(result, 'Problems')).toMatchObject([{ item: 0, path: 'path/conflict/file' }]);
	});

	test('after a look tells what was stored in Box, and what was taken meanwhile', async () => {
		make({ 'a.txt': 'aaa', 'b.txt': 'bbb' });
		rig.cloud.faults.add({
			route: 'POST /files/content',
			action: { kind: 'before', run: () => void taken.Box() },
		});
		const result = await runExample('box-plan-report.json', { 'Read Files': readFrom('*') });
		expectSuccess(result);
		const [message, ...others] = jsonOf(result, 'Message');
		expect(others).toEqual([]);
		expect(message).toMatchObject(readable(1));
		expect(message?.text).toMatch(/^⚠️ 1 file uploaded \(3 B\), 1 file failed, \d+ requests, /);
		expect(jsonOf(result, 'Problems')).toMatchObject([{ path: 'item_name_in_use' }]);
		expect(boxPaths()).toEqual(['/From n8n/a.txt', '/From n8n/b.txt']);
	});
});

/** The parameters of the example's node that holds the links, with other ones. */
function withLinks(file: string, url: readonly string[]) {
	const links = readExample(file).nodes.find(({ name }) => name === 'Links')!.parameters;
	const [assignment] = (links.assignments as { assignments: IDataObject[] }).assignments;
	return {
		assignments: { assignments: [{ ...assignment, value: JSON.stringify(url) }] },
	} as INodeParameters;
}

describe.each([
	['dropbox-from-links.json', dropboxPaths],
	['box-from-links.json', boxPaths],
])('%s', (file, storedPaths) => {
	test('stores what the links give, and names the one that gives nothing', async () => {
		const content = Buffer.from('of the link');
		const url = [
			source.put('/report.pdf?key=1', { content }),
			source.put('/gone.pdf', { content, status: 404 }),
			source.put('/get', { content, disposition: 'attachment; filename="video.mp4"' }),
		];
		const result = await runExample(file, { Links: withLinks(file, url) });
		expectSuccess(result);
		expect(storedPaths()).toEqual(['/From n8n/report.pdf', '/From n8n/video.mp4']);
		expect(jsonOf(result, 'Stored Files')).toHaveLength(2);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ link: url[1], try_again: false, already_stored: 'no' });
	});
});

describe('a folder of the other vendor', () => {
	test('box-from-dropbox-folder.json moves it to Box, and names what has no content', async () => {
		rig.cloud.dropbox.putFile('/Projects/2026/plan.txt', 'p');
		rig.cloud.dropbox.putFile('/Projects/notes.paper', '', { exportAs: 'html' });
		for (const run of [1, 2]) {
			const result = await runExample('box-from-dropbox-folder.json');
			expectSuccess(result);
			expect(boxPaths()).toEqual(['/Projects/2026/plan.txt']);
			expect(jsonOf(result, 'Stored Files')).toMatchObject([
				{ file: 'plan.txt', left_out: '' },
				{ left_out: '/Projects/notes.paper' },
			]);
			const downloads = rig.calls('temporary_link');
			expect([run, downloads.length]).toEqual([run, 1]);
		}
	});

	test('dropbox-from-box-folder.json moves it back, and names what has no content', async () => {
		const { id: rootId } = rig.cloud.box.putFolder({ name: 'Projects' });
		const { id: parentId } = rig.cloud.box.putFolder({ name: '2026', parentId: rootId });
		rig.cloud.box.putFile({ name: 'plan.txt', content: 'p', parentId });
		rig.cloud.box.putWebLink('Intranet', 'https://intranet.example/', rootId);
		for (const run of [1, 2]) {
			const result = await runExample('dropbox-from-box-folder.json');
			expectSuccess(result);
			expect(dropboxPaths()).toEqual(['/Projects/2026/plan.txt']);
			expect(jsonOf(result, 'Stored Files')).toMatchObject([
				{ left_out: '/Projects/Intranet' },
				{ file: 'plan.txt', left_out: '' },
			]);
			expect([run, rig.calls('download').length]).toEqual([run, 1]);
		}
	});
});

describe('files that Dropbox fetches itself', () => {
	const file = 'dropbox-fetch.json';
	const settings = () => rig.cloud.dropbox.settings;

	afterEach(() => {
		delete settings().fetchUrl;
	});

	test('stores what Dropbox could fetch, and names the one that it could not', async () => {
		const urls = ['https://files.example/report.pdf?key=1', 'https://files.example/gone.pdf'];
		settings().fetchUrl = async (url) => {
			if (url === urls[1]) throw new Error('Nothing is there');
			return Buffer.from('of the link');
		};
		const result = await runExample(file, { Links: withLinks(file, urls) });
		expectSuccess(result);
		expect(dropboxPaths()).toEqual(['/From n8n/report.pdf']);
		expect(jsonOf(result, 'Stored Files')).toEqual([{ file: '/From n8n/report.pdf', bytes: 11 }]);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ link: urls[1], already_stored: 'no' });
		const sentBytes = rig.cloud.log.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
		expect(sentBytes).toBeLessThan(2_000);
	});
});

describe('saving many Dropbox files in one batch', () => {
	const file = 'dropbox-finish-batch.json';

	test('stores every file under its own name with one commit', async () => {
		make(someFiles);
		const result = await runExample(file, {
			'Read Files': readFrom('*'),
			// Small parts, so that a file of several comes about.
			'Append to Session': { options: { closeSession: true, partSizeMib: 4 } },
		});
		expectSuccess(result);
		expectStoredInDropbox(someFiles);
		expect(jsonOf(result, 'Stored Files')).toEqual(
			expect.arrayContaining(
				Object.entries(someFiles).map(([name, content]) => ({
					file: `/From n8n/${name}`,
					bytes: content.length,
					saved_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
					content_hash: contentHash(content),
				})),
			),
		);
		expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
		expect(requestsTo('files/upload_session/finish_batch_v2')).toBe(1);
		expect(rig.cloud.counters().overlappingCommits).toBe(0);
	});

	test('leaves what is already there as it is when it runs again', async () => {
		make(someFiles);
		const parameters = { 'Read Files': readFrom('*') };
		await runExample(file, parameters);
		const before = rig.cloud.dropbox.files();
		const again = await runExample(file, parameters);
		expectSuccess(again);
		expect(itemsOf(again, 'What Went Wrong')).toEqual([]);
		expect(rig.cloud.dropbox.files()).toEqual(before);
	});

	test('names the file that failed, and stores the others', async () => {
		make({ 'a.txt': 'newer', 'b.txt': 'bbb', 'c.txt': 'ccc' });
		rig.cloud.dropbox.putFile('/From n8n/a.txt', 'another content');
		rig.cloud.faults.add({
			route: 'files/upload_session/append_v2',
			when: ({ headers }) => headers['content-length'] === '3',
			skip: 1,
			action: { kind: 'reply', status: 400, body: 'Error in call to API function' },
		});
		const result = await runExample(file, { 'Read Files': readFrom('*') });
		expectSuccess(result);

		const failures = jsonOf(result, 'What Went Wrong');
		const stored = jsonOf(result, 'Stored Files').map((item) => item.file);
		expect(failures).toHaveLength(2);
		failures.forEach(expectReadable);
		expect(failures.map((item) => item.file)).toContain('a.txt');
		expect(failures.find((item) => item.file === 'a.txt')).toMatchObject({
			details: expect.stringContaining('/From n8n/a.txt') as string,
			try_again: false,
			already_stored: 'no',
		});
		expect(
			[...stored, ...failures.map((item) => `/From n8n/${item.file as string}`)].sort(),
		).toEqual(['/From n8n/a.txt', '/From n8n/b.txt', '/From n8n/c.txt']);
	});

	test('says in the editor that there were no files', async () => {
		const result = await runExample(file, { 'Read Files': readFrom('*') });
		expect(result).toMatchObject({ status: 'error', error: { message: 'No file(s) found' } });
		expect(rig.cloud.counters().requests).toBe(0);
	});
});

describe('saving many Dropbox files with a background job', () => {
	const file = 'dropbox-batch-job.json';

	afterEach(() => {
		rig.cloud.dropbox.settings.jobPolls = 1;
	});

	test.each([TRIGGER, 'Every Night'])('stores every file when started by %s', async (trigger) => {
		make(someFiles);
		rig.cloud.dropbox.settings.jobPolls = 2;
		const result = await runExample(file, { 'Read Files': readFrom('*') }, trigger);
		expectSuccess(result);
		expectStoredInDropbox(someFiles);
		expect(jsonOf(result, 'Stored Files')).toHaveLength(Object.keys(someFiles).length);
		expect(requestsTo('files/upload_session/finish_batch')).toBe(1);
		expect(requestsTo('files/upload_session/finish_batch/check')).toBe(3);
	});

	test('goes past Check Batch Job when Dropbox is done at once', async () => {
		make(someFiles);
		rig.cloud.dropbox.settings.jobPolls = 0;
		const result = await runExample(file, { 'Read Files': readFrom('*') });
		expectSuccess(result);
		expectStoredInDropbox(someFiles);
		expect(jsonOf(result, 'Stored Files')).toHaveLength(Object.keys(someFiles).length);
		expect(requestsTo('files/upload_session/finish_batch/check')).toBe(0);
	});

	test('names the file that the job could not save, and stores the others', async () => {
		make({ 'a.txt': 'new', 'b.txt': 'bbb' });
		rig.cloud.dropbox.putFile('/From n8n/a.txt', 'another content');
		const result = await runExample(file, { 'Read Files': readFrom('*') });
		expectSuccess(result);
		expect(jsonOf(result, 'Stored Files')).toMatchObject([{ file: '/From n8n/b.txt' }]);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({
			details: expect.stringContaining('/From n8n/a.txt') as string,
			already_stored: 'no',
		});
	});
});

describe('asking who may do what with Dropbox files', () => {
	const file = 'dropbox-share-metadata.json';

	function ask(paths: string[], onePath: string): Promise<RunResult> {
		const one = readExample(file).nodes.find(({ name }) => name === 'One File')!;
		const value = `={{ ${JSON.stringify(paths)} }}`;
		return runExample(file, {
			'Files to Look At': {
				assignments: { assignments: [{ id: '1', name: 'file', value, type: 'array' }] },
			},
			'One File': { ...one.parameters, file: onePath },
		});
	}

	test('lists every file in words', async () => {
		const paths = ['/From n8n/first file.txt', '/From n8n/zweite 🎉.txt'];
		for (const path of paths) rig.cloud.dropbox.putFile(path, path);
		rig.cloud.dropbox.sharing.deniedActions.unshare = { '.tag': 'restricted_by_team' };
		const result = await ask(paths, paths[0]!);
		delete rig.cloud.dropbox.sharing.deniedActions.unshare;

		expectSuccess(result);
		const list = jsonOf(result, 'Readable List');
		expect(list).toEqual(
			paths.map((path) => ({
				file: path,
				owner: expect.stringMatching(/\p{L}/u) as string,
				your_role: 'owner',
				you_may: expect.stringMatching(/^create edit link, create link, .*share link$/) as string,
				you_may_not: 'unshare (restricted by team)',
				link: 'no shared link',
				preview: expect.stringMatching(/^https:\/\/www\.dropbox\.com\//) as string,
			})),
		);
		expect(jsonOf(result, 'One File, Readable')).toMatchObject([
			{ file: paths[0], you_may: 'create view link, edit contents', you_may_not: '' },
		]);
		expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
		expect(requestsTo('sharing/get_file_metadata/batch')).toBe(1);
		expect(requestsTo('sharing/get_file_metadata')).toBe(1);
	});

	test('names the file that it may not look at, and lists the others', async () => {
		rig.cloud.dropbox.putFile('/From n8n/mine.txt', 'mine');
		rig.cloud.dropbox.putFile('/From n8n/theirs.txt', 'theirs');
		const { accessErrors } = rig.cloud.dropbox.sharing;
		accessErrors['/From n8n/theirs.txt'] = 'no_permission';
		const result = await ask(
			['/From n8n/theirs.txt', '/From n8n/mine.txt'],
			'/From n8n/theirs.txt',
		);
		delete accessErrors['/From n8n/theirs.txt'];

		expectSuccess(result);
		expect(jsonOf(result, 'Readable List')).toMatchObject([{ file: '/From n8n/mine.txt' }]);
		expect(jsonOf(result, 'One File, Readable')).toEqual([]);
		const failures = jsonOf(result, 'What Went Wrong');
		expect(failures).toHaveLength(2);
		for (const failure of failures) {
			expectReadable(failure);
			expect(failure.details).toContain('/From n8n/theirs.txt');
		}
	});
});

describe('keeping a Box folder up to date', () => {
	const file = 'box-upload-files.json';
	const filesOfFolders = {
		...someFiles,
		'2026/Juni/report.txt': Buffer.from('June'),
		'2026/July/report.txt': Buffer.from('July'),
		'larger than one request.bin': randomBytes(20_000_001),
	};

	const run = (trigger = TRIGGER) => {
		const { parameters } = readExample(file).nodes.find(({ name }) => name === 'Upload File')!;
		const keepFoldersBelow = withForwardSlashes(examples().folder);
		const upload = { ...parameters, options: { keepFoldersBelow } };
		return runExample(file, { 'Read Files': readFrom('**/*'), 'Upload File': upload }, trigger);
	};

	const sentFiles = (result: RunResult) =>
		jsonOf(result, 'Stored Files')
			.filter(({ sent }) => sent === true)
			.map((item) => item.file);

	function expectStoredInBox(files: Record<string, Buffer>): void {
		const stored = rig.cloud.box.files().map(({ path, sha1 }) => [path, sha1]);
		const sha1Of = (content: Buffer) => createHash('sha1').update(content).digest('hex');
		const expected = Object.entries(files).map(([name, content]) => [
			`/From n8n/${name}`,
			sha1Of(content),
		]);
		expect(stored.sort()).toEqual(expected.sort());
		expect(rig.cloud.box.schemaProblems).toEqual([]);
	}

	test.each([TRIGGER, 'Every Night'])(
		'stores every file in its folder when started by %s',
		async (trigger) => {
			make(filesOfFolders);
			const result = await run(trigger);
			expectSuccess(result);
			expectStoredInBox(filesOfFolders);
			expect(sentFiles(result)).toHaveLength(Object.keys(filesOfFolders).length);
			expect(itemsOf(result, 'What Went Wrong')).toEqual([]);
			expect(rig.cloud.box.folders()).toHaveLength(4);
		},
	);

	test('sends only what has changed when it runs again', async () => {
		make(filesOfFolders);
		await run();
		const changed = { ...filesOfFolders, 'photo.jpg': randomBytes(300_001) };
		make({ 'photo.jpg': changed['photo.jpg'] });
		const again = await run();
		expectSuccess(again);
		expectStoredInBox(changed);
		expect(jsonOf(again, 'Stored Files')).toHaveLength(Object.keys(changed).length);
		expect(sentFiles(again)).toEqual(['photo.jpg']);
	});

	test('names the file that failed, and stores the others', async () => {
		make({ 'a.txt': 'aaa', 'b/c.txt': 'ccc' });
		const { id } = rig.cloud.box.putFolder({ name: 'From n8n' });
		// A folder has the name of the file.
		rig.cloud.box.putFolder({ name: 'a.txt', parentId: id });
		const result = await run();
		expectSuccess(result);
		expect(sentFiles(result)).toEqual(['c.txt']);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ file: 'a.txt', try_again: false, already_stored: 'no' });
	});
});

describe('one Box file, step by step', () => {
	const file = 'box-session-by-hand.json';
	const content = randomBytes(20_000_001);

	beforeEach(() => make({ 'backup für morgen.zip': content }));

	const run = () => runExample(file, { 'Read File': readFrom('backup für morgen.zip') });

	test('stores the file from its parts', async () => {
		const result = await run();
		expectSuccess(result);
		const sha1 = createHash('sha1').update(content).digest('hex');
		const stored = { name: 'backup für morgen.zip', size: content.length, sha1 };
		expect(rig.cloud.box.files()).toMatchObject([stored]);
		expect(jsonOf(result, 'Stored File')).toEqual([
			{
				file: stored.name,
				id: rig.cloud.box.files()[0]!.id,
				bytes: content.length,
				sha1,
			},
		]);
		expect(requestsTo('PUT /files/upload_sessions/:id')).toBe(3);
		expect(rig.cloud.box.schemaProblems).toEqual([]);
	});

	test.each([
		['one part', 1],
		['every part', Infinity],
	])('gives the session up when Box refuses %s, and says why', async (_, times) => {
		rig.cloud.faults.add({
			route: 'PUT /files/upload_sessions/:id',
			times,
			action: {
				kind: 'reply',
				status: 403,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ type: 'error', status: 403, code: 'forbidden', message: 'No' }),
			},
		});
		const result = await run();
		expectSuccess(result);
		const failures = jsonOf(result, 'What Went Wrong');
		expect(failures).toHaveLength(Math.min(times, 3));
		failures.forEach(expectReadable);
		expect(rig.cloud.box.files()).toEqual([]);
		expect(requestsTo('POST /files/upload_sessions/:id/commit')).toBe(0);
		expect(requestsTo('DELETE /files/upload_sessions/:id')).toBe(1);
	});

	test('keeps the parts when only the commit fails, and says why', async () => {
		rig.cloud.faults.add({
			route: 'POST /files/upload_sessions/:id/commit',
			action: {
				kind: 'before',
				run: () => {
					rig.cloud.box.putFile({ name: 'backup für morgen.zip', content: 'of somebody else' });
				},
			},
		});
		const result = await run();
		expectSuccess(result);
		const [failure, ...others] = jsonOf(result, 'What Went Wrong');
		expect(others).toEqual([]);
		expectReadable(failure!);
		expect(failure).toMatchObject({ already_stored: 'no' });
		expect(jsonOf(result, 'Stored File')).toEqual([]);
		expect(rig.cloud.box.sessions()).toMatchObject([{ parts: [{}, {}, {}] }]);
	});
});
