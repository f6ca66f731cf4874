/** Dropbox's content hash: SHA-256 over the SHA-256 of each block of 4 MiB. */
import { createHash } from 'node:crypto';

const BLOCK_BYTES = 4 * 1024 * 1024;

export function blockDigests(bytes: Buffer): Buffer[] {
	const digests: Buffer[] = [];
	for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
		digests.push(
			createHash('sha256')
				.update(bytes.subarray(at, at + BLOCK_BYTES))
				.digest(),
		);
	}
	return digests;
}

export function hashOfBlocks(digests: readonly Buffer[]): string {
	const hash = createHash('sha256');
	for (const digest of digests) hash.update(digest);
	return hash.digest('hex');
}
