import { copyFileSync, cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import { installOnce } from './installOnce.mjs';
import { ROOT, runNode } from './run.mjs';
import { userCacheDir } from './userCache.mjs';

/** n8n's template, beside the tool: strict mode refuses any other configuration. */
const CONFIG = 'dist/template/templates/shared/default/eslint.config.mjs';

const LINTED = ['package.json', 'tsconfig.json', 'nodes', 'credentials'];

/** n8n's own tool for community nodes, in the user's cache unless it is there. Throws CannotInstall. */
function installNodeCli() {
	return installOnce({
		sourceDir: path.join(ROOT, 'scripts', 'n8nNode'),
		parentDir: userCacheDir(),
		name: 'n8n-node-cli',
		timeoutMs: 600_000,
	});
}

/**
 * n8n-node lint in strict mode, which holds as package.json says `n8n.strict`, on a copy of `sourceDir`: the tool
 * lints every file of a folder with its own configuration, and ours has more rules and more files. Its exit code.
 */
export function lintWithNodeCli(folder, sourceDir = ROOT) {
	const installed = path.join(installNodeCli(), 'node_modules');
	mkdirSync(folder, { recursive: true });
	for (const name of LINTED) {
		cpSync(path.join(sourceDir, name), path.join(folder, name), { recursive: true });
	}
	const cli = path.join(installed, '@n8n', 'node-cli');
	copyFileSync(path.join(cli, CONFIG), path.join(folder, 'eslint.config.mjs'));
	// A junction needs no rights on Windows.
	symlinkSync(installed, path.join(folder, 'node_modules'), 'junction');
	return runNode([path.join(cli, 'bin', 'n8n-node.mjs'), 'lint'], { cwd: folder });
}
