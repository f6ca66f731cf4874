import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { BufferPool } from './bufferPool';
import type { Lanes } from './lanes';
import type { MemoryCeiling, Room } from './memoryCeiling';
import type { Part } from './parts';
import { cutIntoParts } from './parts';
import type { ResumeNote, ResumeRecord } from './resume';
import { MAX_READS, StartOver } from './startOver';

/** A file as the pipeline sees it. */
export interface ByteSource {
	/** Undefined where it shows only at the end. A source that starts over may have another one then. */
	readonly sizeBytes: number | undefined;
	/** True where opening it brings all bytes into memory at once. */
	readonly readsWhole: boolean;
	/** The bytes from the beginning; stores that can give them in chunks of this size. */
	open(chunkSizeBytes: number): AsyncIterable<Buffer>;
	/** The failure for what reading threw. */
	readFailure(error: unknown): Failure;
	/** Nobody will open it any more. */
	close?(): void;
}

export interface SizedSource extends ByteSource {
	readonly sizeBytes: number;
}

export function hasSize(source: ByteSource): source is SizedSource {
	return source.sizeBytes !== undefined;
}

export interface PartSession {
	readonly sessionId: string;
	readonly partSizeBytes: number;
	readonly expiresAtMs: number;
}

/** Hashes a file in order, in one pass. */
export interface FileDigest {
	/** Takes the next part and gives the hash that travels with it. */
	update(content: Buffer): string;
	/** Hash of everything so far; at the end, of the file. */
	soFar(): string;
}

export interface HashedPart extends Part {
	readonly hash: string;
}

/** What a vendor's upload session can do; the order of the calls is the pipeline's business. */
export interface PartTarget<S extends PartSession> {
	open(): Promise<Outcome<S>>;
	/** The session of an earlier try; fails for a record that cannot be this vendor's. */
	reopen(record: ResumeRecord): Promise<Outcome<S>>;
	newDigest(): FileDigest;
	send(session: S, part: HashedPart): Promise<Outcome<null>>;
	/** Whether the session itself is gone, so that only a new one helps. */
	isSessionLost(failure: Failure): boolean;
	/** Whether the last part closes the session, and so goes when all others are in. */
	readonly lastPartCloses: boolean;
	/** Whether the session takes no more: all parts of whoever closed it are in. */
	isClosed(failure: Failure): boolean;
}

export interface PartSurroundings {
	readonly lanes: Lanes;
	readonly memory: MemoryCeiling;
	readonly memoryCeilingBytes: number;
	readonly note: ResumeNote;
	/** A record that the user hands back. */
	readonly resumeFrom: ResumeRecord | undefined;
	readonly cancelSignal: AbortSignal | undefined;
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	readonly onBytes: (sizeBytes: number) => void;
	/** Called once when nothing is left to read, so that the next file can be begun. */
	readonly onRead: () => void;
}

export interface FilledSession<S> {
	readonly session: S;
	readonly sizeBytes: number;
	/** Of the whole file, as `FileDigest` computes it. */
	readonly hash: string;
	/** With it a later try can go straight to the commit. */
	readonly record: ResumeRecord;
}

interface PartToSend {
	readonly part: HashedPart;
	/** Its share of the memory ceiling, given back when it is sent. */
	readonly room: Room;
}

const MAX_SESSIONS_PER_FILE = 3;
/** Small enough that V8 gets rid of chunks cheaply, large enough to read fast. */
const READ_CHUNK_BYTES = 256 * 1024;

/**
 * Brings one file into an upload session, several parts at a time, and goes on with the session of an
 * earlier try when the file is still the same.
 */
