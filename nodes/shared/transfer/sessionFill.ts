import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import type { Thrown } from '../net';
import { beside } from '../net';
import type { BufferPool, PartBuffers } from './bufferPool';
import type { ByteSource } from '../source/byteSource';
import type { ConcurrencyLimiter } from './concurrencyLimiter';
import type { MemoryLimit, Room } from './memoryLimit';
import { cutIntoParts } from '../source/parts';
import type { HashedPart, PartSession, PartTarget } from './partTarget';
import type { OwnCheckpoint, Checkpoint } from './checkpoints';
import { StartOver } from '../source/restart';

/** What filling a session gets to work with. */
export interface PartContext {
	readonly limiter: ConcurrencyLimiter;
	readonly buffers: PartBuffers;
	readonly memory: MemoryLimit;
	readonly memoryLimitBytes: number;
	readonly note: OwnCheckpoint;
	/** A record that the user hands back. */
	readonly resumeFrom: Checkpoint | undefined;
	readonly cancelSignal: AbortSignal | undefined;
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	readonly thrown: Thrown;
	readonly onBytes: (sizeBytes: number) => void;
	/** Called once when nothing is left to read, so that the next file can be begun. */
	readonly onRead: () => void;
}

/** A session that has all bytes of the file, ready for its commit. */
export interface FilledSession<S> {
	readonly session: S;
	readonly sizeBytes: number;
	/** Of the whole file, as `FileDigest` computes it. */
	readonly hash: string;
	/** With it a later try can go straight to the commit. */
	readonly record: Checkpoint;
}

interface PartToSend {
	readonly part: HashedPart;
	/** Its share of the memory limit, given back when it is sent. */
	readonly room: Room;
}

/** Small enough that V8 gets rid of chunks cheaply, large enough to read fast. */
const READ_CHUNK_BYTES = 256 * 1024;

/** One session being filled. */
export class SessionFill<S extends PartSession> {
	/** The file is not the one that the earlier try began with, or may not be. */
	private newReading: 'file changed' | 'read again' | undefined;
	private readonly digest;
	private readonly buffers: BufferPool;
	private readonly sending: Array<Promise<void>> = [];
	private readonly received = new Map<
		number,
		{ readonly end: number; readonly prefixHash: string }
	>();
	private mark = 0;
	private markHash = '';
	private readBytes = 0;
	/** Of the whole file, once its closing part goes out. */
	private fileHash: string | undefined;
	private firstFailure: Failure | undefined;
	private saving: Promise<void> = Promise.resolve();

	constructor(
		private readonly source: ByteSource,
		private readonly target: PartTarget<S>,
		private readonly context: PartContext,
		private readonly session: S,
		private readonly record: Checkpoint | undefined,
		private readonly mayReadAgain: boolean,
	) {
		this.digest = target.newDigest();
		this.buffers = context.buffers.of(session.partSizeBytes);
	}

	async run(): Promise<Outcome<FilledSession<S>> | 'file changed' | 'read again'> {
		const last = await this.sendAllButLast();
		await Promise.all(this.sending);
		try {
			if (last !== undefined && this.mayGoOn()) await this.sendLast(last);
		} finally {
			last?.room.release();
		}
		await this.saving;
		if (this.firstFailure === undefined) {
			if (this.newReading !== undefined) return this.newReading;
			const { session, readBytes: sizeBytes } = this;
			const hash = this.digest.soFar();
			return success({ session, sizeBytes, hash, record: this.currentRecord() });
		}
		return failed({
			...this.firstFailure,
			resume: { ...this.firstFailure.resume, ...this.resumeInfo() },
		});
	}

	/** Reads the whole file; gives back the part that has to go last, where there is such a one. */
	private async sendAllButLast(): Promise<PartToSend | undefined> {
		const { session, source, target } = this;
		const parts = cutIntoParts(
			source.open(READ_CHUNK_BYTES),
			source.sizeBytes,
			session.partSizeBytes,
			(sizeBytes) => this.buffers.take(sizeBytes),
		);
		let last: PartToSend | undefined;
		let room: Room | undefined;
		try {
			for (let offset = 0; ; offset += session.partSizeBytes) {
				room = await this.roomFor(offset);
				const next = this.mayGoOn() ? await parts.next() : undefined;
				if (next === undefined || next.done === true) break;
				const part = { ...next.value, hash: this.digest.update(next.value.content) };
				this.readBytes = part.offset + part.content.length;
				if (this.wasSent(part)) {
					room.release();
					continue;
				}
				const toSend = { part, room };
				room = undefined;
				if (part.last && target.lastPartCloses) last = toSend;
				else await this.dispatch(toSend);
			}
		} catch (error) {
			if (error instanceof StartOver && this.mayReadAgain) {
				this.newReading = error.isOtherFile ? 'file changed' : 'read again';
			} else {
				this.firstFailure ??= source.readFailure(error);
			}
		}
		room?.release();
		await parts.return(undefined);
		this.context.onRead();
		return last;
	}

