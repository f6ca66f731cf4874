/** Takes part of the memory; give it back exactly once. */
export interface Room {
	release(): void;
}

interface Waiting {
	readonly sizeBytes: number;
	readonly limitBytes: number;
	enter(): void;
}

/**
 * How many bytes of file content all uploads of this process hold at once. A request waits its turn;
 * one that is larger than the limit goes alone.
 */
export class MemoryLimit {
	private heldBytes = 0;
	private readonly waiting: Waiting[] = [];

	get held(): number {
		return this.heldBytes;
	}

	/** Whether a request would get its room without waiting. */
	hasRoom(sizeBytes: number, limitBytes: number): boolean {
		return sizeBytes === 0 || (this.waiting.length === 0 && this.fits(sizeBytes, limitBytes));
	}

	/**
	 * Each caller brings its own limit, since it is an option of the node. A cancelled one does not
	 * wait and gets no room. A size that nobody knows counts as the whole limit.
	 */
	async reserve(
		wantedBytes: number,
		limitBytes: number,
		cancelSignal?: AbortSignal,
	): Promise<Room> {
		// A number that is none would stay in the sum for ever, and let nobody in again.
		const sizeBytes = Number.isFinite(wantedBytes) ? wantedBytes : limitBytes;
		// Nobody may queue for nothing: it could hold what the first in the queue waits for.
		if (sizeBytes === 0 || cancelSignal?.aborted) return NO_ROOM;
		if (this.hasRoom(sizeBytes, limitBytes)) {
			this.heldBytes += sizeBytes;
		} else if (!(await this.turn(sizeBytes, limitBytes, cancelSignal))) {
			return NO_ROOM;
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

	/** False when the execution was cancelled while it waited. */
	private async turn(
		sizeBytes: number,
		limitBytes: number,
		cancelSignal: AbortSignal | undefined,
	): Promise<boolean> {
		return await new Promise<boolean>((resolve) => {
			const leave = (): void => {
				this.waiting.splice(this.waiting.indexOf(mine), 1);
				resolve(false);
				this.admit();
			};
			const mine: Waiting = {
				sizeBytes,
				limitBytes,
				enter: () => {
					cancelSignal?.removeEventListener('abort', leave);
					resolve(true);
				},
			};
			cancelSignal?.addEventListener('abort', leave, { once: true });
			this.waiting.push(mine);
		});
	}

	private fits(sizeBytes: number, limitBytes: number): boolean {
		return this.heldBytes === 0 || this.heldBytes + sizeBytes <= limitBytes;
	}

	/** First come, first served: a large request is not overtaken for ever by small ones. */
	private admit(): void {
		for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
			if (!this.fits(first.sizeBytes, first.limitBytes)) return;
			this.waiting.shift();
			this.heldBytes += first.sizeBytes;
			first.enter();
		}
	}
}

const NO_ROOM: Room = { release: () => {} };

/** The one limit of this process: all executions share it. */
export const processMemory = new MemoryLimit();
