import type { Failure } from '../failure';
import type { Thrown } from '../net';
import type { PartBuffers } from './bufferPool';
import type { Checkpoint, OwnCheckpoint } from './checkpoints';
import type { ConcurrencyLimiter } from './concurrencyLimiter';
import type { MemoryLimit } from './memoryLimit';

/** What filling a session gets to work with. */
export interface PartContext {
	readonly limiter: ConcurrencyLimiter;
	readonly buffers: PartBuffers;
	readonly memory: MemoryLimit;
	readonly memoryLimitBytes: number;
	/** The same while parts of this size are sent. */
	readonly memoryForParts: (partSizeBytes: number) => number;
	readonly note: OwnCheckpoint;
	/** What the user hands back. */
	readonly resumeFrom: Checkpoint | undefined;
	readonly cancelSignal: AbortSignal | undefined;
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	readonly thrown: Thrown;
	readonly onBytes: (sizeBytes: number) => void;
	/** Called once when nothing is left to read, so that the next file can be begun. */
	readonly onRead: () => void;
}
