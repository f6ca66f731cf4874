/** A file's content that a client can read back: bytes that are kept, or such that are made again. */
import { generateChunks } from '../../engine/generate';
import type { GeneratedContent } from '../../engine/types';

export type ReadableContent = Buffer | GeneratedContent;

const stepBytes = 64 * 1024;

export function sizeOfContent(content: ReadableContent): number {
	return Buffer.isBuffer(content) ? content.length : content.sizeBytes;
}

/** From `startByte` on. */
export function* chunksOfContent(content: ReadableContent, startByte = 0): Generator<Buffer> {
	if (!Buffer.isBuffer(content)) {
		yield* generateChunks(content, startByte);
		return;
	}
	for (let at = startByte; at < content.length; at += stepBytes) {
		yield content.subarray(at, at + stepBytes);
	}
}
