import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import type { Lanes } from './lanes';
import type { MemoryCeiling } from './memoryCeiling';
import type { Part } from './parts';
import { cutIntoParts } from './parts';
import type { ResumeRecord, ResumeStore } from './resume';

/** A file as the pipeline sees it. */
export interface ByteSource {
	readonly sizeBytes: number;
	/** True where opening it brings all bytes into memory at once. */
	readonly readsWhole: boolean;
	/** The bytes from the beginning; stores that can give them in chunks of this size. */
	open(chunkSizeBytes: number): AsyncIterable<Buffer>;
	/** The failure for what reading threw. */
	readFailure(error: unknown): Failure;
}

export interface PartSession {
	readonly sessionId: string;
	readonly partSizeBytes: number;
	readonly expiresAtMs: number;
}

/** Hashes a file in order, in one pass. */
export interface FileDigest {
	/** Takes the next part and gives the hash that travels with it. */
	update(content: Buffer): Promise<string>;
	/** Hash of everything so far; at the end, of the file. */
	soFar(): string;
}

export interface HashedPart extends Part {
	readonly hash: string;
}

/** What a vendor's upload session can do; the order of the calls is the pipeline's business. */
export interface PartTarget<S extends PartSession> {
	open(): Promise<Outcome<S>>;
	/** The session of an earlier try. */
	reopen(record: ResumeRecord): Promise<Outcome<S>>;
	newDigest(): FileDigest;
	send(session: S, part: HashedPart): Promise<Outcome<null>>;
	/** Whether the session itself is gone, so that only a new one helps. */
	isSessionLost(failure: Failure): boolean;
	/** Whether the last part closes the session, and so goes when all others are in. */
	readonly lastPartCloses: boolean;
}

export interface PartSurroundings {
	readonly lanes: Lanes;
	readonly memory: MemoryCeiling;
	readonly memoryCeilingBytes: number;
	readonly resume: {
		readonly store: ResumeStore;
		readonly key: string;
		readonly given?: ResumeRecord;
	};
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	readonly onBytes: (sizeBytes: number) => void;
	/** Called once when nothing is left to read, so that the next file can be begun. */
	readonly onRead: () => void;
}

export interface FilledSession<S> {
	readonly session: S;
	/** Of the whole file, as `FileDigest` computes it. */
	readonly hash: string;
}

const MAX_SESSIONS_PER_FILE = 3;

/**
 * Brings one file into an upload session, several parts at a time, and goes on with the session of an
 * earlier try when the file is still the same.
 */
export async function uploadInParts<S extends PartSession>(
	source: ByteSource,
	target: PartTarget<S>,
	around: PartSurroundings,
): Promise<Outcome<FilledSession<S>>> {
	const { memory, memoryCeilingBytes, resume } = around;
	const whole = source.readsWhole
		? await memory.reserve(source.sizeBytes, memoryCeilingBytes)
		: undefined;
	try {
		let record = resume.given ?? (await resume.store.load(resume.key));
		for (let sessions = 1; ; sessions++) {
			const opened = record === undefined ? await target.open() : await target.reopen(record);
			if (!opened.ok && record === undefined) return opened;
			const filled = opened.ok
				? await new SessionFill(source, target, around, opened.value, record).run()
				: opened;
			if (filled !== 'file changed') {
				if (filled.ok || sessions >= MAX_SESSIONS_PER_FILE) return filled;
				// An earlier session that cannot be reopened is as good as lost.
				if (opened.ok && !target.isSessionLost(filled.failure)) return filled;
			}
			record = undefined;
			await resume.store.clear(resume.key);
		}
	} finally {
		whole?.release();
		around.onRead();
	}
}

/** One session being filled. */
class SessionFill<S extends PartSession> {
	/** The file is not the one that the earlier try began with. */
	private fileChanged = false;
	private readonly digest;
	private readonly sending: Array<Promise<void>> = [];
	private readonly received = new Map<
		number,
		{ readonly end: number; readonly prefixHash: string }
	>();
	private mark = 0;
	private markHash = '';
	private firstFailure: Failure | undefined;
	private saving: Promise<void> = Promise.resolve();

