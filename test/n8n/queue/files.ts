/** Files on the disk that all processes share, and what Dropbox must have of them. */
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { BlockHasher, hashOfBlocks } from '../../cloud/dropbox/contentHash';
import { generateChunks, type GeneratedContent } from '../../engine';

export interface SharedFile {
	readonly path: string;
	readonly name: string;
	readonly sizeBytes: number;
	readonly contentHash: string;
}

/** No two have the same content, whatever the folder is called. */
export async function makeFiles(
	folder: string,
	sizesBytes: readonly number[],
): Promise<SharedFile[]> {
	mkdirSync(folder, { recursive: true });
	const files: SharedFile[] = [];
	for (const [index, sizeBytes] of sizesBytes.entries()) {
		const name = `${index}-of-${sizesBytes.length}.bin`;
		const path = join(folder, name);
		const seed = sizesBytes.length * 1e6 + index;
		const contentHash = await writeContent(path, { sizeBytes, seed });
		files.push({ path, name, sizeBytes, contentHash });
	}
	return files;
}

async function writeContent(path: string, content: GeneratedContent): Promise<string> {
	const hasher = new BlockHasher();
	const file = await open(path, 'w');
	for (const chunk of generateChunks(content)) {
		await file.write(chunk);
		hasher.update(chunk);
	}
	await file.close();
	return hashOfBlocks(hasher.digests());
}
