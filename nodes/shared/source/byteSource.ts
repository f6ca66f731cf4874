import type { Failure } from '../failure';
import type { Origin } from './origin';

/** A file as the pipeline sees it. */
export interface ByteSource {
	/** Undefined where it shows only at the end. A source that starts over may have another one then. */
	readonly sizeBytes: number | undefined;
	/** True where opening it brings all bytes into memory at once. */
	readonly readsWhole: boolean;
	/** The bytes from the beginning; stores that can give them in chunks of this size. */
	open(chunkSizeBytes: number): AsyncIterable<Buffer>;
	/** The failure for what reading threw. */
	readFailure(error: unknown): Failure;
	/** Of a file from a cloud. */
	readonly origin?: Origin;
	/** Nobody will open it any more. */
	close?(): void;
}

/** One whose size is known before a byte is read. */
export interface SizedSource extends ByteSource {
	readonly sizeBytes: number;
}

export function hasSize(source: ByteSource): source is SizedSource {
	return source.sizeBytes !== undefined;
}
