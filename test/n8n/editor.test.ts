/** The way of a newcomer: from an empty n8n to files in Dropbox and Box, in the editor, in a browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext, Locator } from 'playwright-core';

import { contentHash } from '../cloud/dropbox';
import { generateBuffer } from '../engine';
import { byPath } from '../support/destination';
import { setUp, readExample, withForwardSlashes } from '../support/exampleWorkflow';
import { newJwtApp } from '../support/jwtApp';
import { useSourceServer } from '../support/sourceServer';
import { until } from '../support/until';
import { API_KEY, ScriptedModel } from './agents/scriptedModel';
import { Editor } from './browser/editor';
import { openBrowser } from './browser/open';
import { screenshot } from './browser/screenshot';
import { chain, emptyWorkflow, formWorkflow, folderWorkflow } from './workflows';
import { useStage } from './useStage';

const MIB = 1024 * 1024;
const APPEND = 'files/upload_session/append_v2';

const CREDENTIALS = [
	{ type: 'Dropbox Upload OAuth2 API', vendor: 'dropbox', image: 'connect-dropbox' },
	{ type: 'Box Upload OAuth2 API', vendor: 'box', image: undefined },
] as const;

let context: BrowserContext;
let editor: Editor;

// Before the stage, whose folder the browser writes to, is taken down.
afterAll(async () => {
	await context?.close();
});

const stage = useStage(async ({ cloud, n8n }) => {
	context = await openBrowser(cloud, {
		headless: true,
		profileDir: join(n8n.homeDir, 'browser'),
	});
	editor = new Editor(context, context.pages()[0]!, n8n.url);
});

const source = useSourceServer();

afterEach(() => {
	expect(stage().cloud.box.schemaProblems).toEqual([]);
});

/** Files below the one folder that n8n's file nodes may read. */
function makeFiles(folder: string, files: Record<string, Buffer | string>): string {
	const dir = join(stage().n8n.homeDir, '.n8n-files', folder);
	mkdirSync(dir, { recursive: true });
	for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
	return withForwardSlashes(dir);
}

/** A workflow that reads these files; gives its id. */
async function fromFolder(folder: string, files: Record<string, Buffer | string>): Promise<string> {
	return await stage().api.createWorkflow(folderWorkflow(`${makeFiles(folder, files)}/*`));
}

const storedInDropbox = () =>
	stage()
		.cloud.dropbox.files()
		.map(({ path }) => path)
		.sort();

const dropboxAccount = async () =>
	(await stage().api.credentials()).find(({ type }) => type === 'dropboxUploadOAuth2Api')!;

/** Drawn icons are part of it, and those come a moment after the names. */
async function expectListed(names: readonly string[]): Promise<void> {
	const drawn = async () =>
		(await editor.listedNodes()).filter(({ iconWidth }) => iconWidth > 0).map(({ name }) => name);
	const areListed = async () => (await drawn()).join() === names.join();
	await until(areListed, 20_000).catch(() => undefined);
	expect(await drawn()).toEqual(names);
}

/** The app's own id and secret, as its console shows them. */
async function fillApp(form: Locator): Promise<void> {
	const [client] = stage().cloud.dropboxOAuth.clients;
	await form.getByTestId('parameter-input-clientId').locator('input').fill(client!.clientId);
	await form
		.getByTestId('parameter-input-clientSecret')
		.locator('input')
		.fill(client!.clientSecret);
}

test('the owner signs up, and signs in again', async () => {
	await editor.setUpOwner();
	await context.clearCookies();
	await editor.signIn();
	await stage().api.logIn();
});

test('the package is installed by its name', async () => {
	await editor.installPackage('n8n-nodes-upload-sessions');
	const card = editor.part('community-package-card');
	await card.waitFor();
	expect(await card.innerText()).toMatch(/2 nodes:\s+Box Upload,\s*Dropbox Upload/);
});

test.each(CREDENTIALS)('$type is connected on the pages of $vendor', async ({ type, image }) => {
	const form = await editor.newCredential(type);
	await fillApp(form);
	const [popup] = await Promise.all([
		context.waitForEvent('page'),
		form
			.getByRole('button', { name: /connect/i })
			.last()
			.click(),
	]);
	await popup.getByRole('button', { name: 'Allow' }).click();
	await form.getByText('Account connected').waitFor();
	if (image) await screenshot(editor.page, image);
});

test('Box Upload Server OAuth2 API signs itself in and is tested when it is saved', async () => {
	const form = await editor.newCredential('Box Upload Server OAuth2 API');
	await fillApp(form);
	await form.getByTestId('parameter-input-boxSubjectId').locator('input').fill('27335');
	await form.getByTestId('credential-save-button').click();
	await form.getByText('Connection tested successfully').waitFor();
});

