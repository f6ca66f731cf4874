/** Whoever follows a link of the documentation, or types what it says, gets there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { exampleFiles } from '../support/exampleWorkflow';
import { repositoryDir } from '../support/freshBuild';
import { allPages, anchorsOf, linksOf, type Page } from './markdown';
import { problemsOf, problemsOfAddresses } from './problems';

const pages = allPages();

/** The files that the README leads to in one step. */
const linkedFrom = (file: string): string[] =>
	linksOf(pages.find((page) => page.file === file)!).map(({ target }) => target.split('#')[0]!);

test.each(pages.map(({ file }) => file))('%s leads to what is there', (file) => {
	expect(problemsOf(pages.find((page) => page.file === file)!)).toEqual([]);
});

test('the addresses in nodes, credentials and package.json lead to what is there', () => {
	const files = ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(repositoryDir, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => /\.(ts|json)$/.test(file))
			.map((file) => join(repositoryDir, folder, file)),
	);
	const texts = [...files, join(repositoryDir, 'package.json')].map((file) =>
		readFileSync(file, 'utf8'),
	);
	expect(texts.join().match(/#connect-(dropbox|box)/g)?.length).toBeGreaterThanOrEqual(3);
	expect(texts.flatMap(problemsOfAddresses)).toEqual([]);
});

test('the README leads to every page and every example', () => {
	const inDocs = pages.map(({ file }) => file).filter((file) => file !== 'README.md');
	const wanted = [...inDocs, ...exampleFiles().map((file) => `examples/${file}`)];
	expect(wanted.filter((file) => !linkedFrom('README.md').includes(file))).toEqual([]);
});

test('every picture is shown on a page', () => {
	const shown = pages.flatMap(linksOf).map(({ target }) => target.split('/').pop());
	const pictures = readdirSync(join(repositoryDir, 'docs', 'images'), {
		recursive: true,
		encoding: 'utf8',
	}).filter((file) => /\.(png|svg)$/.test(file));
	const notShown = pictures.filter((file) => !shown.includes(file.split(/[\\/]/).pop()));
	expect(notShown).toEqual([]);
});

test('the README stays short enough to be read', () => {
	const readme = pages.find(({ file }) => file === 'README.md')!;
	expect(readme.text.split('\n').length).toBeLessThan(350);
});

describe('the check', () => {
	const page = (text: string): Page => ({ file: 'docs/page.md', text });

	test.each([
		['a file that is not there', '[x](gone.md)', 'leads nowhere: gone.md'],
		['a picture that is not there', '![x](images/gone.png)', 'leads nowhere: images/gone.png'],
		['a heading that is not there', '[x](../README.md#gone)', 'no such heading: ../README.md#gone'],
		['plain HTTP', '[x](http://example.com)', 'not a web address: http://example.com'],
		['no host', '[x](https://example)', 'not a web address: https://example'],
		['a script that is not there', '`npm run gone`', 'no such script: npm run gone'],
		['a script in a block', '```sh\nnpm run gone -- -x\n```', 'no such script: npm run gone'],
		['a path in code', '`test/gone.ts`', 'no such file: test/gone.ts'],
	])('finds %s', (_, text, problem) => {
		expect(problemsOf(page(text))).toEqual([problem]);
	});

	test.each([
		['[x](../README.md#install)'],
		['[x](https://example.com/a?b=c#d)'],
		['`[x](gone.md)`'],
		['```\n[x](gone.md)\n```'],
		['`npm test` and `npm run demo -- --help`'],
		['`test/cloud` and `nodes/shared/failure.ts`'],
	])('lets %s pass', (text) => {
		expect(problemsOf(page(text))).toEqual([]);
	});

	test('knows the anchors that GitHub makes', () => {
		const text = '# A plan, before the *first* byte\n## `Code` & more\n## Twice\n## Twice\n';
		expect(anchorsOf(page(text))).toEqual([
			'a-plan-before-the-first-byte',
			'code--more',
			'twice',
			'twice-1',
		]);
	});
});
