import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { installFromLock } from './run.mjs';

const LOCK = 'package-lock.json';

/**
 * Installs what the lock file in `sourceDir` names, unless it is there already, into a folder below
 * `parentDir` that is called `name` and a hash of the lock file. Returns that folder.
 */
export function installOnce({ sourceDir, parentDir, name, timeoutMs }) {
	const hash = createHash('sha256')
		.update(readFileSync(path.join(sourceDir, LOCK)))
		.digest('hex');
	const target = path.join(parentDir, `${name}-${hash.slice(0, 16)}`);
	if (existsSync(target)) return target;

	const draft = `${target}.${randomUUID()}`;
	mkdirSync(draft, { recursive: true });
	for (const file of ['package.json', LOCK]) {
		copyFileSync(path.join(sourceDir, file), path.join(draft, file));
	}
	try {
		if (install(draft, timeoutMs) !== 0) throw new Error(`npm could not install ${name}.`);
		renameSync(draft, target);
	} catch (error) {
		rmSync(draft, { recursive: true, force: true });
		// Another process was first.
		if (!existsSync(target)) throw error;
	}
	return target;
}

/** A registry that hangs gets a second chance. */
function install(folder, timeoutMs) {
	// The standard output is for the answer of the caller alone.
	const options = { cwd: folder, stdio: ['ignore', 2, 2], timeout: timeoutMs };
	try {
		return installFromLock(options);
	} catch (error) {
		if (error.code !== 'ETIMEDOUT') throw error;
		return installFromLock(options);
	}
}
