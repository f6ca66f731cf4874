/** What n8n does with our nodes when nobody watches: schedules, retries, error workflows, error outputs. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { request } from 'undici';

import { contentHash } from '../cloud/dropbox';
import { byPath } from '../support/destination';
import { withForwardSlashes } from '../support/exampleWorkflow';
import { linesOf, newJwtApp } from '../support/jwtApp';
import { Secrets } from '../support/secrets';
import { until } from '../support/until';
import type { Execution } from './api';
import { connectAccounts } from './stage';
import { useStage } from './useStage';
import { chain, fanOut, readFiles } from './workflows';

const FINISH = 'files/upload_session/finish_batch_v2';
const APPEND_BATCH = 'files/upload_session/append_batch';
const UPLOAD = 'Upload Files';

let credentials: Record<string, string>;

const stage = useStage(async ({ api, cloud }) => {
	await api.setUpOwner();
	await api.installPackage('n8n-nodes-upload-sessions');
	credentials = await connectAccounts(api, cloud);
});

beforeEach(async () => {
	await stage().cloud.idle();
	stage().cloud.reset();
});

/** Files that `readFiles` may read; gives the pattern. */
function makeFiles(folder: string, files: Record<string, string>): string {
	const dir = join(stage().n8n.homeDir, '.n8n-files', folder);
	mkdirSync(dir, { recursive: true });
	for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
	return `${withForwardSlashes(dir)}/*`;
}

const manual = { name: 'Run by Hand', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };

const webhook = (path: string) => ({
	name: 'Called',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: { path, httpMethod: 'POST', responseMode: 'onReceived', options: {} },
});

/** As the rest of the world calls it. A published workflow listens a moment later. */
async function call(path: string): Promise<void> {
	const answers = async () => {
		const url = `${stage().n8n.url}/webhook/${path}`;
		const { statusCode, body } = await request(url, { method: 'POST' });
		await body.dump();
		return statusCode === 200;
	};
	await until(answers, 20_000);
}

function uploadFiles(
	folder: string,
	parameters: INodeParameters = {},
	node: Partial<INode> = {},
): Parameters<typeof chain>[1][number] {
	return {
		name: UPLOAD,
		type: 'n8n-nodes-upload-sessions.dropboxUpload',
		typeVersion: 1,
		parameters: { resource: 'file', operation: 'upload', folder: byPath(folder), ...parameters },
		credentials: {
			dropboxUploadOAuth2Api: { id: credentials.dropboxUploadOAuth2Api!, name: 'Dropbox account' },
		},
		...node,
	};
}

const storedPaths = () =>
	stage()
		.cloud.dropbox.files()
		.map(({ path }) => path)
		.sort();

const callsOf = (route: string) => stage().cloud.log.filter((line) => line.route === route);

const entriesIn = (argument: unknown) => (argument as { entries: unknown[] }).entries.length;

/** What came out of a node's output. */
function jsonOf(execution: Execution, node: string, output = 0): IDataObject[] {
	const runs = execution.data.resultData.runData[node] ?? [];
	return runs.flatMap(({ data }) => data?.main?.[output] ?? []).map(({ json }) => json);
}

test('Retry On Fail sends only what the first try could not store', async () => {
	const { api, cloud } = stage();
	cloud.dropbox.contention.failNext(1);
	const selector = makeFiles('retried', { 'a.txt': 'a', 'b.txt': 'b' });
	const id = await api.createWorkflow(
		chain('Tried again', [
			manual,
			readFiles(selector),
			uploadFiles(
				'/Retried',
				{ options: { maxRetries: 0 } },
				{ retryOnFail: true, maxTries: 2, waitBetweenTries: 100 },
			),
		]),
	);
	const execution = await api.finished(await api.execute(id, manual.name));
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, UPLOAD)).toHaveLength(2);
	expect(storedPaths()).toEqual(['/Retried/a.txt', '/Retried/b.txt']);
	for (const route of [APPEND_BATCH, FINISH]) {
		expect(callsOf(route).map(({ argument }) => entriesIn(argument))).toEqual([2, 1]);
	}
});

