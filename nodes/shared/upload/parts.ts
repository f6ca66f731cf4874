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
 * Cuts a stream into parts, joining each part's chunks once. An empty file is one empty part. Throws
 * SizeMismatch instead of giving a last part that would complete a file of another size.
 */
export async function* cutIntoParts(
	chunks: AsyncIterable<Buffer>,
	declaredBytes: number,
	partSizeBytes: number,
): AsyncGenerator<Part> {
	let pending: Buffer[] = [];
	let pendingBytes = 0;
	let offset = 0;
	const take = (sizeBytes: number): Buffer => {
		const joined = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
		const rest = joined.subarray(sizeBytes);
		pending = rest.length > 0 ? [rest] : [];
		pendingBytes = rest.length;
		return joined.subarray(0, sizeBytes);
	};
	for await (const chunk of chunks) {
		if (chunk.length === 0) continue;
		pending.push(chunk);
		pendingBytes += chunk.length;
		if (offset + pendingBytes > declaredBytes) {
			throw new SizeMismatch(declaredBytes, offset + pendingBytes);
		}
		// The part that reaches the declared end waits until the stream has really ended.
		while (pendingBytes >= partSizeBytes && offset + partSizeBytes < declaredBytes) {
			yield { offset, content: take(partSizeBytes), last: false };
			offset += partSizeBytes;
		}
	}
	if (offset + pendingBytes !== declaredBytes) {
		throw new SizeMismatch(declaredBytes, offset + pendingBytes);
	}
	yield { offset, content: take(pendingBytes), last: true };
}