test('Box Upload JWT API takes the configuration file and is tested when it is saved', async () => {
	const app = newJwtApp(stage().cloud);
	const form = await editor.newCredential('Box Upload JWT API');
	await form.getByTestId('parameter-input-privateKeyFile').locator('input').fill(app.configFile);
	await form.getByTestId('credential-save-button').click();
	await form.getByText('Connection tested successfully').waitFor();
});

test('the credential test of all four passes', async () => {
	const credentials = await stage().api.credentials();
	expect(credentials).toHaveLength(4);
	for (const credential of credentials) {
		expect([credential.type, await stage().api.testCredential(credential)]).toEqual([
			credential.type,
			{ status: 'OK', message: 'Connection successful!' },
		]);
	}
});

describe('in the nodes panel', () => {
	beforeAll(async () => {
		await editor.openWorkflow(await stage().api.createWorkflow(formWorkflow));
	});

	test('both nodes are found, with their icons', async () => {
		await editor.searchNodes('upload');
		await expectListed(['Box Upload', 'Dropbox Upload']);
		await screenshot(editor.page, 'nodes-panel');
	});

	test.each([
		[
			'Dropbox Upload',
			[
				'Upload files',
				'Get many shared files',
				'Get sharing metadata of file',
				'Get shared link to file',
				'Check batch job',
				'Finish upload batch',
				'Append data to upload session',
				'Finish upload session',
				'Start upload session',
			],
		],
		[
			'Box Upload',
			[
				'Upload file',
				'Abort upload session',
				'Commit Box session',
				'Create upload session',
				'Get upload session',
				'List parts of upload session',
				'Plan upload session',
				'Upload part of file',
			],
		],
	])('%s shows all of its operations', async (node, actions) => {
		await editor.openWorkflow(await stage().api.createWorkflow(formWorkflow));
		await editor.searchNodes(node);
		await editor.page.getByText(node, { exact: true }).click();
		await expectListed(actions);
		if (node === 'Dropbox Upload') await screenshot(editor.page, 'operations');
	});
});

