import { createHash } from 'node:crypto';

import type { FileDigest } from '../../shared/transfer/partTarget';

/** SHA-1 of a file and of each of its parts, in one reading pass. Hexadecimal. */
export class Sha1Digest implements FileDigest {
	private readonly whole = createHash('sha1');

	update(content: Buffer): string {
		this.whole.update(content);
		return createHash('sha1').update(content).digest('hex');
	}

	soFar(): string {
		return this.whole.copy().digest('hex');
	}
}
