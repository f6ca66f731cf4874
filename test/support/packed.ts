import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { repositoryDir } from './freshBuild';

export interface PackedPackage {
	packageDir: string;
	tarball: string;
	tarballBytes: number;
}

/** Packs the package as npm would publish it, and unpacks it below the folder. */
export function packAndUnpack(folder: string): PackedPackage {
	const args = [join(repositoryDir, 'scripts', 'pack.mjs'), folder];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout) as PackedPackage;
}
