import { createHash } from 'node:crypto';

import type { FileDigest } from '../../shared/transfer/partTarget';

/** SHA-1 of a file and of each of its parts, in one reading pass. Hexadecimal. */
export class Sha1Digest implements FileDigest {
	private readonly whole = createHash('sha1');
	private part = createHash('sha1');

	update(bytes: Buffer): void {
		this.whole.update(bytes);
		this.part.update(bytes);
	}

	endPart(): string {
		const hash = this.part.digest('hex');
		this.part = createHash('sha1');
		return hash;
	}

	soFar(): string {
		return this.whole.copy().digest('hex');
	}
}
