/** Upload sessions: what may be appended where, when a session counts as closed, and what it holds. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock';
import { BlockHasher, blockBytes, hashOfBlocks, type StoredContent } from './contentHash';
import { tag, type Tagged } from './errors';
import type { DropboxSettings } from './settings';

export type SessionType = 'sequential' | 'concurrent';

/** Bytes on their way into a session. Nothing changes until `store`, which checks once more. */
export interface Staged {
	write(chunk: Buffer): void;
	/** The hash of these bytes alone, where it falls out of hashing them for the file. */
	readonly ownHash: string | undefined;
	/** Undefined: stored. Else the lookup error (`incorrect_offset`, `closed` ...). */
	store(close: boolean): Tagged | undefined;
}

/** Different bytes for an offset that is taken: Dropbox answers HTTP 400 with a text. */
export class DifferentData extends Error {}

export class Session {
	isClosed = false;
	/** Used up by a commit: from then on nobody finds it. */
	isLost = false;
	private sequential = new BlockHasher();
	/** Concurrent sessions: blocks by their number. */
	private readonly blocks = new Map<number, { digest: Buffer; size: number }>();
	/** Bytes by offset, while the file is small enough to be kept. */
	private kept: Map<number, Buffer> | undefined = new Map();

	constructor(
		readonly id: string,
		readonly type: SessionType,
		readonly accountId: string,
		readonly startedAtMs: number,
		private readonly limits: Pick<DropboxSettings, 'maxFileBytes' | 'keepBytesUpTo'>,
	) {}

	/** Sequential: bytes received. Concurrent: the end of the last block received. */
	get size(): number {
		if (this.type === 'sequential') return this.sequential.size;
		let end = 0;
		for (const [number, { size }] of this.blocks) end = Math.max(end, number * blockBytes + size);
		return end;
	}

	/** Why bytes cannot go to this offset, as far as that shows before they arrive. */
	refusalAt(offset: number): Tagged | undefined {
		if (this.isLost) return tag('not_found');
		if (this.isClosed) return tag('closed');
		if (this.type === 'sequential') {
			return offset === this.size ? undefined : incorrectOffset(this.size);
		}
		return offset % blockBytes === 0 ? undefined : tag('concurrent_session_invalid_offset');
	}

	stage(offset: number): Staged {
		return this.type === 'sequential' ? this.stageSequential(offset) : this.stagePart(offset);
	}

	/** Undefined when every byte is there and the session is closed. */
	get gap(): 'concurrent_session_not_closed' | 'concurrent_session_missing_data' | undefined {
		if (this.type === 'sequential') return undefined;
		if (!this.isClosed) return 'concurrent_session_not_closed';
		const isWhole = this.blocks.size === Math.ceil(this.size / blockBytes);
		return isWhole ? undefined : 'concurrent_session_missing_data';
	}

	content(): StoredContent {
		const { size } = this;
		const pieces = [...(this.kept ?? [])].sort(([one], [other]) => one - other);
		const bytes = this.kept && Buffer.concat(pieces.map(([, piece]) => piece));
		if (this.type === 'sequential') return { size, contentHash: this.sequential.hex(), bytes };
		const digests = [...this.blocks].sort(([one], [other]) => one - other);
		const contentHash = hashOfBlocks(digests.map(([, { digest }]) => digest));
		return { size, contentHash, bytes };
	}

	private stageSequential(offset: number): Staged {
		const fork = this.sequential.forkTail();
		const isAligned = fork.isAligned;
		const pieces = this.keeper();
		let bytes = 0;
		return {
			get ownHash() {
				return isAligned ? fork.hex() : undefined;
			},
			write: (chunk) => {
				bytes += chunk.length;
				fork.update(chunk);
				pieces.add(chunk);
			},
			store: (close) => {
				const refusal = this.refusalAt(offset) ?? this.refusalOfSize(offset + bytes);
				if (refusal) return refusal;
				this.sequential.join(fork);
				pieces.keep(offset);
				this.isClosed = close;
				return undefined;
			},
		};
	}

	private stagePart(offset: number): Staged {
		const part = new BlockHasher();
		const pieces = this.keeper();
		return {
			get ownHash() {
				return part.hex();
			},
			write: (chunk) => {
				part.update(chunk);
				pieces.add(chunk);
			},
			store: (close) => {
				const end = offset + part.size;
				const refusal = this.refusalAt(offset) ?? this.refusalOfSize(end);
				if (refusal) return refusal;
				if (!close && !part.isAligned) return tag('concurrent_session_invalid_data_size');
				const first = offset / blockBytes;
				const digests = part.digests();
				const known = digests.map((_, index) => this.blocks.get(first + index));
				if (known.some((block, index) => block && !block.digest.equals(digests[index] as Buffer))) {
					throw new DifferentData();
				}
				// The same bytes again: the first answer was lost, and this one says how far they reach.
				if (known.length > 0 && known.every(Boolean)) return incorrectOffset(end);
				for (const [index, digest] of digests.entries()) {
					const size = Math.min(blockBytes, part.size - index * blockBytes);
					this.blocks.set(first + index, { digest, size });
				}
				pieces.keep(offset);
				this.isClosed = close;
				return undefined;
			},
		};
	}

	private refusalOfSize(end: number): Tagged | undefined {
		return end > this.limits.maxFileBytes ? tag('too_large') : undefined;
	}

	private keeper(): { add(chunk: Buffer): void; keep(offset: number): void } {
		const chunks: Buffer[] = [];
		let bytes = 0;
		return {
			add: (chunk) => {
				bytes += chunk.length;
				if (this.kept && bytes <= this.limits.keepBytesUpTo) chunks.push(Buffer.from(chunk));
				else chunks.length = 0;
			},
			keep: (offset) => {
				if (this.size > this.limits.keepBytesUpTo) this.kept = undefined;
				else if (bytes > 0) this.kept?.set(offset, Buffer.concat(chunks));
			},
		};
	}
}

export class Sessions {
	private sessions = new Map<string, Session>();

	constructor(
		private readonly settings: DropboxSettings,
		private readonly clock: Clock,
	) {}

	start(type: SessionType, accountId: string): Session {
		const session = new Session(this.newId(), type, accountId, this.clock.now(), this.settings);
		this.sessions.set(session.id, session);
		return session;
	}

	/** Undefined when unknown, somebody else's, expired or used up. */
	find(id: string, accountId: string): Session | undefined {
		const session = this.sessions.get(id);
		if (!session || session.isLost || session.accountId !== accountId) return undefined;
		const ageMs = this.clock.now() - session.startedAtMs;
		return ageMs < this.settings.sessionLifetimeMs ? session : undefined;
	}

	lose(id: string): void {
		const session = this.sessions.get(id);
		if (!session) throw new Error('no such session');
		session.isLost = true;
		this.sessions.delete(id);
	}

	all(): Session[] {
		return [...this.sessions.values()];
	}

	reset(): void {
		for (const session of this.sessions.values()) session.isLost = true;
		this.sessions = new Map();
	}

	private newId(): string {
		const random = randomBytes(this.settings.sessionIdLength).toString('base64url');
		return `pid_upload_session:${random}`.slice(0, this.settings.sessionIdLength);
	}
}

function incorrectOffset(correctOffset: number): Tagged {
	return tag('incorrect_offset', { correct_offset: correctOffset });
}
