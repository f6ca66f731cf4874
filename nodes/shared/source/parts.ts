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
 * empty part. Throws SizeMismatch instead of giving a last part that would complete a file of another
 * size; where no size is declared, the file ends where the stream ends.
 */
export async function* cutIntoParts(
	chunks: AsyncIterable<Buffer>,
	declaredBytes: number | undefined,
	partSizeBytes: number,
	allocate: (sizeBytes: number) => Buffer = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes),
): AsyncGenerator<Part> {
	let offset = 0;
	let filled = 0;
	let part: Buffer | undefined;
	let readBytes = 0;
	/** Waits for the end of the stream, or where no size is declared for the next byte. */
	let full: Part | undefined;
	const endBytes = declaredBytes ?? Infinity;
	for await (const chunk of chunks) {
		readBytes += chunk.length;
		if (readBytes > endBytes) throw new SizeMismatch(endBytes, readBytes);
		for (let taken = 0; taken < chunk.length;) {
			if (full !== undefined) yield full;
			full = undefined;
			const wanted = Math.min(partSizeBytes, endBytes - offset);
			const piece = chunk.subarray(taken, taken + wanted - filled);
			taken += piece.length;
			part ??= allocate(wanted);
			piece.copy(part, filled);
			filled += piece.length;
			if (filled < wanted) continue;
			full = { offset, content: part, last: false };
			offset += wanted;
			filled = 0;
			part = undefined;
			if (declaredBytes === undefined || offset === declaredBytes) continue;
			yield full;
			full = undefined;
		}
	}
	if (declaredBytes !== undefined && readBytes !== declaredBytes) {
		throw new SizeMismatch(declaredBytes, readBytes);
	}
	const rest = { offset, content: part?.subarray(0, filled) ?? Buffer.alloc(0) };
	yield { ...(full ?? rest), last: true };
}
