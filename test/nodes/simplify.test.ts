/** Simplify: the few fields that a workflow goes on with, the same in both nodes; without it the vendor's whole response. */
import type { IDataObject } from 'n8n-workflow';

import {
	simplifiedCommit,
	simplifiedFile as simplifiedBoxFile,
} from '../../nodes/BoxUpload/simplify';
import {
	simplifiedFile,
	simplifiedLink,
	simplifiedSharing,
} from '../../nodes/DropboxUpload/simplify';
import { contentHash } from '../cloud/dropbox';
import { nodeUnderTest, nodeWorkflow } from '../engine/workflow';
import { byPath } from '../support/destination';
import { useRig } from '../support/rig';
import * as box from './boxUpload/uploads';
import { finishBatchExample, sharedFileExample } from './dropbox/replies';
import { filesToCommit, finishBatch } from './dropbox/uploads';
import { fileItem, filledSession, sha1 } from './box/steps';
import { file, jsonOf } from './upload/uploads';

const rig = useRig({ cloud: { box: { minimumSessionBytes: 1, partSizeBytes: 10 } } });

const ID = expect.stringMatching(/./) as string;
const LINK = expect.stringMatching(/^https:\/\//) as string;
const carryOn = { onError: 'continueRegularOutput' } as const;

/** As somebody gets them who has never seen the parameter. */
const upload = { resource: 'file', operation: 'upload' };

describe('Upload, by default', () => {
	it('Dropbox: what became of each file, where it is, its hash and its link', async () => {
		rig().cloud.dropbox.putFile('/in/b.txt', 'other');
		rig().cloud.dropbox.putFile('/in/c.txt', 'ccc');
		const result = await rig().dropbox({
			...upload,
			parameters: { folder: byPath('/in'), ifExists: 'skip', skipUnchanged: true },
			options: { sharedLink: true },
			items: [file('a.txt', 'aaa'), file('b.txt', 'bbb'), file('c.txt', 'ccc')],
		});
		const told = (name: string, status: string, content: string): IDataObject => ({
			status,
			name,
			path: `/in/${name}`,
			id: ID,
			size: content.length,
			content_hash: contentHash(Buffer.from(content)),
			rev: ID,
			link: LINK,
		});
		expect(jsonOf(result)).toEqual([
			told('a.txt', 'uploaded', 'aaa'),
			told('b.txt', 'skipped', 'other'),
			told('c.txt', 'unchanged', 'ccc'),
		]);
	});

	it('Box: the same fields, and those that Box has in their place', async () => {
		const folder = { parentFolderId: box.byPath('/in/2026') };
		const before = await rig().box({
			...upload,
			parameters: folder,
			items: [file('b.txt', 'other'), file('c.txt', 'ccc')],
		});
		expect(jsonOf(before).map(({ status }) => status)).toEqual(['uploaded', 'uploaded']);
		const result = await rig().box({
			...upload,
			parameters: { ...folder, ifExists: 'skip', skipUnchanged: true },
			options: { sharedLink: true },
			items: [file('a.txt', 'aaa'), file('b.txt', 'bbb'), file('c.txt', 'ccc')],
		});
		const { id: folderId } = rig()
			.cloud.box.folders()
			.find(({ path }) => path === '/in/2026')!;
		const told = (name: string, status: string, content: string): IDataObject => ({
			status,
			name,
			path: `/in/2026/${name}`,
			id: ID,
			size: content.length,
			sha1: box.sha1Of(content),
			etag: expect.stringMatching(/^\d+$/) as string,
			folder_id: folderId,
			link: LINK,
		});
		expect(jsonOf(result)).toEqual([
			told('a.txt', 'uploaded', 'aaa'),
			told('b.txt', 'skipped', 'other'),
			told('c.txt', 'unchanged', 'ccc'),
		]);
	});

	it.each(['dropbox', 'box'] as const)('%s: off gives the whole response', async (vendor) => {
		const run = { ...upload, items: [file('a.txt', 'aaa')] };
		const [json] = jsonOf(await rig()[vendor]({ ...run, parameters: { simplify: false } }));
		const whole =
			vendor === 'dropbox' ? ['path_lower', 'server_modified'] : ['type', 'path_collection'];
		expect(Object.keys(json!)).toEqual(expect.arrayContaining(whole));
		expect(json).not.toHaveProperty('status');
	});

	it('each item decides for itself', async () => {
		const items = [true, false].map((v, index) => ({ ...file(`${index}.txt`, 'x'), json: { v } }));
		const parameters = { simplify: '={{ $json.v }}' };
		const json = jsonOf(await rig().dropbox({ ...upload, parameters, items }));
		expect(json.map(({ path, path_display }) => [path, path_display])).toEqual([
			['/0.txt', undefined],
			[undefined, '/1.txt'],
		]);
	});

	it('a link that cannot be had is told as in the whole response', async () => {
		const route = 'sharing/create_shared_link_with_settings';
		rig().cloud.faults.add({ route, action: { kind: 'reply', status: 403 } });
		const items = [file('a.txt', 'aaa')];
		const [json] = jsonOf(await rig().dropbox({ ...upload, options: { sharedLink: true }, items }));
		expect(json).toMatchObject({
			status: 'uploaded',
			link: null,
			shared_link_error: { path: expect.stringMatching(/./) as string, stored: 'yes' },
		});
	});

	it.each(['dropbox', 'box'] as const)(
		'%s: failures, plans and reports stay as they are',
		async (vendor) => {
			const items = [file('a.txt', 'aaa'), { json: {} }];
			const run = { ...upload, items, ...carryOn };
			const plan = jsonOf(await rig()[vendor]({ ...run, options: { planOnly: true } }));
			expect(plan.map((json) => Object.keys(json))).toEqual([['plan', 'run'], ['error']]);
			const stored = jsonOf(await rig()[vendor]({ ...run, options: { output: 'filesAndReport' } }));
			expect(stored.map((json) => Object.keys(json)[0])).toEqual(['status', 'error', 'report']);
			expect(stored[2]).toMatchObject({ report: { stored: 1, failed: 1, bytesStored: 3 } });
		},
	);
});

describe('operations whose response people want, off until it is turned on', () => {
	const on = { simplify: true };

	it('Finish Upload Batch and its job', async () => {
		const items = await filesToCommit(rig(), ['/a.txt', '/b.txt', '/c.txt']);
		const { parameters } = finishBatch;
		const [whole] = jsonOf(await rig().dropbox({ ...finishBatch, items: items.slice(0, 1) }));
		expect(whole).toHaveProperty('path_lower');
		const [simple] = jsonOf(
			await rig().dropbox({
				...finishBatch,
				parameters: { ...parameters, ...on },
				items: items.slice(1, 2),
			}),
		);
		expect(simple).toEqual(simplifiedFile({ ...whole, ...simple, path_display: '/b.txt' }));
		expect(simple).toMatchObject({ status: 'uploaded', name: 'b.txt', path: '/b.txt' });
		const [job] = jsonOf(
			await rig().dropbox({
				...finishBatch,
				parameters: { ...parameters, ...on },
				options: { commitMethod: 'job', waitForJob: false },
				items: items.slice(2),
			}),
		);
		expect(job).toMatchObject({ '.tag': 'async_job_id', submitted: [{ path: '/c.txt' }] });
		const check = { resource: 'uploadBatch', operation: 'checkJob' };
		const checked = await rig().dropbox({ ...check, parameters: on, items: [{ json: job! }] });
		expect(jsonOf(checked)).toMatchObject([{ status: 'uploaded', path: '/c.txt' }]);
	});

	it('Get Shared File Metadata, Get Many and Get Shared Link', async () => {
		rig().cloud.dropbox.putFile('/a.pdf', 'aaa');
		rig().cloud.dropbox.sharing.deniedActions = {
			unshare: { '.tag': 'user_not_same_team_as_owner' },
		};
		const asked = {
			resource: 'sharedFile',
			parameters: { file: '/a.pdf', ...on },
			options: { actions: ['edit_contents', 'unshare'] },
			items: [{ json: {} }],
		};
		const get = jsonOf(await rig().dropbox({ ...asked, operation: 'get' }));
		const many = jsonOf(await rig().dropbox({ ...asked, operation: 'getMany' }));
		expect(get).toEqual(many);
		expect(get).toEqual([
			{
				name: 'a.pdf',
				path: '/a.pdf',
				id: ID,
				link: LINK,
				access: 'owner',
				owners: [ID],
				link_policy: 'anyone',
				allowed: ['edit_contents'],
				denied: [{ action: 'unshare', reason: 'user_not_same_team_as_owner' }],
			},
		]);
		const link = { ...asked, operation: 'getLink', options: {} };
		const linked = jsonOf(await rig().dropbox(link));
		expect(linked).toEqual([
			{ link: LINK, name: 'a.pdf', path: '/a.pdf', id: ID, size: 3, rev: ID },
		]);
	});

	it('Commit Box Session', async () => {
		const run = async (parameters: IDataObject) =>
			jsonOf(
				await rig().box({
					resource: 'uploadSession',
					operation: 'commit',
					parameters: { sessionId: await filledSession(rig()), ...(parameters as object) },
					items: [fileItem('Twenty-four bytes, three')],
				}),
			);
		expect(await run(on)).toMatchObject([
			{ status: 'uploaded', path: '/report.txt', sha1: sha1('Twenty-four bytes, three', 'hex') },
		]);
	});

	it('is on where an agent calls the node as its tool', async () => {
		rig().cloud.dropbox.putFile('/a.pdf', 'aaa');
		const { credentialId } = await rig().connectDropbox();
		const calls = JSON.stringify([{ file: '/a.pdf' }]);
		const node = { type: 'test.agent', name: 'Agent', parameters: { calls } };
		const { workflow, ...request } = nodeWorkflow({ node });
		const tool = nodeUnderTest({
			type: 'n8n-nodes-upload-sessions.dropboxUploadTool',
			name: 'Sharing',
			parameters: { resource: 'sharedFile', operation: 'get', file: "={{ $fromAI('file') }}" },
			credentials: { dropboxUploadOAuth2Api: credentialId },
		});
		const { outputs } = await rig().engine.run({
			...request,
			workflow: {
				...workflow,
				nodes: [...workflow.nodes, { ...tool, id: 'tool' }],
				connections: {
					...workflow.connections,
					[tool.name]: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
				},
			},
		});
		const answer = JSON.parse(outputs[0]![0]!.json.answer as string) as IDataObject[];
		expect(answer).toMatchObject([{ path: '/a.pdf', access: 'owner' }]);
		expect(answer[0]).not.toHaveProperty('policy');
	});
});

describe('a response that is not what it should be', () => {
	const dropboxFile = { name: 'a', id: 'id:1', size: 1 };
	const boxFile = { name: 'a', id: '1', size: 1 };
	const at = (...folders: unknown[]) => ({ ...boxFile, path_collection: { entries: folders } });
	const root = { id: '0', name: 'All Files' };

	it.each<[string, IDataObject | undefined, IDataObject | undefined]>([
		['a job', simplifiedFile({ '.tag': 'async_job_id', async_job_id: 'x' }), undefined],
		['no ID', simplifiedFile({ name: 'a' }), undefined],
		['no path', simplifiedFile(dropboxFile), { status: 'uploaded', ...dropboxFile }],
		[
			'other types',
			simplifiedFile({ ...dropboxFile, size: -1, rev: { a: 1 }, path_display: null }),
			{ status: 'uploaded', name: 'a', id: 'id:1' },
		],
		['no link', simplifiedLink({ url: 3 }), undefined],
		['no file', simplifiedSharing({ id: 'id:1' }), undefined],
		[
			'no permissions',
			simplifiedSharing({ name: 'a', id: 'id:1', permissions: 'all', policy: null }),
			{ name: 'a', id: 'id:1' },
		],
		['no entries', simplifiedCommit({ total_count: 0, entries: [] }), undefined],
		['entries that are none', simplifiedCommit({ entries: ['x'] }), undefined],
		[
			"a folder above it that Box doesn't show",
			simplifiedBoxFile(at({ id: '5', name: 'x' })),
			{ status: 'uploaded', ...boxFile },
		],
		[
			'a folder without a name',
			simplifiedBoxFile(at(root, { id: '5' })),
			{ status: 'uploaded', ...boxFile },
		],
		[
			'the root folder',
			simplifiedBoxFile(at(root)),
			{ status: 'uploaded', ...boxFile, path: '/a' },
		],
	])('%s', (_, simplified, expected) => {
		expect(simplified).toEqual(expected);
	});

	it("has ten fields at most, of all that Dropbox's reference has", () => {
		const [committed] = finishBatchExample.entries;
		const simple = [
			simplifiedFile({ ...(committed as IDataObject), shared_link: { url: 'https://x' } }),
			simplifiedSharing(sharedFileExample),
		];
		for (const fields of simple.map((json) => Object.keys(json ?? {}))) {
			expect(fields.length).toBeGreaterThan(4);
			expect(fields.length).toBeLessThanOrEqual(10);
		}
	});
});