export async function uploadInParts<S extends PartSession>(
	source: ByteSource,
	target: PartTarget<S>,
	around: PartSurroundings,
): Promise<Outcome<FilledSession<S>>> {
	const { memory, memoryCeilingBytes, note, cancelSignal, resumeFrom } = around;
	const whole =
		source.readsWhole && hasSize(source)
			? await memory.reserve(source.sizeBytes, memoryCeilingBytes, cancelSignal)
			: undefined;
	try {
		let record = furthest([resumeFrom, await note.load()], source);
		let sessions = 1;
		for (let reads = 1; ; reads++) {
			const opened = record === undefined ? await target.open() : await target.reopen(record);
			if (!opened.ok && record === undefined) return opened;
			const mayReadAgain = reads < MAX_READS;
			const filled = opened.ok
				? await new SessionFill(source, target, around, opened.value, record, mayReadAgain).run()
				: opened;
			if (filled === 'read again') {
				record = await note.load();
				continue;
			}
			if (filled !== 'file changed') {
				if (filled.ok || sessions >= MAX_SESSIONS_PER_FILE) return filled;
				// An earlier session that cannot be reopened is as good as lost.
				if (opened.ok && !target.isSessionLost(filled.failure)) return filled;
			}
			sessions += 1;
			record = undefined;
			await note.clear();
		}
	} finally {
		whole?.release();
		around.onRead();
	}
}

/** A record must end with a part of this file, or its hash would never be compared. */
function furthest(
	records: ReadonlyArray<ResumeRecord | undefined>,
	{ sizeBytes }: ByteSource,
): ResumeRecord | undefined {
	const endsWithPart = ({ offset, partSizeBytes }: ResumeRecord): boolean =>
		offset === sizeBytes || (offset < (sizeBytes ?? Infinity) && offset % partSizeBytes === 0);
	return records
		.filter((record) => record !== undefined && endsWithPart(record))
		.sort((a, b) => (b?.offset ?? 0) - (a?.offset ?? 0))[0];
}

/** One session being filled. */
class SessionFill<S extends PartSession> {
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
		private readonly around: PartSurroundings,
		private readonly session: S,
		private readonly record: ResumeRecord | undefined,
		private readonly mayReadAgain: boolean,
	) {
		this.digest = target.newDigest();
		this.buffers = new BufferPool(session.partSizeBytes);
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
		this.buffers.close();
		this.around.onRead();
		return last;
	}

	/** The note of it goes first: afterwards the session may be closed without us knowing. */
	private async sendLast(last: PartToSend): Promise<void> {
		if (this.target.lastPartCloses) {
			this.fileHash = this.digest.soFar();
			this.save();
			await this.saving;
		}
		await this.dispatch(last);
		await Promise.all(this.sending);
	}

	private mayGoOn(): boolean {
		this.firstFailure ??= this.around.canceled();
		return this.firstFailure === undefined && this.newReading === undefined;
	}

	private async roomFor(offset: number): Promise<Room> {
		const { memory, memoryCeilingBytes, cancelSignal } = this.around;
		const rest = Math.max(0, (this.source.sizeBytes ?? Infinity) - offset);
		const sizeBytes = this.source.readsWhole ? 0 : Math.min(rest, this.session.partSizeBytes);
		return await memory.reserve(sizeBytes, memoryCeilingBytes, cancelSignal);
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
		this.around.onBytes(part.content.length);
		return true;
	}

	private async dispatch({ part, room }: PartToSend): Promise<void> {
		const prefixHash = this.digest.soFar();
		let finished: () => void = () => {};
		this.sending.push(new Promise<void>((resolve) => (finished = resolve)));
		await this.around.lanes.start(async () => {
			try {
				await this.send(part, prefixHash);
			} finally {
				room.release();
				finished();
			}
		});
	}

	private async send(part: HashedPart, prefixHash: string): Promise<void> {
		if (this.firstFailure !== undefined) return;
		const outcome = await this.target.send(this.session, part);
		if (outcome.ok || this.hasAllFromBefore(outcome.failure)) {
			this.around.onBytes(part.content.length);
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
		this.saving = this.saving.then(async () => await this.around.note.save(record));
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

	private currentRecord(): ResumeRecord {
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
