import type { Failure, Outcome } from '../failure';
import type { Part } from '../source/parts';
import type { Checkpoint } from './checkpoints';

/** A vendor's upload session, as far as its parts are concerned. */
export interface PartSession {
	readonly sessionId: string;
	readonly partSizeBytes: number;
	readonly expiresAtMs: number;
	/** For the checkpoint. */
	readonly sessionType?: string;
}

/** Hashes a file in order, in one pass, as its bytes come: a whole part at once would keep n8n waiting. */
export interface FileDigest {
	update(bytes: Buffer): void;
	/** Ends a part, and gives the hash that travels with it. */
	endPart(): string;
	/** Hash of all parts so far; at the end, of the file. */
	soFar(): string;
}

export interface HashedPart extends Part {
	readonly hash: string;
}

/** What a vendor says of parts that it may have already, from other files or an earlier try. */
export interface PartInquiry<S extends PartSession> {
	/** False when nothing is to be asked, or not any more. */
	readonly isOpen: boolean;
	/** Offsets of the parts that need not be sent: the session has them as if they had been. */
	partsThere(session: S, parts: readonly HashedPart[]): Promise<ReadonlySet<number>>;
}

/** What a vendor's upload session can do; the order of the calls is the pipeline's business. */
export interface PartTarget<S extends PartSession> {
	/** With how often it was repeated. */
	open(): Promise<Outcome<S> & { readonly retries?: number }>;
	/** The session of an earlier try; fails for a record that cannot be this vendor's. */
	reopen(record: Checkpoint): Promise<Outcome<S>>;
	newDigest(): FileDigest;
	send(session: S, part: HashedPart): Promise<Outcome<null>>;
	/** Absent at a vendor that cannot say. */
	readonly inquiry?: PartInquiry<S>;
	/** Whether the session itself is gone, so that only a new one helps. */
	isSessionLost(failure: Failure): boolean;
	/**
	 * Where the last part closes the session, and so goes alone when all others are in: how long it is at most, so that
	 * it takes little time. Absent where it goes with the others.
	 */
	readonly closingPartBytes?: number;
	/** Whether each part may go only when the one before it is in; default no. */
	takesInOrder?(session: S): boolean;
	/** Whether the session takes no more: all parts of whoever closed it are in. */
	isClosed(failure: Failure): boolean;
}