	constructor(
		private readonly source: ByteSource,
		private readonly target: PartTarget<S>,
		private readonly around: PartSurroundings,
		private readonly session: S,
		private readonly record: ResumeRecord | undefined,
	) {
		this.digest = target.newDigest();
	}

	async run(): Promise<Outcome<FilledSession<S>> | 'file changed'> {
		const last = await this.sendAllButLast();
		await Promise.all(this.sending);
		if (last !== undefined && this.firstFailure === undefined) {
			await this.dispatch(last.part, last.room);
			await Promise.all(this.sending);
		}
		last?.room.release();
		await this.saving;
		if (this.fileChanged) return 'file changed';
		const { session } = this;
		if (this.firstFailure === undefined) return success({ session, hash: this.digest.soFar() });
		return failed({
			...this.firstFailure,
			resume: { ...this.firstFailure.resume, ...this.resumeInfo() },
		});
	}

	/** Reads the whole file; gives back the part that has to go last, where there is such a one. */
	private async sendAllButLast() {
		const { session, source, target } = this;
		const parts = cutIntoParts(
			source.open(session.partSizeBytes),
			source.sizeBytes,
			session.partSizeBytes,
		);
		let last: { part: HashedPart; room: { release(): void } } | undefined;
		try {
			for (let offset = 0; this.mayGoOn(); offset += session.partSizeBytes) {
				const room = await this.roomFor(offset);
				const next = await parts.next();
				if (next.done === true) {
					room.release();
					break;
				}
				const part = { ...next.value, hash: await this.digest.update(next.value.content) };
				if (this.wasSent(part)) {
					room.release();
				} else if (part.last && target.lastPartCloses) {
					last = { part, room };
				} else {
					await this.dispatch(part, room);
				}
			}
		} catch (error) {
			this.firstFailure ??= source.readFailure(error);
		}
		await parts.return(undefined);
		this.around.onRead();
		return last;
	}

	private mayGoOn(): boolean {
		this.firstFailure ??= this.around.canceled();
		return this.firstFailure === undefined && !this.fileChanged;
	}

	private async roomFor(offset: number) {
		const { memory, memoryCeilingBytes } = this.around;
		const rest = Math.max(0, this.source.sizeBytes - offset);
		const sizeBytes = this.source.readsWhole ? 0 : Math.min(rest, this.session.partSizeBytes);
		return await memory.reserve(sizeBytes, memoryCeilingBytes);
	}

	/** Whether the earlier try has sent this part; its hash decides whether that still counts. */
	private wasSent(part: HashedPart): boolean {
		const { record } = this;
		const end = part.offset + part.content.length;
		if (record === undefined || end > record.offset || part.last) return false;
		if (end === record.offset && this.digest.soFar() !== record.prefixHash) {
			this.fileChanged = true;
			return true;
		}
		this.received.set(part.offset, { end, prefixHash: this.digest.soFar() });
		this.advance();
		this.around.onBytes(part.content.length);
		return true;
	}

	private async dispatch(part: HashedPart, room: { release(): void }): Promise<void> {
		const prefixHash = this.digest.soFar();
		let finished: () => void = () => {};
		this.sending.push(new Promise<void>((resolve) => (finished = resolve)));
		await this.around.lanes.start(async () => {
			if (this.firstFailure === undefined) {
				const outcome = await this.target.send(this.session, part);
				if (outcome.ok) this.acknowledge(part, prefixHash);
				else this.firstFailure ??= outcome.failure;
			}
			room.release();
			finished();
		});
	}

	private acknowledge(part: HashedPart, prefixHash: string): void {
		this.around.onBytes(part.content.length);
		this.received.set(part.offset, { end: part.offset + part.content.length, prefixHash });
		if (!this.advance()) return;
		const record = this.currentRecord();
		const { store, key } = this.around.resume;
		// One write after the other: two files take turns, and the later one must be the newer.
		this.saving = this.saving.then(async () => await store.save(key, record));
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
		const { sessionId, partSizeBytes, expiresAtMs } = this.session;
		return { sessionId, partSizeBytes, offset: this.mark, prefixHash: this.markHash, expiresAtMs };
	}

	private resumeInfo(): Record<string, string | number> {
		return this.mark > 0 ? { ...this.currentRecord() } : {};
	}
}
