import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';

import type { GeneratedContent } from './types';

const CHUNK_BYTES = 1024 * 1024;

const CIPHER_BLOCK_BYTES = 16;

/** The same bytes for the same seed; a cipher's key stream, as fast as the disk and not compressible. */
export function* generateChunks(
	{ sizeBytes, seed, changedAt = [] }: GeneratedContent,
	startByte = 0,
): Generator<Buffer> {
	const key = Buffer.alloc(16);
	key.writeDoubleBE(seed);
	// The key stream counts its blocks, so it can begin at any of them.
	const counter = Buffer.alloc(16);
	counter.writeBigUInt64BE(BigInt(Math.floor(startByte / CIPHER_BLOCK_BYTES)), 8);
	const cipher = createCipheriv('aes-128-ctr', key, counter);
	cipher.update(Buffer.alloc(startByte % CIPHER_BLOCK_BYTES));
	const zeros = Buffer.alloc(Math.max(0, Math.min(CHUNK_BYTES, sizeBytes - startByte)));
	for (let left = sizeBytes - startByte; left > 0; left -= CHUNK_BYTES) {
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
	// In object mode, since a stream of bytes would copy the chunks that it has ready into one.
	return Readable.from(generateChunks(content));
}

export function generateBuffer(content: GeneratedContent): Buffer {
	return Buffer.concat([...generateChunks(content)]);
}
