import { createHash } from 'node:crypto';

import type { FileDigest } from '../../shared/transfer/partTarget';

/** Dropbox hashes files in blocks: SHA-256 over the SHA-256 of each. https://www.dropbox.com/developers/reference/content-hash */
export const BLOCK_BYTES = 4 * 1024 * 1024;

/** Hashing takes 1 ms for 1 to 2 MB; another thread would first have to be given a copy. */
export function contentHashOf(content: Buffer): string {
	return new ContentDigest().update(content);
}

/**
 * The content hash of a file and of each of its parts in one pass: parts are multiples of 4 MiB, so
 * both are made of the same block hashes.
 */
export class ContentDigest implements FileDigest {
	private readonly whole = createHash('sha256');

	update(content: Buffer): string {
		const part = createHash('sha256');
		for (let offset = 0; offset < content.length; offset += BLOCK_BYTES) {
			const block = content.subarray(offset, offset + BLOCK_BYTES);
			const hash = createHash('sha256').update(block).digest();
			part.update(hash);
			this.whole.update(hash);
		}
		return part.digest('hex');
	}

	soFar(): string {
		return this.whole.copy().digest('hex');
	}
}
