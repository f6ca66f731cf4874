// npm run bench: installs and builds what is missing, then hands over to the benchmark.
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { installIfNeeded } from '../scripts/lib/install.mjs';
import { npmStep, ROOT, runNode, runNpm } from '../scripts/lib/run.mjs';

const BENCH = path.join(ROOT, 'bench');

installIfNeeded();
if (!isInstalled()) {
	console.log(
		"\n» Install n8n's built-in nodes, once (about 800 MB; without them their rows stay empty)",
	);
	if (runNpm(['ci', '--no-audit', '--no-fund', '--silent'], { cwd: BENCH }) !== 0) {
		console.error('  They could not be installed: no network?');
	}
}
npmStep('Build', 'build');
process.exitCode = runNode(['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)]);

/** npm leaves a copy of what it installed in node_modules. */
function isInstalled() {
	const integrityIn = (file) => {
		try {
			const { packages } = JSON.parse(readFileSync(path.join(BENCH, file), 'utf8'));
			return packages['node_modules/n8n-nodes-base'].integrity;
		} catch {
			return undefined;
		}
	};
	const installed = integrityIn(path.join('node_modules', '.package-lock.json'));
	return installed !== undefined && installed === integrityIn('package-lock.json');
}
