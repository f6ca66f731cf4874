// node test/compat/install.mjs oldest|newest|latest: installs that engine of n8n into the user's cache unless
// it is there, and prints its folder. The latest is the newest one that the registry has.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { installOnce } from '../../scripts/lib/installOnce.mjs';
import { npmText, runNpm } from '../../scripts/lib/run.mjs';
import { userCacheDir } from '../../scripts/lib/userCache.mjs';

const which = process.argv[2];
if (which === undefined)
	throw new Error('Usage: node test/compat/install.mjs oldest|newest|latest');

/** A folder with the lock file that the other two have in this repository. */
function lockOfLatest() {
	const folder = mkdtempSync(path.join(tmpdir(), 'n8n-core-latest-'));
	const fields = ['version', 'dependencies'];
	const { version, dependencies } = JSON.parse(
		// Of n8n itself a mirror may have a release whose engine it does not have yet.
		npmText(['view', 'n8n-core@latest', ...fields, '--json']),
	);
	const manifest = {
		name: 'n8n-core-latest-for-tests',
		private: true,
		dependencies: { 'n8n-core': version, 'n8n-workflow': dependencies['n8n-workflow'] },
	};
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	const locked = runNpm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit'], {
		cwd: folder,
		// The standard output is for the folder alone.
		stdio: ['ignore', 2, 2],
	});
	if (locked !== 0) throw new Error('npm could not work out what the latest n8n-core needs.');
	return folder;
}

const isLatest = which === 'latest';
const sourceDir = isLatest ? lockOfLatest() : path.join(import.meta.dirname, which);
try {
	const folder = installOnce({
		sourceDir,
		parentDir: userCacheDir(),
		name: `n8n-core-${which}`,
		// Half a minute as a rule: 400 MB.
		timeoutMs: 300_000,
	});
	console.log(folder);
} finally {
	if (isLatest) rmSync(sourceDir, { recursive: true, force: true });
}
