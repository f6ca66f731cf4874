/** Takes part of the memory; give it back exactly once. */
export interface Room {
	release(): void;
}

interface Waiting {
	readonly sizeBytes: number;
	readonly ceilingBytes: number;
	enter(): void;
}

/**
 * How many bytes of file content all uploads of this process hold at once. A request waits its turn;
 * one that is larger than the ceiling goes alone.
 */
export class MemoryCeiling {
	private heldBytes = 0;
	private readonly waiting: Waiting[] = [];

	get held(): number {
		return this.heldBytes;
	}

	/** Each caller brings its own ceiling, since it is an option of the node. */
	async reserve(sizeBytes: number, ceilingBytes: number): Promise<Room> {
		if (this.waiting.length > 0 || !this.fits(sizeBytes, ceilingBytes)) {
			await new Promise<void>((enter) => {
				this.waiting.push({ sizeBytes, ceilingBytes, enter });
			});
		} else {
			this.heldBytes += sizeBytes;
		}
		let held = true;
		return {
			release: () => {
				if (!held) return;
				held = false;
				this.heldBytes -= sizeBytes;
				this.admit();
			},
		};
	}

	private fits(sizeBytes: number, ceilingBytes: number): boolean {
		return this.heldBytes === 0 || this.heldBytes + sizeBytes <= ceilingBytes;
	}

	/** First come, first served: a large request is not overtaken for ever by small ones. */
	private admit(): void {
		for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
			if (!this.fits(first.sizeBytes, first.ceilingBytes)) return;
			this.waiting.shift();
			this.heldBytes += first.sizeBytes;
			first.enter();
		}
	}
}

/** The one ceiling of this process: all executions share it. */
export const processMemory = new MemoryCeiling();
