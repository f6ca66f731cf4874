/** Makes a copy of the built package with one recovery path disabled. The tree itself stays as it is. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryDir } from '../../support/freshBuild';
import type { Mutation } from './list';

/** Inside the repository, so that the copy finds node_modules. */
const COPIES_DIR = join(repositoryDir, '.build', 'mutated');

/** The text with the mutation; throws when it no longer fits the code. */
export function mutated(
	{ file, find, name, replace }: Mutation,
	packageDir = repositoryDir,
): string {
	const text = readFileSync(join(packageDir, 'dist', 'nodes', file), 'utf8');
	const times = text.split(find).length - 1;
	if (times !== 1) throw new Error(`"${name}" stands ${times} times in ${file}: ${find}`);
	return text.replace(find, () => replace);
}

/** The folder of a package that lacks the paths; whoever asks for it removes it. */
export function mutatedPackage(...mutations: readonly Mutation[]): string {
	mkdirSync(COPIES_DIR, { recursive: true });
	const copyDir = mkdtempSync(join(COPIES_DIR, 'without-'));
	cpSync(join(repositoryDir, 'dist'), join(copyDir, 'dist'), { recursive: true });
	cpSync(join(repositoryDir, 'package.json'), join(copyDir, 'package.json'));
	for (const mutation of mutations) {
		writeFileSync(join(copyDir, 'dist', 'nodes', mutation.file), mutated(mutation, copyDir));
	}
	return copyDir;
}
