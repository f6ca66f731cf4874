import { createHash, webcrypto } from 'node:crypto';

import type { FileDigest } from '../../shared/upload/inParts';

/** Dropbox hashes files in blocks: SHA-256 over the SHA-256 of each. https://www.dropbox.com/developers/reference/content-hash */
export const BLOCK_BYTES = 4 * 1024 * 1024;

/** For small content at hand; large content is hashed by ContentDigest, off the main thread. */
export function contentHashOf(content: Buffer): string {
	const whole = createHash('sha256');
	for (const block of blocksOf(content)) whole.update(createHash('sha256').update(block).digest());
	return whole.digest('hex');
}

/**
 * The content hash of a file and of each of its parts in one pass: parts are multiples of 4 MiB, so
 * both are made of the same block hashes.
 */
export class ContentDigest implements FileDigest {
	private readonly whole = createHash('sha256');

	async update(content: Buffer): Promise<string> {
		const part = createHash('sha256');
		for (const hash of await Promise.all(blocksOf(content).map(hashOffThread))) {
			part.update(hash);
			this.whole.update(hash);
		}
		return part.digest('hex');
	}

	soFar(): string {
		return this.whole.copy().digest('hex');
	}
}

async function hashOffThread(block: Buffer): Promise<Uint8Array> {
	return new Uint8Array(await webcrypto.subtle.digest('SHA-256', block));
}

function blocksOf(content: Buffer): Buffer[] {
	const blocks: Buffer[] = [];
	for (let offset = 0; offset < content.length; offset += BLOCK_BYTES) {
		blocks.push(content.subarray(offset, offset + BLOCK_BYTES));
	}
	return blocks;
}
