/** The versions of n8n that the README names are those of the tests' own record, and of what is pinned. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryDir } from '../support/freshBuild';

const read = (...parts: string[]) => readFileSync(join(repositoryDir, ...parts), 'utf8');

interface Manifest {
	dependencies: Record<string, string>;
}

const pinned = (...folder: string[]) =>
	(JSON.parse(read('test', ...folder, 'package.json')) as Manifest).dependencies;

const record = JSON.parse(read('test', 'compat', 'record.json')) as Record<
	'oldest' | 'newest',
	{ 'n8n-core': string; tests: number }
>;

it('the record is about the pinned versions: npm run test:compat writes it', () => {
	expect(record.oldest['n8n-core']).toBe(pinned('compat', 'oldest')['n8n-core']);
	expect(record.newest['n8n-core']).toBe(pinned('compat', 'newest')['n8n-core']);
	expect(record.oldest.tests).toBeGreaterThan(5);
	expect(record.newest.tests).toBe(record.oldest.tests);
});

it('the README says what is in the record', () => {
	const [, needed, oldest, newest, editor] =
		/You need n8n (\S+) or newer.*Tested in n8n (\S+) and (\S+) by .*, and in the editor of (\S+)\.\n/.exec(
			read('README.md'),
		) ?? [];
	expect({ needed, oldest, newest, editor }).toEqual({
		needed: record.oldest['n8n-core'],
		oldest: record.oldest['n8n-core'],
		newest: record.newest['n8n-core'],
		editor: pinned('n8n').n8n,
	});
});

it('the nightly run also takes the newest n8n of the registry', () => {
	expect(read('.github', 'workflows', 'nightly.yml')).toMatch(
		/^ +- run: npm run test:compat -- --latest$/m,
	);
	expect(read('.github', 'workflows', 'ci.yml')).toMatch(/^ +- run: npm run test:compat$/m);
});
