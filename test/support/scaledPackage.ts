/**
 * The built package with all sizes of Box Upload sixteen times as small. What a run does with a file of 20 MB it does
 * with one of 1.25 MB then, in as many parts; the sizes themselves are what sizes.test.ts is about.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
	cpSync,
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { assertFreshBuild, repositoryDir } from './freshBuild';

export const SCALE = 16;

/** Longer than any test file runs, whatever else the machine does. */
const UNUSED_AFTER_MS = 60 * 60_000;

const MIB_TEXT = '1024 * 1024';
const SCALED_MIB_TEXT = '64 * 1024';

/** Each stands once in its file: as it is, and as it becomes. */
const SIZES: ReadonlyArray<readonly [file: string, find: string, replace: string]> = [
	[
		'BoxUpload/uploadFile/types.js',
		'SESSION_FROM_BYTES = 20_000_000',
		'SESSION_FROM_BYTES = 1_250_000',
	],
	['BoxUpload/uploadFile/readSettings.js', `MIB = ${MIB_TEXT}`, `MIB = ${SCALED_MIB_TEXT}`],
	['shared/fields/maxMemory.js', `MIB = ${MIB_TEXT}`, `MIB = ${SCALED_MIB_TEXT}`],
	['BoxUpload/uploadFile/partSizes.js', `8 * ${MIB_TEXT}`, `8 * ${SCALED_MIB_TEXT}`],
	['BoxUpload/uploadFile/form.js', 'READ_CHUNK_BYTES = 256 * 1024', 'READ_CHUNK_BYTES = 16 * 1024'],
	[
		'shared/transfer/sessionFill.js',
		'READ_CHUNK_BYTES = 256 * 1024',
		'READ_CHUNK_BYTES = 16 * 1024',
	],
	[
		'shared/source/binarySource.js',
		`READ_CHUNK_BYTES = ${MIB_TEXT}`,
		`READ_CHUNK_BYTES = ${SCALED_MIB_TEXT}`,
	],
	[
		'shared/http/permissions.js',
		`WAITS_BELOW_BYTES = ${MIB_TEXT}`,
		`WAITS_BELOW_BYTES = ${SCALED_MIB_TEXT}`,
	],
	[
		'shared/http/bodyProgress.js',
		`MAX_HIDDEN_BYTES = 16 * ${MIB_TEXT}`,
		`MAX_HIDDEN_BYTES = 16 * ${SCALED_MIB_TEXT}`,
	],
];

/** Named by its content, and made by whoever needs it first. Inside the repository, so that it finds node_modules. */
export function scaledPackage(packageDir = repositoryDir): string {
	if (packageDir === repositoryDir) assertFreshBuild();
	const target = join(repositoryDir, '.build', `scaled-${contentOf(packageDir)}`);
	if (existsSync(target)) {
		markAsUsed(target);
		return target;
	}
	removeUnused();
	const draft = `${target}.${randomUUID()}`;
	cpSync(join(packageDir, 'dist'), join(draft, 'dist'), { recursive: true });
	cpSync(join(packageDir, 'package.json'), join(draft, 'package.json'));
	for (const [name, find, replace] of SIZES) {
		const file = join(draft, 'dist', 'nodes', name);
		const text = readFileSync(file, 'utf8');
		const times = text.split(find).length - 1;
		if (times !== 1) throw new Error(`"${find}" stands ${times} times in ${name}`);
		writeFileSync(file, text.replace(find, replace));
	}
	try {
		renameSync(draft, target);
	} catch (error) {
		// Another process was first with the same content.
		rmSync(draft, { recursive: true });
		if (!existsSync(target)) throw error;
	}
	return target;
}

function markAsUsed(dir: string): void {
	const now = new Date();
	utimesSync(dir, now, now);
}

/** Those of earlier builds; another process may use, or remove, one at this moment. */
function removeUnused(): void {
	const home = join(repositoryDir, '.build');
	if (!existsSync(home)) return;
	for (const name of readdirSync(home)) {
		if (!name.startsWith('scaled-')) continue;
		const dir = join(home, name);
		const changed = statSync(dir, { throwIfNoEntry: false })?.mtimeMs;
		if (changed === undefined || Date.now() - changed < UNUSED_AFTER_MS) continue;
		rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
	}
}

function contentOf(packageDir: string): string {
	const dist = join(packageDir, 'dist');
	const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.js'))
		.sort();
	const hash = createHash('sha256').update(JSON.stringify(SIZES));
	for (const name of files) hash.update(name).update(readFileSync(join(dist, name)));
	return hash.digest('hex').slice(0, 16);
}
