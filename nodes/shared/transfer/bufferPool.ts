/**
 * Buffers used again and again. Large buffers made anew for every part make V8 collect its whole heap
 * again and again: in n8n's heap that costs more than hashing and sending the part.
 */
export class BufferPool {
	private readonly free: Buffer[] = [];
	private closed = false;

	constructor(readonly sizeBytes: number) {}

	take(sizeBytes: number): Buffer {
		if (sizeBytes > this.sizeBytes) return Buffer.allocUnsafeSlow(sizeBytes);
		const buffer = this.free.pop() ?? Buffer.allocUnsafeSlow(this.sizeBytes);
		return buffer.subarray(0, sizeBytes);
	}

	/** Only for content that nobody reads any more. */
	giveBack(content: Buffer): void {
		if (this.closed || content.buffer.byteLength !== this.sizeBytes) return;
		this.free.push(Buffer.from(content.buffer, 0, this.sizeBytes));
	}

	/** Nothing will be taken any more, so nothing is kept either. */
	close(): void {
		this.closed = true;
		this.free.length = 0;
	}
}

/**
 * Buffers for the parts of files that are read one after the other. Those of the part size in use are
 * kept from file to file.
 */
export class PartBuffers {
	private pool: BufferPool | undefined;

	of(partSizeBytes: number): BufferPool {
		if (this.pool?.sizeBytes !== partSizeBytes) {
			this.pool?.close();
			this.pool = new BufferPool(partSizeBytes);
		}
		return this.pool;
	}

	/** All files have been read: what is still on its way isn't kept for others, and counts in no memory limit. */
	close(): void {
		this.pool?.close();
		this.pool = undefined;
	}
}
