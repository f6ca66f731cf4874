/** That `npm run scan` would notice: n8n-node lint, as it runs there, on sources that n8n refuses. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { repositoryDir } from '../support/freshBuild';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'n8n-node-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('n8n-node lint in strict mode refuses what n8n Cloud does', () => {
	const sources = join(folder, 'sources');
	for (const name of ['nodes', 'credentials']) mkdirSync(join(sources, name), { recursive: true });
	for (const name of ['package.json', 'tsconfig.json']) {
		cpSync(join(repositoryDir, name), join(sources, name));
	}
	const code = 'export const home = (): string | undefined => process.env.HOME;\n';
	writeFileSync(join(sources, 'nodes', 'sample.ts'), code);
	const script = join(__dirname, 'lintCopy.mjs');
	const { status, stdout } = spawnSync(process.execPath, [script, sources, join(folder, 'copy')], {
		encoding: 'utf8',
	});
	expect(stdout).toContain('@n8n/community-nodes/no-restricted-globals');
	expect(status).toBe(1);
}, 600_000);
