import { createHash } from 'node:crypto';

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Dropbox's content hash: SHA-256 over the SHA-256 of each 4 MiB block. https://www.dropbox.com/developers/reference/content-hash */
export function contentHashOf(content: Buffer): string {
	const whole = createHash('sha256');
	for (let offset = 0; offset < content.length; offset += BLOCK_BYTES) {
		whole.update(
			createHash('sha256')
				.update(content.subarray(offset, offset + BLOCK_BYTES))
				.digest(),
		);
	}
	return whole.digest('hex');
}
