/** Files on the disk that all processes share, and what Dropbox must have of them. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { BlockHasher, hashOfBlocks } from '../../cloud/dropbox/contentHash';
import { generateChunks } from '../../engine';

export interface SharedFile {
	readonly path: string;
	readonly name: string;
	readonly sizeBytes: number;
	readonly contentHash: string;
}

/** No two have the same content, whatever the folder is called. */
export function makeFiles(folder: string, sizesBytes: readonly number[]): SharedFile[] {
	mkdirSync(folder, { recursive: true });
	return sizesBytes.map((sizeBytes, index) => {
		const name = `${index}-of-${sizesBytes.length}.bin`;
		const path = join(folder, name);
		const hasher = new BlockHasher();
		const file = openSync(path, 'w');
		const seed = sizesBytes.length * 1e6 + index;
		for (const chunk of generateChunks({ sizeBytes, seed })) {
			writeSync(file, chunk);
			hasher.update(chunk);
		}
		closeSync(file);
		return { path, name, sizeBytes, contentHash: hashOfBlocks(hasher.digests()) };
	});
}
