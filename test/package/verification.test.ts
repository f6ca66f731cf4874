/** What CONTRIBUTING.md says under "Verification by n8n", as far as the repository itself can tell. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryDir } from '../support/freshBuild';

const read = (name: string) => readFileSync(join(repositoryDir, name), 'utf8');

const manifest = JSON.parse(read('package.json')) as Record<string, unknown> & {
	repository: { url: string };
	homepage: string;
	n8n: { strict: boolean };
};

it('package.json names one repository, the MIT license, and no dependency', () => {
	const { dependencies, license, optionalDependencies, repository, homepage, n8n } = manifest;
	expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
	expect(license).toBe('MIT');
	expect(read('LICENSE.md')).toMatch(/^(?:# )?(?:The )?MIT License/i);
	expect(`git+${homepage.replace(/#.*$/, '')}.git`).toBe(repository.url);
	expect(n8n.strict).toBe(true);
});

it('the workflow publishes with provenance, and without a token', () => {
	const workflow = read('.github/workflows/publish.yml');
	expect(workflow).toMatch(/^ {2}id-token: write$/m);
	expect(workflow).toMatch(/^ +- run: npm publish --provenance --access public$/m);
	expect(workflow).not.toMatch(/secrets\.|_TOKEN/);
});

it('CONTRIBUTING.md has a line for each rule of n8n', () => {
	const [, section = ''] = read('CONTRIBUTING.md').split('## Verification by n8n\n');
	const rules = [...section.split('\n## ')[0]!.matchAll(/^\| ([^|]+) \|/gm)].map(
		([, rule]) => rule,
	);
	const topics = [
		...[/n8n-node/, /linter/, /existing/, /flow control/, /Repository.*license/, /provenance/],
		...[/dependencies/, /Documentation/, /file system/, /TypeScript/, /English/],
	];
	for (const topic of topics) expect(rules.filter((rule) => topic.test(rule!))).toHaveLength(1);
});
