import type { Checkpoint } from './checkpoints';

/** A session that has all bytes of the file, ready for its commit. */
export interface FilledSession<S> {
	readonly session: S;
	readonly sizeBytes: number;
	/** Of the whole file, as `FileDigest` computes it. */
	readonly hash: string;
	/** With it a later try can go straight to the commit. */
	readonly checkpoint: Checkpoint;
}
