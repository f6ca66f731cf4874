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
	const stalled = AbortSignal.timeout(REPLY_BODY_TIMEOUT_MS);
	const giveUp = () => body.destroy(new Error('The answer stalled'));
	stalled.addEventListener('abort', giveUp);
	try {
		for await (const chunk of body) {
			sizeBytes += chunk.byteLength;
			if (sizeBytes > maxBytes) return undefined;
			chunks.push(chunk);
		}
	} finally {
		stalled.removeEventListener('abort', giveUp);
		body.destroy();
	}
	return Buffer.concat(chunks).toString('utf8');
}
