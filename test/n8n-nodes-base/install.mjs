// Installs n8n's own nodes below .build/ unless they are there, and prints their folder.
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { installFromLock, ROOT } from '../../scripts/lib/run.mjs';

const LOCK = 'package-lock.json';
const source = import.meta.dirname;

const hash = createHash('sha256')
	.update(readFileSync(path.join(source, LOCK)))
	.digest('hex');
// Inside the repository, where these nodes find n8n's own modules as they do in n8n.
const target = path.join(ROOT, '.build', `n8n-nodes-base-${hash.slice(0, 16)}`);

/** 15 seconds as a rule. A registry that hangs all the same gets a second chance. */
function install(folder) {
	// The standard output is for the answer alone.
	const options = { cwd: folder, stdio: ['ignore', 2, 2], timeout: 120_000 };
	try {
		return installFromLock(options);
	} catch (error) {
		if (error.code !== 'ETIMEDOUT') throw error;
		return installFromLock(options);
	}
}

if (!existsSync(target)) {
	const draft = `${target}.${randomUUID()}`;
	mkdirSync(draft, { recursive: true });
	for (const file of ['package.json', LOCK])
		copyFileSync(path.join(source, file), path.join(draft, file));

	const exitCode = install(draft);
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
