/** Longest answer that is read: errors are short, replies may hold 1,000 entries. */
export const MAX_ERROR_BYTES = 1024 * 1024;
export const MAX_REPLY_BYTES = 16 * 1024 * 1024;

/** Longest time an answer's body may take once its headers are in. */
const REPLY_BODY_TIMEOUT_MS = 120_000;

/** A response body as n8n hands it out with `encoding: 'stream'`. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
	destroy(error?: Error): unknown;
}

export function isByteStream(value: unknown): value is ByteStream {
	return (
		typeof value === 'object' &&
		value !== null &&
		Symbol.asyncIterator in value &&
		'destroy' in value
	);
}

/** The whole text, or `undefined` when it is longer than `maxBytes`. Throws when the stream breaks or stalls. */
export async function readReplyText(
	body: ByteStream,
	maxBytes: number,
): Promise<string | undefined> {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	const signal = AbortSignal.timeout(REPLY_BODY_TIMEOUT_MS);
	const iterator = body[Symbol.asyncIterator]();
	let stall = (): void => {};
	// n8n's stream does not end when it is destroyed while its source says nothing.
	const stalled = new Promise<never>((_, reject) => {
		stall = () => reject(new Error('The response stalled'));
		signal.addEventListener('abort', stall);
	});
	stalled.catch(() => {});
	try {
		for (;;) {
			const next = iterator.next();
			next.catch(() => {});
			const piece = await Promise.race([next, stalled]);
			if (piece.done) break;
			sizeBytes += piece.value.byteLength;
			if (sizeBytes > maxBytes) return undefined;
			chunks.push(piece.value);
		}
	} finally {
		signal.removeEventListener('abort', stall);
		body.destroy();
	}
	return Buffer.concat(chunks).toString('utf8');
}
