import { readFileSync } from 'node:fs';
import path from 'node:path';

import { installFromLock, ROOT, step } from './run.mjs';

const packagesIn = (file) => {
	try {
		return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages;
	} catch {
		return undefined;
	}
};

/** npm leaves a copy of what it installed in node_modules, so nobody needs a stamp of their own. */
export function isInstalled() {
	const installed = packagesIn(path.join('node_modules', '.package-lock.json'));
	if (installed === undefined) return false;

	return Object.entries(packagesIn('package-lock.json')).every(([name, wanted]) => {
		if (name === '') return true;
		const found = installed[name];
		// Optional packages of other platforms are in the lock, not in the folder.
		if (found === undefined) return wanted.optional === true;
		return found.version === wanted.version && found.integrity === wanted.integrity;
	});
}

export function installIfNeeded() {
	if (isInstalled()) return;
	step('Install dependencies', () => installFromLock());
}
