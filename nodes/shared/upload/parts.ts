/** A piece of a file: `partSizeBytes` long, the last one shorter. */
export interface Part {
	readonly offset: number;
	readonly content: Buffer;
	readonly last: boolean;
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
 * empty part. Throws SizeMismatch instead of giving a last
 * part that would complete a file of another size.
 */
export async function* cutIntoParts(
	chunks: AsyncIterable<Buffer>,
	declaredBytes: number,
	partSizeBytes: number,
	allocate: (sizeBytes: number) => Buffer = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes),
): AsyncGenerator<Part> {
	let offset = 0;
	let filled = 0;
	let part: Buffer | undefined;
	let readBytes = 0;
	let full: Part | undefined;
	for await (const chunk of chunks) {
		readBytes += chunk.length;
		if (readBytes > declaredBytes) throw new SizeMismatch(declaredBytes, readBytes);
		for (let taken = 0; taken < chunk.length;) {
			const wanted = Math.min(partSizeBytes, declaredBytes - offset);
			const piece = chunk.subarray(taken, taken + wanted - filled);
			taken += piece.length;
			part ??= allocate(wanted);
			piece.copy(part, filled);
			filled += piece.length;
			if (filled < wanted) continue;
			full = { offset, content: part, last: offset + wanted === declaredBytes };
			offset += wanted;
			filled = 0;
			part = undefined;
			// The last part waits until the stream has really ended.
			if (!full.last) yield full;
		}
	}
	if (readBytes !== declaredBytes) throw new SizeMismatch(declaredBytes, readBytes);
	yield full?.last === true ? full : { offset: 0, content: Buffer.alloc(0), last: true };
}
