/** npm run n8n: a real n8n to click in, with this package, connected accounts and the examples in it. */
import { join } from 'node:path';

import { owner, type N8nApi } from '../../test/n8n/api';
import { Editor } from '../../test/n8n/browser/editor';
import { findBrowser } from '../../test/n8n/browser/find';
import { openBrowser } from '../../test/n8n/browser/open';
import { connectAccounts, startStage, type Stage } from '../../test/n8n/stage';
import { exampleFiles, readExample, setUp } from '../../test/support/exampleWorkflow';
import { take } from '../demo/progress';
import { makeAllFiles, sourceFiles, type Sources } from '../demo/sourceFiles';
import { bold, plural, print, red } from '../demo/text';
import { nightJobOf, sharingOf, transfersOf, uploadedTo, type Prepared } from '../demo/workflows';

const PACKAGE = 'n8n-nodes-upload-sessions';

async function furnish({ api, cloud, n8n }: Stage): Promise<void> {
	await take({
		title: 'Install this package in it',
		run: async () => {
			await api.setUpOwner();
			await api.installPackage(PACKAGE);
		},
	});
	const credentials = await take({
		title: 'Connect a Dropbox and a Box account',
		run: () => connectAccounts(api, cloud),
	});
	const sources = await take({
		title: `Make ${plural(sourceFiles.length, 'file')} to upload`,
		run: () => makeAllFiles(join(n8n.homeDir, '.n8n-files'), () => undefined),
	});
	await take({
		title: 'Import the examples',
		run: () => importExamples(api, credentials, preparedFor(sources)),
	});
}

function preparedFor(sources: Sources): Prepared[] {
	const { small, dropboxLarge } = sources;
	const shared = [small[0]!, dropboxLarge].map(uploadedTo);
	return [...transfersOf(sources), nightJobOf(sources), sharingOf(shared)];
}

async function importExamples(
	api: N8nApi,
	credentials: Readonly<Record<string, string>>,
	prepared: readonly Prepared[],
): Promise<void> {
	for (const file of exampleFiles()) {
		const { parameters } = prepared.find(({ example }) => example === file) ?? {};
		await api.createWorkflow(setUp(readExample(file), { credentials, parameters }));
	}
}

/** A browser of its own, which finds the vendors' pages on this machine; undefined where none can be seen. */
async function showEditor({ cloud, n8n }: Stage): Promise<void> {
	const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
	const hasScreen = process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY;
	if (CI || !hasScreen || findBrowser() === undefined) return;
	const profileDir = join(n8n.homeDir, 'browser');
	const context = await openBrowser(cloud, { headless: false, profileDir });
	const editor = new Editor(context, context.pages()[0]!, n8n.url);
	await editor.signIn();
	await editor.goTo('home/workflows');
}

/** Until Ctrl+C, or until n8n ends by itself. */
async function untilTheEnd({ n8n }: Stage): Promise<void> {
	const interrupted = new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
	await Promise.race([interrupted, n8n.exited]);
}

async function main(): Promise<number> {
	print(`\n${bold('n8n with the upload nodes')}`);
	print(
		'Dropbox, Box and the package registry are stand-ins on 127.0.0.1: n8n reaches nothing else.\n',
	);
	let stage: Stage | undefined;
	try {
		stage = await take({
			title: 'Start n8n',
			run: () => startStage({ dropbox: { keepBytesUpTo: 0 }, box: { keepBytesUpTo: 0 } }),
		});
		await furnish(stage);
		const { cloud, n8n } = stage;
		const [client] = cloud.dropboxOAuth.clients;
		print(`\n  ${bold(`${n8n.url}/home/workflows`)}`);
		print(`  E-mail address        ${owner.email}`);
		print(`  Password              ${owner.password}`);
		print('\n  To connect an account yourself, in the browser that this command opens:');
		print(`  Client ID             ${client!.clientId}`);
		print(`  Client Secret         ${client!.clientSecret}`);
		print('\nCtrl+C ends it and removes everything.');
		await showEditor(stage);
		await untilTheEnd(stage);
		return 0;
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		print(`\n${red('✗')} ${message}\n`);
		return 1;
	} finally {
		await stage?.stop();
	}
}

void main().then((exitCode) => {
	process.exit(exitCode);
});
