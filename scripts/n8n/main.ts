/** npm run n8n: a real n8n to click in, with this package, connected accounts and the examples in it. */
import { join } from 'node:path';

import type { BrowserContext } from 'playwright-core';

import { owner } from '../../test/n8n/api';
import { findBrowser } from '../../test/n8n/browser/find';
import { openBrowser } from '../../test/n8n/browser/open';
import { connectAccounts, startStage, type Stage } from '../../test/n8n/stage';
import { take } from '../demo/progress';
import { makeAllFiles, sourceFiles } from '../demo/sourceFiles';
import { bold, plural, print, red } from '../demo/text';
import { importExamples, prepareExamples } from './examples';

const PACKAGE = 'n8n-nodes-upload-sessions';
const FIRST_EXAMPLE = 'dropbox-one-file.json';

/** Gives the id of the workflow to begin with. */
async function furnish({ api, cloud, n8n }: Stage): Promise<string> {
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
		run: () => makeAllFiles(sampleFolder(n8n.homeDir), () => undefined),
	});
	const examples = await take({
		title: 'Import the examples',
		run: async () =>
			await importExamples(api, credentials, await prepareExamples({ cloud, sources })),
	});
	return examples.get(FIRST_EXAMPLE)!;
}

/** A browser of its own, which finds the vendors' pages on this machine; undefined where none can show. */
async function showEditor(
	{ api, cloud, n8n }: Stage,
	path: string,
): Promise<BrowserContext | undefined> {
	const { CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
	const hasScreen = process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY;
	if (CI || !hasScreen || findBrowser() === undefined) return undefined;
	const profileDir = join(n8n.homeDir, 'browser');
	const browser = await openBrowser(cloud, { headless: false, profileDir });
	await browser.addCookies(api.cookies());
	await browser.pages()[0]!.goto(`${n8n.url}/${path}`);
	return browser;
}

/** What a newcomer wants to know first: where to look, where the files are, how to sign in. */
function printGuide({ cloud, n8n }: Stage, firstWorkflow: string, isOpen: boolean): void {
	print(`\n  ${isOpen ? 'Open in the browser' : 'Open in a browser  '}   ${bold(firstWorkflow)}`);
	print(`  All workflows         ${n8n.url}/home/workflows`);
	print(`  Sample files          ${sampleFolder(n8n.homeDir)}`);
	print(`  Email                 ${owner.email}`);
	print(`  Password              ${owner.password}`);
	// The vendors' pages are found by a browser of this command alone.
	if (isOpen) {
		const [client] = cloud.dropboxOAuth.clients;
		print('\n  To connect an account yourself, in the browser that this command has opened:');
		print(`  Client ID             ${client!.clientId}`);
		print(`  Client Secret         ${client!.clientSecret}`);
	}
	print('\nCtrl+C ends it and removes everything.');
}

/** n8n's file nodes may read what lies in it. */
const sampleFolder = (homeDir: string): string => join(homeDir, '.n8n-files');

async function main(): Promise<number> {
	print(`\n${bold('n8n with the upload nodes')}`);
	print(
		'Dropbox, Box and the package registry are stand-ins on 127.0.0.1: n8n reaches nothing else.\n',
	);
	let isInterrupted = false;
	const interrupted = new Promise<void>((resolve) => {
		process.once('SIGINT', () => {
			isInterrupted = true;
			resolve();
		});
	});
	let stage: Stage | undefined;
	let browser: BrowserContext | undefined;
	try {
		stage = await take({
			title: 'Start n8n',
			run: () => startStage({ dropbox: { keepBytesUpTo: 0 }, box: { keepBytesUpTo: 0 } }),
		});
		const firstWorkflow = await furnish(stage);
		const path = `workflow/${firstWorkflow}`;
		browser = await showEditor(stage, path);
		printGuide(stage, `${stage.n8n.url}/${path}`, browser !== undefined);
		await Promise.race([interrupted, stage.n8n.exited]);
		return 0;
	} catch (error) {
		// Ctrl+C reaches n8n as well, so whatever waited for it has failed.
		if (isInterrupted) return 0;
		print(`\n${red('✗')} ${error instanceof Error ? error.message : String(error)}\n`);
		return 1;
	} finally {
		await browser?.close();
		await stage?.stop();
	}
}

void main().then((exitCode) => {
	process.exitCode = exitCode;
});
