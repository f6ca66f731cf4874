import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';

import type { StreamDigest } from '../../shared/source/origin';
import type { FileDigest } from '../../shared/transfer/partTarget';
import { Turns } from '../../shared/turns';

/** Dropbox hashes files in blocks: SHA-256 over the SHA-256 of each. https://www.dropbox.com/developers/reference/content-hash */
export const BLOCK_BYTES = 4 * 1024 * 1024;
/** As Dropbox calls it. */
export const CONTENT_HASH = 'content_hash';

/** Hashing takes 1 ms for 1 to 2 MB; another thread would first have to be given a copy. */
export function contentHashOf(content: Buffer): string {
	const digest = new ContentDigest();
	digest.update(content);
	return digest.endPart();
}

const HASHED_BETWEEN_TURNS_BYTES = 1024 * 1024;

/** The same with a turn for n8n from time to time. */
export async function contentHashInTurns(content: Buffer): Promise<string> {
	const digest = new ContentDigest();
	const turns = new Turns();
	for (let at = 0; at < content.length; at += HASHED_BETWEEN_TURNS_BYTES) {
		digest.update(content.subarray(at, at + HASHED_BETWEEN_TURNS_BYTES));
		await turns.next();
	}
	return digest.endPart();
}

/**
 * The content hash of a file and of each of its parts in one pass: parts are multiples of 4 MiB, so
 * both are made of the same block hashes.
 */
export class ContentDigest implements FileDigest, StreamDigest {
	private readonly whole = createHash('sha256');
	private part: Hash | undefined;
	private block: Hash | undefined;
	private blockBytes = 0;

	update(bytes: Buffer): void {
		for (let at = 0; at < bytes.length;) {
			const piece = bytes.subarray(at, at + BLOCK_BYTES - this.blockBytes);
			this.block ??= createHash('sha256');
			this.block.update(piece);
			this.blockBytes += piece.length;
			at += piece.length;
			if (this.blockBytes === BLOCK_BYTES) this.endBlock();
		}
	}

	endPart(): string {
		this.endBlock();
		const { part = createHash('sha256') } = this;
		this.part = undefined;
		return part.digest('hex');
	}

	soFar(): string {
		return this.whole.copy().digest('hex');
	}

	hex(): string {
		this.endPart();
		return this.soFar();
	}

	private endBlock(): void {
		if (this.block === undefined) return;
		const hash = this.block.digest();
		this.part ??= createHash('sha256');
		this.part.update(hash);
		this.whole.update(hash);
		this.block = undefined;
		this.blockBytes = 0;
	}
}
