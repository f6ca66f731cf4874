import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { withFileLock } from './fileLock.mjs';
import { installFromLock } from './run.mjs';

const LOCK = 'package-lock.json';

/**
 * Installs what the lock file in `sourceDir` names, unless it is there already, into a folder below
 * `parentDir` that is called `name` and a hash of the lock file. Returns that folder, which has its
 * name only once everything, `complete` included, has succeeded.
 */
export function installOnce({
	sourceDir,
	parentDir,
	name,
	timeoutMs,
	npmArgs = [],
	complete = () => undefined,
}) {
	const hash = createHash('sha256')
		.update(readFileSync(path.join(sourceDir, LOCK)))
		.digest('hex');
	const target = path.join(parentDir, `${name}-${hash.slice(0, 16)}`);
	if (existsSync(target)) return target;

	mkdirSync(parentDir, { recursive: true });
	const waiting = (pid) => console.error(`Waiting for process ${pid}, which installs ${name}.`);
	return withFileLock(`${target}.lock`, waiting, () => {
		if (existsSync(target)) return target;

		const draft = `${target}.unfinished`;
		// Left behind by an installation that was killed.
		rmSync(draft, { recursive: true, force: true });
		mkdirSync(draft);
		for (const file of ['package.json', LOCK]) {
			copyFileSync(path.join(sourceDir, file), path.join(draft, file));
		}
		try {
			if (install(draft, npmArgs, timeoutMs) !== 0) {
				throw new Error(`npm could not install ${name}.`);
			}
			complete(draft);
			renameSync(draft, target);
		} catch (error) {
			rmSync(draft, { recursive: true, force: true });
			throw error;
		}
		return target;
	});
}

/** A registry that hangs gets a second chance. */
function install(folder, npmArgs, timeoutMs) {
	// The standard output is for the answer of the caller alone.
	const options = { cwd: folder, stdio: ['ignore', 2, 2], timeout: timeoutMs };
	try {
		return installFromLock(options, npmArgs);
	} catch (error) {
		if (error.code !== 'ETIMEDOUT') throw error;
		return installFromLock(options, npmArgs);
	}
}
