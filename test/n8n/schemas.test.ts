/** What the editor knows of the output before the first run: n8n serves the schemas of an installed package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext } from 'playwright-core';
import { request } from 'undici';

import { repositoryDir } from '../support/freshBuild';
import { Editor } from './browser/editor';
import { openBrowser } from './browser/open';
import { useStage } from './useStage';
import { chain } from './workflows';

let context: BrowserContext;
let editor: Editor;

afterAll(async () => {
	await context?.close();
});

const stage = useStage(async ({ api, cloud, n8n }) => {
	await api.setUpOwner();
	await api.installPackage('n8n-nodes-upload-sessions');
	context = await openBrowser(cloud, {
		headless: true,
		profileDir: join(n8n.homeDir, 'browser'),
	});
	await context.addCookies(api.cookies());
	editor = new Editor(context, context.pages()[0]!, n8n.url);
});

it.each([
	['DropboxUpload', 'dropboxUpload'],
	['BoxUpload', 'boxUpload'],
])('%s: every schema is served', async (folder, node) => {
	const base = join(repositoryDir, 'nodes', folder, '__schema__', 'v1.0.0');
	const files = readdirSync(base, { recursive: true, encoding: 'utf8' })
		.map((name) => name.replaceAll('\\', '/'))
		.filter((name) => name.endsWith('.json'));
	expect(files.length).toBeGreaterThan(6);
	for (const file of files) {
		const url = `${stage().n8n.url}/schemas/n8n-nodes-upload-sessions.${node}/1.0.0/${file}`;
		const { statusCode, body } = await request(url);
		expect([file, statusCode]).toEqual([file, 200]);
		expect(await body.json()).toEqual(JSON.parse(readFileSync(join(base, file), 'utf8')));
	}
});

it('the next node shows the fields of an upload that has never run', async () => {
	const id = await stage().api.createWorkflow(
		chain('Fields before the first run', [
			{ name: 'Run by Hand', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
			{
				name: 'Upload',
				type: 'n8n-nodes-upload-sessions.dropboxUpload',
				typeVersion: 1,
				parameters: { resource: 'file', operation: 'upload' },
			},
			{ name: 'Edit Fields', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
		]),
	);
	await editor.openWorkflow(id);
	await editor.openNode('Edit Fields');
	const input = editor.part('ndv-input-panel');
	for (const field of ['status', 'path', 'content_hash', 'link']) {
		await input.getByText(field, { exact: true }).first().waitFor();
	}
	expect(await stage().api.executions(id)).toEqual([]);
});
