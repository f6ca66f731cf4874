/** The files that are uploaded: the same bytes on every machine, not compressible, made once. */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { generateBuffer, generateStream } from '../test/engine/generate';
import type { InputFile } from './clients/job';

export const INPUT_DIR = join(tmpdir(), 'n8n-nodes-upload-sessions-bench');
const MEMORY_BYTES = 16 * 1024 * 1024;

/** One folder of files with these sizes; what a former run has left is used again. */
export async function makeInputs(folder: string, sizes: readonly number[]): Promise<InputFile[]> {
	const dir = join(INPUT_DIR, folder);
	mkdirSync(dir, { recursive: true });
	const digits = String(sizes.length).length;
	const files = sizes.map((sizeBytes, index) => {
		const name = `file-${String(index + 1).padStart(digits, '0')}.bin`;
		return { path: join(dir, name), name, sizeBytes, seed: index + sizes.length * 1e6 };
	});
	for (const { path, sizeBytes, seed } of files) {
		if (sizeOf(path) === sizeBytes) continue;
		const content = { sizeBytes, seed };
		const draft = `${path}.draft`;
		if (sizeBytes <= MEMORY_BYTES) writeFileSync(draft, generateBuffer(content));
		else await pipeline(generateStream(content), createWriteStream(draft));
		await rename(draft, path);
	}
	return files;
}

export function removeInputs(): void {
	rmSync(INPUT_DIR, { recursive: true, force: true });
}

function sizeOf(path: string): number | undefined {
	return statSync(path, { throwIfNoEntry: false })?.size;
}
