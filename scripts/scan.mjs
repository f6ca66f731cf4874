// npm run scan: what n8n's own @n8n/scan-community-package does to a published package, before it is
// published, what publint says about the same tarball, and n8n-node lint in strict mode. n8n's scanner itself
// takes packages from the registry only and asks for Node 24.
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { ESLint } from 'eslint';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import tseslint from 'typescript-eslint';

import { lintWithNodeCli } from './lib/nodeCli.mjs';
import { packAndUnpack } from './lib/pack.mjs';
import { ROOT } from './lib/run.mjs';
import { n8nNodesBaseRules } from './lib/scanRules.mjs';

const { parser } = tseslint;

/** The scanner's buildScanConfig, rule for rule. */
const SCAN_CONFIG = [
	n8nCommunityNodesPlugin.configs.recommended,
	{ rules: { 'no-console': 'error' } },
	...n8nNodesBaseRules,
	{ files: ['**/*.json', '**/*.ts'], languageOptions: { parser } },
];

async function scan(title, cwd, patterns) {
	const eslint = new ESLint({
		cwd,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: SCAN_CONFIG,
	});
	const results = await eslint.lintFiles(patterns);
	const found = results.reduce((sum, file) => sum + file.errorCount + file.warningCount, 0);
	console.log(`  ${title}: ${results.length} files, ${found} findings`);
	if (found > 0) console.log((await eslint.loadFormatter('stylish')).format(results));
	return found;
}

/** Whether the package is what its package.json says, file by file. */
async function lintTarball(tarball) {
	const { buffer } = new Uint8Array(readFileSync(tarball));
	const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
	console.log(`  publint: ${messages.length} findings`);
	for (const message of messages)
		console.log(`    ${message.type}: ${formatMessage(message, pkg)}`);
	return messages.length;
}

function lintAsN8nDoes(copy) {
	const exitCode = lintWithNodeCli(copy);
	console.log(`  n8n-node lint: exit code ${exitCode}`);
	return exitCode === 0 ? 0 : 1;
}

const folder = mkdtempSync(path.join(tmpdir(), 'upload-sessions-scan-'));
try {
	const { packageDir, tarball } = packAndUnpack(folder);
	const sources = ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'];
	const found =
		(await scan('Sources', ROOT, sources)) +
		(await scan('Tarball', packageDir, ['**/*.js', 'package.json'])) +
		(await lintTarball(tarball)) +
		lintAsN8nDoes(path.join(folder, 'copy'));
	process.exitCode = found === 0 ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
