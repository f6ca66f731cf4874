import type { ByteSource } from '../source/byteSource';

interface Prefix {
	/** All bytes before this are in. */
	readonly end: number;
	/** Hash of those bytes. */
	readonly prefixHash: string;
}

/** Which parts of a file are in, in whatever order they came; a checkpoint says how far there is no gap. */
export class ReceivedParts {
	withoutGap: Prefix = { end: 0, prefixHash: '' };
	private readonly beyond = new Map<number, Prefix>();

	constructor(private readonly source: Pick<ByteSource, 'sizeBytes'>) {}

	/** True when there is no gap further than before. */
	add(offset: number, part: Prefix): boolean {
		const before = this.withoutGap.end;
		this.beyond.set(offset, part);
		for (let next = this.next(); next !== undefined; next = this.next()) {
			this.beyond.delete(this.withoutGap.end);
			this.withoutGap = next;
			// An empty last part begins where it ends.
			if (next.end === this.source.sizeBytes) break;
		}
		return this.withoutGap.end > before;
	}

	private next(): Prefix | undefined {
		return this.beyond.get(this.withoutGap.end);
	}
}
