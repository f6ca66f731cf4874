import type { BufferPool } from './bufferPool';
import type { ConcurrencyLimiter } from './concurrencyLimiter';
import type { Room } from './memoryLimit';

/**
 * What the content of one request holds: its share of the memory limit, a buffer and a lane. Memory comes first, since
 * whoever waited for it in a lane would keep others from sending, and so from giving theirs back. All of it is given back
 * exactly once.
 */
export class PartSlot {
	private buffer: Buffer | undefined;
	private isHeld = true;

	constructor(
		private readonly room: Room,
		private readonly buffers: BufferPool,
	) {}

	/** The buffer to read the content into. */
	take(sizeBytes: number): Buffer {
		this.buffer = this.buffers.take(sizeBytes);
		return this.buffer;
	}

	/** Resolves when a lane is free; the work begins there when its turn has come, and all is given back when it ends. */
	async send(
		limiter: ConcurrencyLimiter,
		sizeBytes: number,
		work: () => Promise<void>,
		onThrow: (error: unknown) => void,
	): Promise<void> {
		await limiter.start(
			async () => {
				try {
					await work();
				} finally {
					this.drop();
				}
			},
			onThrow,
			sizeBytes,
		);
	}

	/** Nobody reads the content any more, so that the next one may go into its buffer. */
	giveBack(): void {
		if (this.isHeld && this.buffer !== undefined) this.buffers.giveBack(this.buffer);
		this.drop();
	}

	/** A request that failed may still read the content: its buffer is not used again. */
	drop(): void {
		if (this.isHeld) this.room.release();
		this.isHeld = false;
	}
}
