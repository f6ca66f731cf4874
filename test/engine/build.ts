import { transformSync } from '@swc/core';
import { createHash, randomUUID } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';

const SOURCE_DIR = __dirname;
const REPOSITORY_DIR = join(SOURCE_DIR, '..', '..');
const WORKER_SOURCES = ['worker', 'package', 'generate.ts', 'types.ts'];

function sources(): string[] {
	return readdirSync(SOURCE_DIR, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && WORKER_SOURCES.includes(file.split(sep)[0]!))
		.sort();
}

/**
 * Compiles the child process ahead of time: a loader inside it would add its own memory to every
 * measurement. The directory is named by its content, so parallel test files can share it. It lies
 * beside the node_modules whose n8n-core is to be used.
 */
export function compileWorker(n8nDir = REPOSITORY_DIR): { main: string; testPackageDir: string } {
	const files = sources().map((file) => ({
		file,
		text: readFileSync(join(SOURCE_DIR, file), 'utf8'),
	}));
	const manifest = readFileSync(join(SOURCE_DIR, 'package', 'package.json'), 'utf8');
	const hash = createHash('sha256').update(JSON.stringify([manifest, files]));
	const target = join(n8nDir, '.build', `engine-${hash.digest('hex').slice(0, 16)}`);
	if (!existsSync(target)) {
		const draft = `${target}.${randomUUID()}`;
		for (const { file, text } of files) {
			const { code } = transformSync(text, {
				filename: file,
				sourceMaps: 'inline',
				jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
				module: { type: 'commonjs', ignoreDynamic: true },
			});
			const output = join(draft, file.replace(/\.ts$/, '.js'));
			mkdirSync(dirname(output), { recursive: true });
			writeFileSync(output, code);
		}
		cpSync(join(SOURCE_DIR, 'package', 'package.json'), join(draft, 'package', 'package.json'));
		try {
			renameSync(draft, target);
		} catch (error) {
			// Another process was first with the same content.
			rmSync(draft, { recursive: true });
			if (!existsSync(target)) throw error;
		}
	}
	return { main: join(target, 'worker', 'main.js'), testPackageDir: join(target, 'package') };
}