describe('Upload Files, filled in by hand', () => {
	beforeEach(async () => {
		await stage().cloud.idle();
		stage().cloud.reset();
	});

	test('stores a file that comes through a form', async () => {
		const content = generateBuffer({ sizeBytes: 3 * MIB, seed: 1 });
		await editor.openWorkflow(await stage().api.createWorkflow(formWorkflow));
		await editor.addAction('Dropbox Upload', 'Upload files');
		await editor.fill('binaryPropertyName', 'File');
		await editor.fillPath('folder', '/From a form');
		await editor.choose('ifExists', 'Rename');
		await editor.closeNode();

		const [form] = await Promise.all([context.waitForEvent('page'), editor.execute()]);
		await form.locator('input[type="file"]').setInputFiles({
			name: 'Grüße.pdf',
			mimeType: 'application/pdf',
			buffer: content,
		});
		await form.getByRole('button', { name: 'Submit' }).click();
		await until(() => storedInDropbox().length === 1, 60_000);
		await form.close();

		await editor.openNode('Upload files');
		const [row = []] = await editor.outputRows();
		expect(row).toContain('/From a form/Grüße.pdf');
		expect(row).toContain(String(content.length));
	});

	test('stores a folder of files, and one item comes out for each', async () => {
		const contents = {
			'contract.pdf': generateBuffer({ sizeBytes: 3 * MIB, seed: 3 }),
			'minutes.txt': 'Nobody was late.',
			'photo.jpg': generateBuffer({ sizeBytes: 5 * MIB, seed: 4 }),
		};
		await editor.openWorkflow(await fromFolder('several', contents));
		await editor.addAction('Dropbox Upload', 'Upload files');
		await editor.fillPath('folder', '/From a folder');
		await editor.closeNode();
		await editor.execute();
		await until(() => storedInDropbox().length === 3, 60_000);

		await editor.openNode('Upload files');
		const rows = await editor.outputRows();
		const paths = Object.keys(contents).map((name) => `/From a folder/${name}`);
		expect(rows).toHaveLength(3);
		for (const [index, path] of paths.entries()) expect(rows[index]).toContain(path);
		expect(storedInDropbox()).toEqual(paths);
		await editor.toastIsGone();
		await editor.showInputTable();
		await screenshot(editor.page, 'upload-files');
	});

	test('stores a file from a link', async () => {
		const content = generateBuffer({ sizeBytes: 12 * MIB, seed: 5 });
		await editor.openWorkflow(await stage().api.createWorkflow(emptyWorkflow));
		await editor.addAction('Dropbox Upload', 'Upload files');
		await editor.choose('source', 'URL');
		await editor.fill('url', 'https://example.com/reports/2026.zip');
		await editor.fillPath('folder', '/From links');
		// Its tip would cover what is below.
		await editor.page.keyboard.press('Tab');
		await editor.part('parameter-input-letDropboxFetch').waitFor();
		await screenshot(editor.page, 'from-url');
		await editor.fill('url', source().put('/reports/2026.zip', { content }));
		await editor.closeNode();
		await editor.execute();
		await until(() => storedInDropbox().length === 1, 60_000);
		expect(stage().cloud.dropbox.file('/From links/2026.zip')?.contentHash).toBe(
			contentHash(content),
		);
	});

	test('shows with Plan Only what it would do, and does nothing', async () => {
		const { api, cloud } = stage();
		const same = generateBuffer({ sizeBytes: MIB, seed: 6 });
		cloud.dropbox.putFile('/Reports/figures.csv', same);
		cloud.dropbox.putFile('/Reports/minutes.txt', Buffer.from('of somebody else'));
		const folder = makeFiles('plan', {
			'contract.pdf': generateBuffer({ sizeBytes: 3 * MIB, seed: 7 }),
			'figures.csv': same,
			'minutes.txt': 'Nobody was late.',
		});
		const { id } = await dropboxAccount();
		const upload = {
			name: 'What Would Happen',
			type: 'n8n-nodes-upload-sessions.dropboxUpload',
			typeVersion: 1,
			parameters: {
				resource: 'file',
				operation: 'upload',
				folder: byPath('/Reports'),
				ifExists: 'overwrite',
				skipUnchanged: true,
				options: { planOnly: true },
			},
			credentials: { dropboxUploadOAuth2Api: { id, name: 'Dropbox account' } },
		};
		await editor.openWorkflow(await api.createWorkflow(folderWorkflow(`${folder}/*`, upload)));
		await editor.execute();
		await editor.openNode(upload.name);
		const rows = await editor.outputRows();
		const actions = ['new', 'unchanged', 'replace'];
		expect(rows).toHaveLength(actions.length);
		for (const [index, action] of actions.entries()) expect(rows[index]?.join()).toContain(action);
		expect(storedInDropbox()).toEqual(['/Reports/figures.csv', '/Reports/minutes.txt']);
		await editor.toastIsGone();
		await editor.showInputTable();
		await screenshot(editor.page, 'plan-only');
	});

	test('says in plain words what went wrong, and what to do', async () => {
		stage().cloud.dropbox.putFile('/Reports/a.txt', Buffer.from('somebody else’s'));
		await editor.openWorkflow(await fromFolder('one', { 'a.txt': 'ours' }));
		await editor.addAction('Dropbox Upload', 'Upload files');
		await editor.fillPath('folder', '/Reports');
		await editor.closeNode();
		await editor.execute();
		await editor.page.getByText('Problem in node').waitFor();

		await editor.openNode('Upload files');
		const { message, description } = await editor.failure();
		expect(message).toBe('A file is already there');
		expect(description).toMatch(
			/^Set 'If File Exists' to Overwrite or Rename.* \/Reports\/a\.txt: /,
		);
		await editor.showInputTable();
		await screenshot(editor.page, 'error');
	});

	test('is cancelled amid a long upload, and the next run goes on from there', async () => {
		const { cloud, api } = stage();
		const content = generateBuffer({ sizeBytes: 64 * MIB, seed: 2 });
		const id = await fromFolder('large', { 'large.bin': content });
		await editor.openWorkflow(id);
		await editor.addAction('Dropbox Upload', 'Upload files');
		await editor.fillPath('folder', '/Large');
		await editor.closeNode();
		cloud.setNetwork({ totalBytesPerSecond: 4 * MIB });
		await editor.execute();
		const arrived = () => cloud.log.some(({ route, status }) => route === APPEND && status === 200);
		await until(arrived, 60_000);
		await editor.stopExecution();
		await until(() => cloud.counters().inFlight === 0, 20_000);
		const [cancelled] = await api.executions(id);
		expect(cancelled!.status).toBe('canceled');
		expect(storedInDropbox()).toEqual([]);

		cloud.setNetwork({});
		cloud.resetCounters();
		await editor.execute();
		await until(() => storedInDropbox().length === 1, 60_000);
		expect(cloud.dropbox.file('/Large/large.bin')?.contentHash).toBe(contentHash(content));
		expect(cloud.counters().bytesReceived).toBeLessThan(content.length);
	});
});

