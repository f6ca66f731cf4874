/** Dropbox's content hash: SHA-256 over the SHA-256 of each block of 4 MiB. */
import { createHash, type Hash } from 'node:crypto';
import type { GeneratedContent } from '../../engine/types';
import { chunksOfContent, type ReadableContent } from '../core/content';

export const blockBytes = 4 * 1024 * 1024;

/** Digests of whole blocks, and the one that is being filled. */
export class BlockHasher {
	private readonly full: Buffer[] = [];
	private tail: Hash | undefined;
	private tailBytes = 0;

	update(chunk: Buffer): void {
		let rest = chunk;
		while (rest.length > 0) {
			const piece = rest.subarray(0, blockBytes - this.tailBytes);
			this.tail ??= createHash('sha256');
			this.tail.update(piece);
			this.tailBytes += piece.length;
			rest = rest.subarray(piece.length);
			if (this.tailBytes === blockBytes) {
				this.full.push(this.tail.digest());
				this.tail = undefined;
				this.tailBytes = 0;
			}
		}
	}

	get size(): number {
		return this.full.length * blockBytes + this.tailBytes;
	}

	/** At a block's boundary: what comes next can be hashed on its own and appended. */
	get isAligned(): boolean {
		return this.tailBytes === 0;
	}

	/** Of all blocks, the unfinished one included; hashing can go on afterwards. */
	digests(): Buffer[] {
		return this.tail ? [...this.full, this.tail.copy().digest()] : [...this.full];
	}

	/** Takes over what another one has hashed from this one's boundary on. */
	append(next: BlockHasher): void {
		if (!this.isAligned) throw new Error('blocks can be appended at a boundary only');
		this.full.push(...next.full);
		this.tail = next.tail?.copy();
		this.tailBytes = next.tailBytes;
	}

	/** An independent one that goes on from this one's unfinished block, without the full ones. */
	forkTail(): BlockHasher {
		const fork = new BlockHasher();
		fork.tail = this.tail?.copy();
		fork.tailBytes = this.tailBytes;
		return fork;
	}

	/** Puts in place of the unfinished block what a fork made of it. */
	join(fork: BlockHasher): void {
		this.tail = undefined;
		this.tailBytes = 0;
		this.append(fork);
	}

	hex(): string {
		return hashOfBlocks(this.digests());
	}
}

export function hashOfBlocks(digests: readonly Buffer[]): string {
	const hash = createHash('sha256');
	for (const digest of digests) hash.update(digest);
	return hash.digest('hex');
}

export function contentHash(bytes: Buffer): string {
	const hasher = new BlockHasher();
	hasher.update(bytes);
	return hasher.hex();
}

/** A file's bytes: the hash always, the bytes themselves while they are few. */
export interface StoredContent {
	readonly size: number;
	readonly contentHash: string;
	readonly bytes: Buffer | undefined;
	/** What the bytes can be made of again. */
	readonly generated?: GeneratedContent;
}

/** Of any size, as its bytes are not kept. */
export function generatedContent(generated: GeneratedContent): StoredContent {
	const hasher = new BlockHasher();
	for (const chunk of chunksOfContent(generated)) hasher.update(chunk);
	return { size: generated.sizeBytes, contentHash: hasher.hex(), bytes: undefined, generated };
}

/** What a client can read back. */
export function readable({ bytes, generated, size }: StoredContent): ReadableContent {
	const content = bytes ?? generated;
	if (content === undefined) throw new Error(`The bytes of a file of ${size} bytes are not kept`);
	return content;
}

export function storedContent(bytes: Buffer, keepBytesUpTo: number): StoredContent {
	const { length: size } = bytes;
	return {
		size,
		contentHash: contentHash(bytes),
		bytes: size <= keepBytesUpTo ? bytes : undefined,
	};
}
