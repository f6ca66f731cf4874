import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { run, runNpm } from './run.mjs';

/** Packs the package as npm would publish it and unpacks it again below `folder`. */
export function packAndUnpack(folder) {
	mkdirSync(folder, { recursive: true });
	const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };
	if (runNpm(['pack', '--silent', '--pack-destination', folder], quiet) !== 0) {
		throw new Error('npm pack failed.');
	}
	const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}.`);

	// Windows has tar too, but some of its versions take the colon of a drive for a host name.
	if (run('tar', ['-xzf', tarball], { cwd: folder }) !== 0) throw new Error('tar failed.');

	return {
		packageDir: path.join(folder, 'package'),
		tarball: path.join(folder, tarball),
		tarballBytes: statSync(path.join(folder, tarball)).size,
	};
}