test('the night job sends what failed to the branch that fits', async () => {
	const { api, cloud } = stage();
	cloud.dropbox.putFile('/From n8n/taken.txt', Buffer.from('somebody else’s'));
	const folder = makeFiles('night', { 'taken.txt': 'ours', 'free.txt': 'ours' });
	const { id } = await dropboxAccount();
	const example = setUp(readExample('dropbox-night-job.json'), {
		credentials: { dropboxUploadOAuth2Api: id },
		parameters: { 'Read Files': { fileSelector: `${folder}/*` } },
	});
	await editor.openWorkflow(await api.createWorkflow(example));
	await editor.execute();
	await until(() => storedInDropbox().includes('/From n8n/free.txt'), 60_000);
	await editor.openNode('Ask Someone');
	const [row = []] = await editor.outputRows();
	expect(row).toEqual(expect.arrayContaining(['taken.txt', 'A file is already there']));
	await editor.closeNode();
	await editor.toastIsGone();
	await screenshot(editor.part('canvas'), 'night-job');
});

test('an agent answers in the chat of the editor, and files what was attached', async () => {
	const { api, cloud } = stage();
	await cloud.idle();
	cloud.reset();
	const model = await ScriptedModel.start();
	try {
		const ofModel = { apiKey: API_KEY, url: model.url };
		const openAiApi = await api.createCredential('OpenAI account', 'openAiApi', ofModel);
		const { id } = await dropboxAccount();
		const example = setUp(readExample('dropbox-agent.json'), {
			credentials: { dropboxUploadOAuth2Api: id, openAiApi },
		});
		const notes = 'n8n-nodes-base.stickyNote';
		const nodes = example.nodes.filter(({ type }) => type !== notes);
		await editor.openWorkflow(await api.createWorkflow({ ...example, nodes }));
		const path = 'contract.txt';
		model.play(
			() => ({
				call: [{ tool: 'File_an_Attachment', arguments: { Attachment: 'data0', File_Name: path } }],
			}),
			() => ({
				call: [{ tool: 'Who_Can_See_a_File', arguments: { Path: `/Filed by agent/${path}` } }],
			}),
			({ results }) => {
				const owner = /Pat Personal/.exec(results[1]!)?.[0];
				return { say: `I filed it as /Filed by agent/${path}. Only ${owner} can see it.` };
			},
		);
		await editor.say('Please file this contract. Who can see it?', {
			name: 'contract.txt',
			mimeType: 'text/plain',
			buffer: Buffer.from('what was agreed'),
		});
		await until(() => model.stepsLeft === 0, 60_000);
		expect(model.problems).toEqual([]);
		await editor.part('canvas-chat').getByText('Only Pat Personal can see it.').waitFor();
		expect(storedInDropbox()).toEqual([`/Filed by agent/${path}`]);
		await editor.toastIsGone();
		await screenshot(editor.page, 'agent');
	} finally {
		await model.stop();
	}
});

test('a workflow in execution logic v2 uploads a file that lies in the JSON', async () => {
	const { api, cloud } = stage();
	await cloud.idle();
	cloud.reset();
	const url = source().put('/report.pdf', {
		content: generateBuffer({ sizeBytes: 3 * MIB, seed: 8 }),
		type: 'application/pdf',
		disposition: 'attachment; filename="report.pdf"',
	});
	const { id } = await dropboxAccount();
	const workflow = chain('Files in the JSON', [
		{ name: 'Run by Hand', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
		{
			name: 'Get Report',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { url, options: { response: { response: { responseFormat: 'file' } } } },
		},
		{
			name: 'Upload Report',
			type: 'n8n-nodes-upload-sessions.dropboxUpload',
			typeVersion: 1,
			parameters: {
				resource: 'file',
				operation: 'upload',
				binaryPropertyName: '={{ $json._files.data }}',
				folder: byPath('/Reports'),
			},
			credentials: { dropboxUploadOAuth2Api: { id, name: 'Dropbox account' } },
		},
	]);
	const settings = { executionOrder: 'v1', binaryMode: 'combined' } as const;
	await editor.openWorkflow(await api.createWorkflow({ ...workflow, settings }));
	await editor.execute();
	await until(() => storedInDropbox().length === 1, 60_000);
	await editor.openNode('Upload Report');
	const [row = []] = await editor.outputRows();
	expect(row.join()).toContain('/Reports/report.pdf');
	await editor.toastIsGone();
	await screenshot(editor.page, 'files-in-json');
});
