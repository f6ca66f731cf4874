/** The browser of this machine: any that Playwright can drive through Chrome's own interface. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const ON_PATH = [
	'google-chrome',
	'google-chrome-stable',
	'chromium',
	'chromium-browser',
	'microsoft-edge',
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

const WINDOWS_PROGRAMS = [
	['Google', 'Chrome', 'Application', 'chrome.exe'],
	['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];

/** Undefined when there is none. */
export function findBrowser(): string | undefined {
	return candidates().find((file) => existsSync(file));
}

function candidates(): string[] {
	const { env, platform } = process;
	const chosen = env.CHROME_PATH === undefined ? [] : [env.CHROME_PATH];
	switch (platform) {
		case 'darwin':
			return [
				...chosen,
				...MAC_APPS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
			];
		case 'win32': {
			const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA];
			const known = roots.flatMap((root) =>
				root === undefined ? [] : WINDOWS_PROGRAMS.map((parts) => join(root, ...parts)),
			);
			return [...chosen, ...known];
		}
		default: {
			const folders = (env.PATH ?? '').split(delimiter);
			return [...chosen, ...ON_PATH.flatMap((name) => folders.map((dir) => join(dir, name)))];
		}
	}
}
