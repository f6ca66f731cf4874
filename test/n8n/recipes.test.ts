/** What `npm run n8n` shows: each recipe runs as it is set up there, in a real n8n. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext } from 'playwright-core';
import { FormData, request } from 'undici';

import { makeAllFiles } from '../../scripts/demo/sourceFiles';
import { importExamples, prepareExamples } from '../../scripts/n8n/examples';
import { contentHash } from '../cloud/dropbox';
import { readPage } from '../docs/markdown';
import { generateBuffer } from '../engine';
import { withForwardSlashes } from '../support/exampleWorkflow';
import { repositoryDir } from '../support/freshBuild';
import { until } from '../support/until';
import type { Execution } from './api';
import { Editor } from './browser/editor';
import { openBrowser } from './browser/open';
import { Movie } from './browser/screenshot';
import { connectAccounts } from './stage';
import { useStage } from './useStage';

const DEADLINE_MS = 150_000;

const MIB = 1024 * 1024;

let examples: ReadonlyMap<string, string>;
let context: BrowserContext | undefined;

// Before the stage, whose folder the browser writes to, is taken down.
afterAll(async () => {
	await context?.close();
});

const stage = useStage(async ({ api, cloud, n8n }) => {
	await api.setUpOwner();
	await api.installPackage('n8n-nodes-upload-sessions');
	const credentials = await connectAccounts(api, cloud);
	const sources = await makeAllFiles(join(n8n.homeDir, '.n8n-files'), () => undefined);
	examples = await importExamples(api, credentials, await prepareExamples({ cloud, sources }));
});

const itemsOf = (execution: Execution, node: string) =>
	(execution.data.resultData.runData[node] ?? []).flatMap(({ data }) =>
		(data?.main ?? []).flatMap((items) => items ?? []),
	);

function expectFine(execution: Execution): void {
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'What Went Wrong')).toEqual([]);
}

test.each([
	['dropbox-one-file.json', 'Stored File', 1],
	['dropbox-upload-files.json', 'Stored Files', 301],
	['box-upload-files.json', 'Stored Files', 63],
	['box-new-version.json', 'Stored Version', 1],
	['box-database-backup.json', 'Stored Backup', 1],
	['dropbox-finish-elsewhere.json', 'Stored Files', 2],
	['dropbox-share-metadata.json', 'Readable List', 2],
])('%s', async (file, node, items) => {
	const { api } = stage();
	const executionId = await api.execute(examples.get(file)!, 'Run by Hand');
	const execution = await api.finished(executionId, DEADLINE_MS);
	expectFine(execution);
	expect(itemsOf(execution, node)).toHaveLength(items);
});

test('dropbox-from-form.json, filled in as a browser does', async () => {
	const { api, cloud, n8n } = stage();
	const workflowId = examples.get('dropbox-from-form.json')!;
	await api.activate(workflowId);
	const send = async () => {
		const form = new FormData();
		form.set('field-0', new Blob(['what I have to send']), 'für morgen.txt');
		const url = `${n8n.url}/form/send-a-file`;
		const { statusCode, body } = await request(url, { method: 'POST', body: form });
		await body.dump();
		return statusCode === 200;
	};
	// A published workflow listens a moment later.
	await until(send, 20_000);
	const stored = () => cloud.dropbox.files().filter(({ path }) => path.startsWith('/From a form/'));
	await until(async () => stored().length > 0, 20_000);
	expect(stored()).toMatchObject([{ path: '/From a form/für morgen.txt', size: 19 }]);
	const [execution] = await api.executions(workflowId);
	expectFine(await api.finished(execution!.id));
	await api.deactivate(workflowId);
});

describe('A large file to Dropbox, in the words of the README', () => {
	const SECTION = /^## A large file to Dropbox$([\s\S]*?)^\| /m.exec(
		readPage('README.md').text,
	)![1]!;
	const FOLDER = '/Backups of mine';

	/** A name that the section tells the reader to look for. */
	function told(name: string): string {
		expect(SECTION).toContain(`**${name}**`);
		return name;
	}

	/** How often a mouse button went down; a double click counts as two. */
	async function countClicks({ page }: Editor): Promise<() => number> {
		let clicks = 0;
		await page.exposeFunction('countClick', () => {
			clicks += 1;
		});
		await page.addInitScript("addEventListener('mousedown', () => countClick(), true)");
		return () => clicks;
	}

	test('it is stored and goes every night from then on, in at most 15 clicks', async () => {
		const { api, cloud, n8n } = stage();
		const content = generateBuffer({ sizeBytes: 48 * MIB, seed: 7 });
		const folder = join(n8n.homeDir, '.n8n-files', 'mine');
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'backup.zip'), content);
		context = await openBrowser(cloud, {
			headless: true,
			profileDir: join(n8n.homeDir, 'browser'),
		});
		await context.addCookies(api.cookies());
		const editor = new Editor(context, context.pages()[0]!, n8n.url);
		const { page } = editor;
		const clicks = await countClicks(editor);
		await editor.goTo('home/workflows');

		// Step 2.
		await editor.part('add-resource-workflow').click();
		await editor.importFile(told('Import > From file').split(' > '), exampleOf(SECTION));
		// Step 3. n8n selects the only credential itself.
		await editor.openNode(told('Read File'));
		await editor.field('fileSelector').click();
		await editor.field('fileSelector').fill(withForwardSlashes(join(folder, 'backup.zip')));
		await editor.closeNode();
		await editor.openNode(told('Upload File'));
		expect(await editor.part('ndv').innerText()).not.toContain('Select credential');
		const path = editor.part('resource-locator-folder').locator('input').last();
		await path.click();
		await path.fill(FOLDER);
		await editor.closeNode();
		// Step 4.
		const movie = new Movie(page);
		await movie.frame(1_500);
		cloud.setNetwork({ totalBytesPerSecond: 12 * MIB });
		const button = editor.part('execute-workflow-button');
		expect(await button.innerText()).toContain(told('Execute workflow'));
		await button.click();
		const done = page.getByText('Workflow executed successfully').waitFor({ timeout: 90_000 });
		await movie.until(done, 600);
		cloud.setNetwork({});
		await movie.frame(1_500);
		const untilStored = clicks();

		// A look at what came out, which the README doesn't ask for.
		await editor.openNode('Upload File');
		const [row = []] = await editor.outputRows();
		expect(row.join()).toContain(`${FOLDER}/backup.zip`);
		await editor.showInputTable();
		await movie.frame(4_000);
		movie.save('run');
		await editor.closeNode();

		const looked = clicks() - untilStored;
		await editor.publish(told('Publish'));
		const madeInClicks = clicks() - looked;

		const workflowId = /workflow\/([^/?]+)/.exec(page.url())![1]!;
		const isPublished = async () =>
			(await api.call<{ active: boolean }>('GET', `workflows/${workflowId}`)).active;
		await until(isPublished, 20_000);
		expect(cloud.dropbox.file(`${FOLDER}/backup.zip`)?.contentHash).toBe(contentHash(content));
		expect(madeInClicks).toBeGreaterThan(8);
		expect(madeInClicks).toBeLessThanOrEqual(15);

		await api.deactivate(workflowId);
	});
});

/** The file that a section of the README links to. */
function exampleOf(section: string): string {
	return join(repositoryDir, /\]\((examples\/[^)]+)\)/.exec(section)![1]!);
}
