import type { Outcome } from '../failure';
import { failed, success } from '../failure';
import type { ByteSource } from './byteSource';

/**
 * Thrown by a source that cannot go on where it broke off: what it gives when it is opened again begins
 * at the first byte, and may be another file.
 */
export class StartOver extends Error {
	constructor(
		/** Whether the source knows that it is another file now. */
		readonly isOtherFile: boolean,
	) {
		super('The source can only be read from its beginning again');
	}
}

/** How often a file is read from its beginning. */
export const MAX_READS = 5;

/** Reads a file that is taken in one go, again when its source starts over with as many bytes. */
export async function readInOneGo<T>(
	source: Pick<ByteSource, 'sizeBytes' | 'readFailure'>,
	read: () => Promise<T>,
): Promise<Outcome<T>> {
	const { sizeBytes } = source;
	for (let reads = 1; ; reads++) {
		try {
			return success(await read());
		} catch (error) {
			const again = error instanceof StartOver && source.sizeBytes === sizeBytes;
			if (!again || reads >= MAX_READS) return failed(source.readFailure(error));
		}
	}
}
