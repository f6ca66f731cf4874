/** A piece of a file; see PartSizes. */
export interface Part {
	readonly offset: number;
	readonly content: Buffer;
	readonly last: boolean;
}

/** Where a file is cut. */
export interface PartSizes {
	readonly partSizeBytes: number;
	/** Where the last part of a file of known size would be longer, it is cut once more. Default: never. */
	readonly lastPartBytes?: number | undefined;
}

/** Where the part ends that begins at this offset. */
export function endOfPart(
	offset: number,
	sizeBytes: number | undefined,
	{ partSizeBytes, lastPartBytes = partSizeBytes }: PartSizes,
): number {
	const end = Math.min(offset + partSizeBytes, sizeBytes ?? Infinity);
	const isTooLong = end === sizeBytes && end - offset > lastPartBytes;
	return isTooLong ? end - (((end - offset - 1) % lastPartBytes) + 1) : end;
}

/** Whether a part of the file begins here, or the file ends. */
export function isBetweenParts(
	offset: number,
	sizeBytes: number | undefined,
	sizes: PartSizes,
): boolean {
	if (offset === sizeBytes) return true;
	if (offset > (sizeBytes ?? Infinity)) return false;
	const intoPart = offset % sizes.partSizeBytes;
	return intoPart === 0 || endOfPart(offset - intoPart, sizeBytes, sizes) === offset;
}

/** The bytes did not amount to the size that was declared. */
export class SizeMismatch extends Error {
	constructor(
		readonly declaredBytes: number,
		readonly readBytes: number,
	) {
		super('The file is shorter or longer than declared');
	}
}

/**
 * Cuts a stream into parts, copying each chunk before the next one is asked for. An empty file is one
 * empty part. Throws SizeMismatch instead of giving a last part that would complete a file of another
 * size; where no size is declared, the file ends where the stream ends. `onCopied` gets the bytes of a part
 * as they come, all of them before the part is given.
 */
export async function* cutIntoParts(
	chunks: AsyncIterable<Buffer>,
	declaredBytes: number | undefined,
	sizes: PartSizes,
	allocate: (sizeBytes: number) => Buffer = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes),
	onCopied: (bytes: Buffer) => void = () => {},
): AsyncGenerator<Part> {
	const cutter = new Cutter(declaredBytes, sizes, allocate, onCopied);
	for await (const chunk of chunks) yield* cutter.add(chunk);
	yield cutter.end();
}

class Cutter {
	private offset = 0;
	private filled = 0;
	private part: Buffer | undefined;
	private readBytes = 0;
	/** Waits for the end of the stream, or where no size is declared for the next byte. */
	private full: Part | undefined;
	private readonly endBytes: number;

	constructor(
		private readonly declaredBytes: number | undefined,
		private readonly sizes: PartSizes,
		private readonly allocate: (sizeBytes: number) => Buffer,
		private readonly onCopied: (bytes: Buffer) => void,
	) {
		this.endBytes = declaredBytes ?? Infinity;
	}

	/** The parts that a chunk makes full. */
	*add(chunk: Buffer): Generator<Part> {
		this.readBytes += chunk.length;
		if (this.readBytes > this.endBytes) throw new SizeMismatch(this.endBytes, this.readBytes);
		for (let taken = 0; taken < chunk.length;) {
			yield* this.takeFull();
			taken += this.copy(chunk, taken);
			const mayBeLast = this.declaredBytes === undefined || this.offset === this.declaredBytes;
			if (!mayBeLast) yield* this.takeFull();
		}
	}

	/** The last part; empty only where the whole file is. */
	end(): Part {
		const { declaredBytes, filled, full, offset, part, readBytes } = this;
		if (declaredBytes !== undefined && readBytes !== declaredBytes) {
			throw new SizeMismatch(declaredBytes, readBytes);
		}
		const rest = { offset, content: part?.subarray(0, filled) ?? Buffer.alloc(0) };
		return { ...(full ?? rest), last: true };
	}

	private *takeFull(): Generator<Part> {
		const { full } = this;
		this.full = undefined;
		if (full !== undefined) yield full;
	}

	/** As much of the chunk as goes into the part; gives how much that was. */
	private copy(chunk: Buffer, from: number): number {
		const wanted = endOfPart(this.offset, this.declaredBytes, this.sizes) - this.offset;
		const content = (this.part ??= this.allocate(wanted));
		const copied = chunk.copy(content, this.filled, from, from + wanted - this.filled);
		this.onCopied(content.subarray(this.filled, this.filled + copied));
		this.filled += copied;
		if (this.filled === wanted) {
			this.full = { offset: this.offset, content, last: false };
			this.offset += wanted;
			this.filled = 0;
			this.part = undefined;
		}
		return copied;
	}
}