test('the error workflow hears what went wrong', async () => {
	const { api, cloud } = stage();
	cloud.dropbox.putFile('/Reports/a.txt', Buffer.from('somebody else’s'));
	const listener = await api.createWorkflow(
		chain('Tell somebody', [
			{ name: 'On Error', type: 'n8n-nodes-base.errorTrigger', typeVersion: 1 },
			{ name: 'Tell', type: 'n8n-nodes-base.noOp', typeVersion: 1 },
		]),
	);
	await api.activate(listener);
	const selector = makeFiles('reported', { 'a.txt': 'ours' });
	const path = 'report';
	const failing = await api.createWorkflow({
		...chain('Fails', [webhook(path), readFiles(selector), uploadFiles('/Reports')]),
		settings: { errorWorkflow: listener },
	});
	await api.activate(failing);
	await call(path);
	await until(async () => (await api.executions(listener)).length === 1, 60_000);

	const [heard] = await api.executions(listener);
	const [{ execution } = {}] = jsonOf(await api.finished(heard!.id), 'Tell');
	expect(execution).toMatchObject({
		lastNodeExecuted: UPLOAD,
		error: {
			message: 'A file is already there',
			description: expect.stringContaining('/Reports/a.txt: path/conflict/file') as unknown,
		},
	});
});

test('the error output gets what failed, the other one what is stored', async () => {
	const { api, cloud } = stage();
	cloud.dropbox.putFile('/Sorted/a.txt', Buffer.from('somebody else’s'));
	const selector = makeFiles('sorted', { 'a.txt': 'ours', 'b.txt': 'ours' });
	const id = await api.createWorkflow(
		chain('Sorted', [
			manual,
			readFiles(selector),
			uploadFiles('/Sorted', {}, { onError: 'continueErrorOutput' }),
		]),
	);
	const execution = await api.finished(await api.execute(id, manual.name));
	expect(execution.status).toBe('success');
	expect(jsonOf(execution, UPLOAD)).toMatchObject([{ path: '/Sorted/b.txt' }]);
	expect(jsonOf(execution, UPLOAD, 1)).toMatchObject([
		{ error: { path: 'path/conflict/file', class: 'user', stored: 'no' } },
	]);
});

/** Ways to name the file of an item in a workflow that keeps files in the JSON. */
const namings = {
	'its name': 'data',
	'an expression': '={{ $json._files.data }}',
	'an expression for another node': "={{ $('Read Files').item._files.data }}",
	'a path in the JSON': '_files.data',
	'a path with brackets': '_files["data"]',
};

test('in execution logic v2, where files lie in the JSON, an upload takes a file by every name', async () => {
	const { api, cloud } = stage();
	const selector = makeFiles('combined', { 'a.txt': 'the first', 'b.txt': 'the second' });
	const ways = Object.entries(namings);
	const uploads = ways.flatMap(([how, binaryPropertyName]) => [
		uploadFiles(`/${how}`, { binaryPropertyName }, { name: `Dropbox by ${how}` }),
		{
			name: `Box by ${how}`,
			type: 'n8n-nodes-upload-sessions.boxUpload',
			typeVersion: 1,
			parameters: {
				resource: 'file',
				operation: 'upload',
				binaryPropertyName,
				parentFolderId: { __rl: true, mode: 'path', value: `/${how}` },
			},
			credentials: {
				boxUploadOAuth2Api: { id: credentials.boxUploadOAuth2Api!, name: 'Box account' },
			},
		},
	]);
	const id = await api.createWorkflow({
		...fanOut('Files in the JSON', [manual, readFiles(selector)], uploads),
		settings: { executionOrder: 'v1', binaryMode: 'combined' },
	});
	const execution = await api.finished(await api.execute(id, manual.name));
	expect([execution.data.resultData.error, execution.status]).toEqual([undefined, 'success']);

	const [read] = execution.data.resultData.runData['Read Files']![0]!.data?.main?.[0] ?? [];
	expect(read).not.toHaveProperty('binary');
	expect(read!.json._files).toMatchObject({ data: { fileName: 'a.txt' } });
	const expected = ways.flatMap(([how]) => [`/${how}/a.txt`, `/${how}/b.txt`]).sort();
	expect(storedPaths()).toEqual(expected);
	const inBox = cloud.box.files();
	expect(inBox.map(({ path }) => path).sort()).toEqual(expected);
	for (const [how] of ways) {
		const stored = cloud.dropbox.file(`/${how}/b.txt`);
		expect(stored?.contentHash).toBe(contentHash(Buffer.from('the second')));
	}
	const hashes = inBox.filter(({ path }) => path.endsWith('/b.txt')).map(({ sha1 }) => sha1);
	const sha1 = createHash('sha1').update('the second').digest('hex');
	expect([...new Set(hashes)]).toEqual([sha1]);
});

/** All that n8n keeps: its database with the log of it, what it logs, files of executions. As bytes, by name. */
function keptByN8n(): ReadonlyMap<string, string> {
	const dir = join(stage().n8n.homeDir, '.n8n');
	const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(
		(entry) => entry.isFile() && !join(entry.parentPath, sep).includes(`${sep}node_modules${sep}`),
	);
	return new Map(
		files.map(({ name, parentPath }) => [name, readFileSync(join(parentPath, name), 'latin1')]),
	);
}

