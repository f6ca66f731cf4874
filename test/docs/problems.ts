/** What is wrong with a page: links that lead nowhere, and commands and files that are not there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { repositoryDir } from '../support/freshBuild';
import { anchorsOf, codeOf, linksOf, readPage, type Page } from './markdown';

interface Manifest {
	readonly homepage: string;
	readonly scripts?: Readonly<Record<string, string>>;
}

const manifest = readManifest('package.json');

/** Where the repository itself is published. */
const HOME = manifest.homepage.replace(/#.*$/, '');

/** Not in the repository: installed when it is needed. */
const INSTALLED = /node_modules/;
/** Commands of npm itself. */
const OF_NPM = ['install', 'ci', 'version'];

export function problemsOf(page: Page): string[] {
	return [
		...linksOf(page).flatMap(({ target }) => problemOfLink(page, target)),
		...scriptsNamedIn(page)
			.filter((script) => !knownScripts.has(script))
			.map((script) => `no such script: npm run ${script}`),
		...filesNamedIn(page)
			.filter((file) => !existsSync(join(repositoryDir, file)))
			.map((file) => `no such file: ${file}`),
	];
}

/** Of addresses in code, which are outside of any page. */
export function problemsOfAddresses(text: string): string[] {
	const addresses = text.match(/https?:\/\/[^\s'"`<>)]+/g) ?? [];
	return addresses
		.filter((address) => address.startsWith(HOME))
		.flatMap((address) => problemOfLink(readPage('README.md'), address));
}

function problemOfLink(page: Page, target: string): string[] {
	const ours = target.startsWith(HOME)
		? /^(?:\/blob\/main\/([^#]*))?(?:#(.*))?$/.exec(target.slice(HOME.length))
		: null;
	if (ours) {
		const [, path = 'README.md', anchor] = ours;
		return problemOfPath(target, path, anchor === 'readme' ? undefined : anchor);
	}
	if (/^[a-z]+:/i.test(target)) return isWebAddress(target) ? [] : [`not a web address: ${target}`];
	const [path = '', anchor] = target.split('#');
	const file = path === '' ? page.file : posix.join(posix.dirname(page.file), decodeURI(path));
	return problemOfPath(target, file, anchor);
}

function problemOfPath(target: string, file: string, anchor: string | undefined): string[] {
	if (!existsSync(join(repositoryDir, file))) return [`leads nowhere: ${target}`];
	if (anchor === undefined) return [];
	const isThere = file.endsWith('.md') && anchorsOf(readPage(file)).includes(anchor);
	return isThere ? [] : [`no such heading: ${target}`];
}

function isWebAddress(target: string): boolean {
	const url = URL.canParse(target) ? new URL(target) : undefined;
	return url?.protocol === 'https:' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(url.hostname);
}

/** The scripts of the package and of what is installed by itself. */
const knownScripts = new Set(
	['package.json', ...manifestsBelow('test'), ...manifestsBelow('bench')].flatMap((file) =>
		Object.keys(readManifest(file).scripts ?? {}),
	),
);

function manifestsBelow(folder: string): string[] {
	return readdirSync(join(repositoryDir, folder), { recursive: true, encoding: 'utf8' })
		.map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
		.filter((file) => file.endsWith('/package.json') && !file.includes('node_modules'));
}

function scriptsNamedIn(page: Page): string[] {
	return codeOf(page).flatMap((code) =>
		[...code.matchAll(/\bnpm (?:run )?(?:--silent )?([a-z0-9:]+)/g)]
			.map(([command, script]) => (command.startsWith('npm run') ? script! : command.slice(4)))
			.filter((script) => !OF_NPM.includes(script)),
	);
}

function filesNamedIn(page: Page): string[] {
	return codeOf(page).flatMap((code) =>
		[
			...code.matchAll(
				/(?:^|\s)((?:nodes|credentials|test|scripts|bench|docs|examples)\/[\w./-]*)/g,
			),
		]
			.map(([, file]) => file!.replace(/\.$/, ''))
			.filter((file) => !INSTALLED.test(file)),
	);
}

function readManifest(file: string): Manifest {
	return JSON.parse(readFileSync(join(repositoryDir, file), 'utf8')) as Manifest;
}
