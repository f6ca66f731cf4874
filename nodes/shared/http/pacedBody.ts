import type { BodyProgress } from './bodyProgress';

/** What is handed to the socket at once. */
const PIECE_BYTES = 128 * 1024;

/**
 * A body that goes out piece by piece, each when the connection has taken the one before. Given a
 * Buffer, Node.js would copy it and encrypt all of it at once, and V8 would then collect its whole heap
 * again and again because of so much memory outside it. n8n's helper takes a Blob, and can read it
 * anew after a token refresh.
 */
export class PacedBody {
	readonly [Symbol.toStringTag] = 'Blob';
	readonly size: number;

	constructor(
		readonly content: Buffer,
		readonly type: string,
		private readonly progress: Pick<BodyProgress, 'begun' | 'took'>,
	) {
		this.size = content.length;
	}

	*stream(): Generator<Buffer> {
		this.progress.begun();
		// Shorter once it has been given back, when somebody has answered before the end.
		for (let start = 0; start < this.content.length; start += PIECE_BYTES) {
			const piece = this.content.subarray(start, start + PIECE_BYTES);
			yield piece;
			this.progress.took(piece.length);
		}
	}
}

export function byteLengthOf(body: Buffer | string | undefined): number {
	return body === undefined ? 0 : Buffer.byteLength(body);
}