test('of a JWT app that is refused n8n keeps no key, passphrase, secret, assertion or token', async () => {
	const { api, cloud, n8n } = stage();
	const secrets = new Secrets();
	secrets.watch(cloud);
	const app = newJwtApp(cloud);
	for (const text of [app.passphrase, ...linesOf(app.privateKey)]) secrets.addText(text);
	const jwt = await api.createCredential('Box app', 'boxUploadJwtApi', {
		appSettings: 'configFile',
		privateKeyFile: app.configFile,
	});
	const selector = makeFiles('refused', { 'not-secret-at-all.txt': 'x' });
	const id = await api.createWorkflow(
		chain('Refused', [
			manual,
			readFiles(selector),
			{
				name: UPLOAD,
				type: 'n8n-nodes-upload-sessions.boxUpload',
				typeVersion: 1,
				parameters: { resource: 'file', operation: 'upload', authentication: 'jwt' },
				credentials: { boxUploadJwtApi: { id: jwt, name: 'Box app' } },
			},
		]),
	);
	// Each with what the app has signed in with, as a server may echo it.
	const refuse = (route: string, status: number, body: (echo: string) => object) =>
		cloud.faults.add({
			route,
			times: Infinity,
			action: {
				kind: 'reply',
				status,
				headers: { 'content-type': 'application/json' },
				get body() {
					const { clientSecret, passphrase, privateKey } = app;
					const [assertion] = cloud.boxJwt.assertions.slice(-1);
					return JSON.stringify(body(`${clientSecret} ${passphrase} ${assertion} ${privateKey}`));
				},
			},
		});
	const failed = async () => {
		const execution = await api.finished(await api.execute(id, manual.name));
		expect(execution.status).toBe('error');
		return execution;
	};

	const mend = refuse('oauth2/token', 401, (echo) => ({
		error: 'invalid_client',
		error_description: `At first: ${echo}`,
	}));
	const withoutToken = await failed();
	mend();
	const status = 401;
	refuse('POST /files/content', status, (echo) => ({
		type: 'error',
		status,
		code: 'unauthorized',
		message: `Then: ${echo}`,
	}));
	const withToken = await failed();

	const executions = JSON.stringify([withoutToken, withToken]);
	expect(executions).toMatch(/Box said: invalid_client: At first: … …/);
	expect(executions).toMatch(/Box said: Then: … …/);
	expect(cloud.boxJwt.assertions.length).toBeGreaterThan(1);
	secrets.assertNoneIn('What n8n tells of an execution', executions);
	secrets.assertNoneIn('The output of n8n', n8n.output());
	const kept = keptByN8n();
	for (const [name, bytes] of kept) secrets.assertNoneIn(name, bytes);
	// The search reads what it should: there is the item's file, and a secret would be found.
	const found = [...kept.values()].join('');
	expect(found).toContain('not-secret-at-all.txt');
	expect(found).toContain('Box said: Then: …'.replace('…', Buffer.from('…').toString('latin1')));
	const [line = ''] = linesOf(app.privateKey);
	for (const secret of [line, app.passphrase, app.clientSecret, cloud.boxJwt.assertions[0]]) {
		expect(() => secrets.assertNoneIn('It', `${found}${secret}`)).toThrow('It holds a secret');
	}
});

// The last one: what the schedule has begun may still be running afterwards.
test('a schedule uploads without anybody’s doing', async () => {
	const { api } = stage();
	const selector = makeFiles('scheduled', { 'a.txt': 'a', 'b.txt': 'b' });
	const id = await api.createWorkflow(
		chain('Every second', [
			{
				name: 'Every Second',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.2,
				parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
			},
			readFiles(selector),
			uploadFiles('/Scheduled', { ifExists: 'overwrite' }),
		]),
	);
	await api.activate(id);
	const succeeded = async () =>
		(await api.executions(id)).filter(({ status }) => status === 'success');
	await until(async () => (await succeeded()).length > 0, 60_000);
	await api.deactivate(id);

	const [execution] = await succeeded();
	expect(execution!.mode).toBe('trigger');
	expect(storedPaths()).toEqual(['/Scheduled/a.txt', '/Scheduled/b.txt']);
	expect(jsonOf(await api.execution(execution!.id), UPLOAD)).toMatchObject([
		{ path: '/Scheduled/a.txt' },
		{ path: '/Scheduled/b.txt' },
	]);
});