	/** The note of it goes first: afterwards the session may be closed without us knowing. */
	private async sendLast(last: PartToSend): Promise<void> {
		if (this.target.lastPartCloses) {
			this.fileHash = this.digest.soFar();
			const closedWith = this.record?.fileHash;
			if (closedWith !== undefined && closedWith !== this.fileHash) {
				// The earlier try may have closed the session with another end.
				this.newReading = 'file changed';
				return;
			}
			this.save();
			await this.saving;
		}
		await this.dispatch(last);
		await Promise.all(this.sending);
	}

	private mayGoOn(): boolean {
		this.firstFailure ??= this.context.canceled();
		return this.firstFailure === undefined && this.newReading === undefined;
	}

	private async roomFor(offset: number): Promise<Room> {
		const { memory, memoryLimitBytes, cancelSignal } = this.context;
		const rest = Math.max(0, (this.source.sizeBytes ?? Infinity) - offset);
		const sizeBytes = this.source.readsWhole ? 0 : Math.min(rest, this.session.partSizeBytes);
		return await memory.reserve(sizeBytes, memoryLimitBytes, cancelSignal);
	}

	/** Whether the earlier try has sent this part; its hash decides whether that still counts. */
	private wasSent(part: HashedPart): boolean {
		const { record } = this;
		const end = part.offset + part.content.length;
		if (record === undefined || end > record.offset) return false;
		const isShorter = part.last && end < record.offset;
		if (isShorter || (end === record.offset && this.digest.soFar() !== record.prefixHash)) {
			this.newReading = 'file changed';
			return true;
		}
		this.received.set(part.offset, { end, prefixHash: this.digest.soFar() });
		this.buffers.giveBack(part.content);
		this.advance();
		this.context.onBytes(part.content.length);
		return true;
	}

	private async dispatch({ part, room }: PartToSend): Promise<void> {
		const prefixHash = this.digest.soFar();
		let finished: () => void = () => {};
		this.sending.push(new Promise<void>((resolve) => (finished = resolve)));
		await this.context.limiter.start(
			async () => {
				try {
					await this.send(part, prefixHash);
				} finally {
					room.release();
					finished();
				}
			},
			(error) => this.fail(error),
		);
	}

	private async send(part: HashedPart, prefixHash: string): Promise<void> {
		if (this.firstFailure !== undefined) return;
		const outcome = await this.target.send(this.session, part);
		if (outcome.ok || this.hasAllFromBefore(outcome.failure)) {
			this.context.onBytes(part.content.length);
			this.received.set(part.offset, { end: part.offset + part.content.length, prefixHash });
			this.buffers.giveBack(part.content);
			if (this.advance()) this.save();
		} else {
			this.firstFailure ??= outcome.failure;
		}
	}

	/** The earlier try has closed the session with this very file, and did not live to hear so. */
	private hasAllFromBefore(failure: Failure): boolean {
		const { record, target } = this;
		if (record?.fileHash === undefined || !target.isClosed(failure)) return false;
		return record.fileHash === this.fileHash;
	}

	/** One write after the other: two files take turns, and the later one must be the newer. */
	private save(): void {
		const record = this.currentRecord();
		const before = this.saving;
		this.saving = beside(
			async () => {
				await before;
				await this.context.note.save(record);
			},
			(error) => this.fail(error),
		);
	}

	private fail(error: unknown): void {
		this.firstFailure ??= this.context.thrown(error);
	}

	/** Moves the mark over all parts that are in without a gap. */
	private advance(): boolean {
		const before = this.mark;
		for (let next = this.received.get(this.mark); next; next = this.received.get(this.mark)) {
			this.received.delete(this.mark);
			this.mark = next.end;
			this.markHash = next.prefixHash;
			if (next.end === this.source.sizeBytes) break;
		}
		return this.mark > before;
	}

	private currentRecord(): Checkpoint {
		const { fileHash, mark, markHash } = this;
		const { sessionId, partSizeBytes, expiresAtMs } = this.session;
		const record = { sessionId, partSizeBytes, offset: mark, prefixHash: markHash, expiresAtMs };
		return fileHash === undefined ? record : { ...record, fileHash };
	}

	/** An earlier try may have got further than this one has read. */
	private resumeInfo(): Record<string, string | number> {
		const { mark, record } = this;
		if (record !== undefined && record.offset >= mark) return { ...record };
		return mark > 0 ? { ...this.currentRecord() } : {};
	}
}
