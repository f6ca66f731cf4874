import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';

import type { StreamDigest } from '../../shared/source/origin';
import type { FileDigest } from '../../shared/transfer/partTarget';

/** Dropbox hashes files in blocks: SHA-256 over the SHA-256 of each. https://www.dropbox.com/developers/reference/content-hash */
export const BLOCK_BYTES = 4 * 1024 * 1024;
/** As Dropbox calls it. */
export const CONTENT_HASH = 'content_hash';

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

/** The content hash of a file that comes in pieces of any size. */
export class ContentStreamDigest implements StreamDigest {
	private readonly whole = createHash('sha256');
	private block: Hash = createHash('sha256');
	private blockBytes = 0;

	update(chunk: Buffer): void {
		for (let at = 0; at < chunk.length;) {
			const piece = chunk.subarray(at, at + BLOCK_BYTES - this.blockBytes);
			this.block.update(piece);
			this.blockBytes += piece.length;
			at += piece.length;
			if (this.blockBytes === BLOCK_BYTES) this.endBlock();
		}
	}

	hex(): string {
		if (this.blockBytes > 0) this.endBlock();
		return this.whole.copy().digest('hex');
	}

	private endBlock(): void {
		this.whole.update(this.block.digest());
		this.block = createHash('sha256');
		this.blockBytes = 0;
	}
}
