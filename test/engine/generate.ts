import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';

import type { GeneratedContent } from './types';

const CHUNK_BYTES = 1024 * 1024;

/** The same bytes for the same seed; a cipher's key stream, as fast as the disk and not compressible. */
export function* generateChunks({
	sizeBytes,
	seed,
	changedAt = [],
}: GeneratedContent): Generator<Buffer> {
	const key = Buffer.alloc(16);
	key.writeDoubleBE(seed);
	const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
	const zeros = Buffer.alloc(Math.min(CHUNK_BYTES, sizeBytes));
	for (let left = sizeBytes; left > 0; left -= CHUNK_BYTES) {
		const chunk = cipher.update(left < zeros.length ? zeros.subarray(0, left) : zeros);
		const first = sizeBytes - left;
		for (const position of changedAt) {
			const at = position - first;
			if (at >= 0 && at < chunk.length) chunk[at] = ~chunk.readUInt8(at) & 0xff;
		}
		yield chunk;
	}
}

export function generateStream(content: GeneratedContent): Readable {
	return Readable.from(generateChunks(content), { objectMode: false });
}

export function generateBuffer(content: GeneratedContent): Buffer {
	return Buffer.concat([...generateChunks(content)]);
}
