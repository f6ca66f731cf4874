/**
 * What the editor shows of an operation's output before its first run: __schema__ beside each node, against what the
 * built node really gives. WRITE_SCHEMAS=1 writes the files.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import Ajv from 'ajv';
import type { IDataObject } from 'n8n-workflow';

import { BoxUpload } from '../../nodes/BoxUpload/BoxUpload.node';
import { operations as boxOperations } from '../../nodes/BoxUpload/operations';
import { DropboxUpload } from '../../nodes/DropboxUpload/DropboxUpload.node';
import { operations as dropboxOperations } from '../../nodes/DropboxUpload/operations';
import { memberAccount } from '../cloud/dropbox';
import type { RunResult } from '../engine/types';
import { repositoryDir } from '../support/freshBuild';
import { schemaOfItems } from '../support/outputSchema';
import type { NodeRun } from '../support/rig';
import { useRig } from '../support/rig';
import * as box from './boxUpload/uploads';
import { commitOf, fileItem, filledSession, openSession, partOf, step, text } from './box/steps';
import { append, fileOf, finish, start, startedSession } from './dropbox/sessionSteps';
import { checkJob, filesToCommit, finishBatch, jsonOf } from './dropbox/uploads';

const rig = useRig({ cloud: { box: { minimumSessionBytes: 1, partSizeBytes: 10 } } });

/** Two files with and without a link; of a team, so that Dropbox has something to say of it. */
async function sharedFiles(): Promise<IDataObject[]> {
	const { accountId } = memberAccount;
	await rig().connectDropbox({ accountId });
	const { sharing } = rig().cloud.dropbox;
	sharing.deniedActions = { unshare: { '.tag': 'user_not_same_team_as_owner' } };
	const files = ['/a.txt', '/b.txt'].map((file) => ({ file }));
	for (const { file } of files) rig().cloud.dropbox.putFile(file, 'content', { accountId });
	await shared('getLink', files.slice(0, 1));
	return files;
}

async function shared(
	operation: string,
	files: readonly IDataObject[],
	options: NodeRun['options'] = {},
): Promise<RunResult> {
	return await rig().dropbox({
		resource: 'sharedFile',
		operation,
		parameters: { file: '={{ $json.file }}' },
		options: { root: 'home', ...options },
		items: files.map((json) => ({ json })),
	});
}

const actions = ['edit_contents', 'unshare'];
const upload = { resource: 'file', operation: 'upload' };

/** One run of each operation, with what somebody gets who changes no default. */
const runs: Record<string, Record<string, () => Promise<RunResult>>> = {
	DropboxUpload: {
		'file/upload': async () =>
			await rig().dropbox({ ...upload, options: { sharedLink: true }, items: [fileOf('a')] }),
		'uploadSession/start': async () => await rig().dropbox({ ...start, items: [fileOf('a')] }),
		'uploadSession/append': async () => {
			const session_id = await startedSession(rig());
			return await rig().dropbox({ ...append, items: [fileOf('a', { session_id, offset: 0 })] });
		},
		'uploadSession/finish': async () => {
			const session_id = await startedSession(rig());
			const json = { session_id, offset: 0, path: '/a.txt' };
			return await rig().dropbox({ ...finish, items: [fileOf('a', json)] });
		},
		'uploadBatch/finishBatch': async () =>
			await rig().dropbox({ ...finishBatch, items: await filesToCommit(rig(), ['/a.txt']) }),
		'uploadBatch/checkJob': async () => {
			const items = await filesToCommit(rig(), ['/a.txt']);
			const options = { commitMethod: 'job', waitForJob: false };
			const [job] = jsonOf(await rig().dropbox({ ...finishBatch, options, items }));
			return await rig().dropbox({ ...checkJob, items: [{ json: job! }] });
		},
		'sharedFile/get': async () => await shared('get', await sharedFiles(), { actions }),
		'sharedFile/getMany': async () => await shared('getMany', await sharedFiles(), { actions }),
		'sharedFile/getLink': async () => await shared('getLink', await sharedFiles()),
	},
	BoxUpload: {
		'file/upload': async () =>
			await rig().box({
				...upload,
				parameters: { parentFolderId: box.byPath('/in') },
				options: { sharedLink: true },
				items: [fileItem(text)],
			}),
		'uploadSession/create': async () =>
			await rig().box(step('create', { items: [fileItem(text)] })),
		'uploadSession/get': async () =>
			await rig().box(step('get', { parameters: { sessionId: await openSession(rig()) } })),
		'uploadSession/uploadPart': async () => await rig().box(partOf(await openSession(rig()))),
		'uploadSession/listParts': async () =>
			await rig().box(step('listParts', { parameters: { sessionId: await filledSession(rig()) } })),
		'uploadSession/plan': async () => {
			rig().cloud.box.knowParts(Buffer.from(text));
			const parameters = { sessionId: await openSession(rig()) };
			return await rig().box(step('plan', { parameters, items: [fileItem(text)] }));
		},
		'uploadSession/commit': async () => await rig().box(commitOf(await filledSession(rig()))),
		'uploadSession/abort': async () =>
			await rig().box(step('abort', { parameters: { sessionId: await openSession(rig()) } })),
	},
};

/** Of version 1, as n8n pads it. */
const schemaDir = (node: string) => join(repositoryDir, 'nodes', node, '__schema__', 'v1.0.0');

const cases = Object.entries(runs).flatMap(([node, ofNode]) =>
	Object.entries(ofNode).map(([operation, run]) => ({ node, operation, run })),
);

it.each(cases)('$node $operation: every field, and no other', async ({ node, operation, run }) => {
	const result = await run();
	expect([result.status, result.error?.message]).toEqual(['success', undefined]);
	const items = jsonOf(result);
	expect(items.length).toBeGreaterThan(0);
	const given = schemaOfItems(items);
	const file = join(schemaDir(node), `${operation}.json`);
	if (process.env.WRITE_SCHEMAS === '1') {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify(given, undefined, '\t')}\n`);
	}
	const { version, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as IDataObject;
	// A field of the schema that never appears shows here, and one that it lacks.
	expect({ ...schema, version }).toEqual(given);
	const validate = new Ajv().compile(schema);
	for (const item of items) expect([validate(item), validate.errors]).toEqual([true, null]);
});

it.each([
	['DropboxUpload', new DropboxUpload(), dropboxOperations] as const,
	['BoxUpload', new BoxUpload(), boxOperations] as const,
])(
	'%s has a schema for each operation, and for nothing else',
	(node, { description }, operations) => {
		expect(description.version).toBe(1);
		const files = readdirSync(schemaDir(node), { recursive: true, encoding: 'utf8' })
			.map((name) => name.replaceAll('\\', '/'))
			.filter((name) => name.endsWith('.json'))
			.sort();
		const expected = operations.map(({ resource, value }) => `${resource}/${value}.json`).sort();
		expect(files).toEqual(expected);
		expect(
			Object.keys(runs[node]!)
				.map((key) => `${key}.json`)
				.sort(),
		).toEqual(expected);
		for (const file of files) {
			const source = join(schemaDir(node), file);
			const built = join(repositoryDir, 'dist', relative(repositoryDir, source));
			expect(readFileSync(built)).toEqual(readFileSync(source));
		}
	},
);
