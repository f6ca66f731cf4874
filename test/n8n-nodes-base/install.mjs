// Installs n8n's own nodes below .build/ unless they are there, and prints their folder.
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { ROOT, runNpm } from '../../scripts/lib/run.mjs';

const LOCK = 'package-lock.json';
const source = import.meta.dirname;

const hash = createHash('sha256')
	.update(readFileSync(path.join(source, LOCK)))
	.digest('hex');
// Inside the repository, where these nodes find n8n's own modules as they do in n8n.
const target = path.join(ROOT, '.build', `n8n-nodes-base-${hash.slice(0, 16)}`);

if (!existsSync(target)) {
	const draft = `${target}.${randomUUID()}`;
	mkdirSync(draft, { recursive: true });
	for (const file of ['package.json', LOCK])
		copyFileSync(path.join(source, file), path.join(draft, file));

	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
	// The standard output is for the answer alone.
	const exitCode = runNpm(args, { cwd: draft, stdio: ['ignore', 2, 2] });
	if (exitCode !== 0) {
		rmSync(draft, { recursive: true, force: true });
		process.exit(exitCode);
	}
	try {
		renameSync(draft, target);
	} catch (error) {
		// Another process was first.
		rmSync(draft, { recursive: true, force: true });
		if (!existsSync(target)) throw error;
	}
}

console.log(path.join(target, 'node_modules', 'n8n-nodes-base'));
