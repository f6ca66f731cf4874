import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { beside } from '../net';
import type { BufferPool } from './bufferPool';
import type { ByteSource } from '../source/byteSource';
import type { PartSizes } from '../source/parts';
import { cutIntoParts, endOfPart } from '../source/parts';
import { windowParts } from './asking';
import type { PartSession, PartTarget } from './partTarget';
import { PartSlot } from './partSlot';
import type { PartToSend } from './partWindow';
import { PartWindow } from './partWindow';
import type { Checkpoint } from './checkpoints';
import type { FilledSession } from './filledSession';
import type { PartContext } from './partContext';
import { StartOver } from '../source/restart';
import { ReceivedParts } from './receivedParts';

/** Small enough that V8 gets rid of chunks cheaply, large enough to read fast. */
const READ_CHUNK_BYTES = 256 * 1024;

/** One session being filled. */
export class SessionFill<S extends PartSession> {
	/** The file is not the one that the earlier try began with, or may not be. */
	private newReading: 'file changed' | 'read again' | undefined;
	private readonly digest;
	private readonly buffers: BufferPool;
	private readonly sending: Array<Promise<void>> = [];
	private readonly received: ReceivedParts;
	private readonly window: PartWindow;
	private readonly memoryLimitBytes: number;
	private readonly sizes: PartSizes;
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
		private readonly checkpoint: Checkpoint | undefined,
		private readonly mayReadAgain: boolean,
	) {
		this.digest = target.newDigest();
		const { partSizeBytes } = session;
		this.sizes = { partSizeBytes, lastPartBytes: target.closingPartBytes };
		this.buffers = context.buffers.of(session.partSizeBytes);
		this.received = new ReceivedParts(source);
		this.memoryLimitBytes = context.memoryForParts(session.partSizeBytes);
		const mostParts = windowParts(session.partSizeBytes, this.memoryLimitBytes);
		this.window = new PartWindow(mostParts, {
			goesOn: () => this.mayGoOn(),
			mayAsk: () => target.inquiry?.isOpen === true,
			ask: async (parts) => (await target.inquiry?.partsThere(session, parts)) ?? new Set(),
			send: async (part) => await this.dispatch(part),
			isThere: (part) => this.arrived(part),
			onThrow: (error) => this.fail(error),
		});
	}

	async run(): Promise<Outcome<FilledSession<S>> | 'file changed' | 'read again'> {
		const last = await this.sendAllButLast();
		await Promise.all(this.sending);
		try {
			if (last !== undefined && this.mayGoOn()) await this.sendLast(last);
		} finally {
			last?.slot.drop();
		}
		await this.saving;
		if (this.firstFailure === undefined) {
			if (this.newReading !== undefined) return this.newReading;
			const { session, readBytes: sizeBytes } = this;
			const hash = this.digest.soFar();
			return success({ session, sizeBytes, hash, checkpoint: this.currentCheckpoint() });
		}
		return failed({
			...this.firstFailure,
			resume: { ...this.firstFailure.resume, ...this.resumeInfo() },
		});
	}

	/** Reads the whole file; gives back the part that has to go last, where there is such a one. */
	private async sendAllButLast(): Promise<PartToSend | undefined> {
		const { sizes, source, target } = this;
		let slot = await this.slotFor(0, false);
		const parts = cutIntoParts(
			source.open(READ_CHUNK_BYTES),
			source.sizeBytes,
			sizes,
			(sizeBytes) => slot.take(sizeBytes),
			(bytes) => this.digest.update(bytes),
		);
		let last: PartToSend | undefined;
		try {
			while (this.mayGoOn()) {
				const next = await parts.next();
				if (next.done === true) break;
				const part = { ...next.value, hash: this.digest.endPart() };
				this.readBytes = part.offset + part.content.length;
				const toSend = { part, slot, prefixHash: this.digest.soFar() };
				if (!this.wasSent(toSend)) {
					if (part.last && target.closingPartBytes !== undefined) last = toSend;
					else await this.window.add(toSend);
				}
				slot = await this.slotFor(this.readBytes, part.last);
			}
		} catch (error) {
			this.cannotRead(error);
		}
		slot.drop();
		await parts.return(undefined);
		this.context.onRead();
		await (this.mayGoOn() ? this.window.end() : this.window.drop());
		return last;
	}

	private cannotRead(error: unknown): void {
		if (error instanceof StartOver && this.mayReadAgain) {
			this.newReading = error.isOtherFile ? 'file changed' : 'read again';
		} else {
			this.firstFailure ??= this.source.readFailure(error);
		}
	}

	/** The checkpoint goes first: afterwards the session may be closed without us knowing. */
	private async sendLast(last: PartToSend): Promise<void> {
		if (this.target.closingPartBytes !== undefined) {
			this.fileHash = this.digest.soFar();
			const closedWith = this.checkpoint?.fileHash;
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

	/** For what is read next: nothing after the last part, also where its end wasn't known before. */
	private async slotFor(offset: number, isAtEnd: boolean): Promise<PartSlot> {
		const { cancelSignal, memory } = this.context;
		const end = endOfPart(offset, this.source.sizeBytes, this.sizes);
		const sizeBytes = this.source.readsWhole || isAtEnd ? 0 : end - offset;
		const room = await this.window.roomFor(
			async () => await memory.reserve(sizeBytes, this.memoryLimitBytes, cancelSignal),
			memory.hasRoom(sizeBytes, this.memoryLimitBytes),
			async () => await Promise.all(this.sending),
		);
		return new PartSlot(room, this.buffers);
	}

	/** Whether the earlier try has sent this part; its hash decides whether that still counts. */
	private wasSent(read: PartToSend): boolean {
		const { checkpoint } = this;
		const { part, prefixHash } = read;
		const end = part.offset + part.content.length;
		if (checkpoint === undefined || end > checkpoint.offset) return false;
		const isShorter = part.last && end < checkpoint.offset;
		if (isShorter || (end === checkpoint.offset && prefixHash !== checkpoint.prefixHash)) {
			this.newReading = 'file changed';
		} else {
			this.noteReceived(read);
		}
		read.slot.giveBack();
		return true;
	}

	private arrived(part: PartToSend): void {
		if (this.noteReceived(part)) this.save();
		part.slot.giveBack();
	}

	private async dispatch(toSend: PartToSend): Promise<void> {
		const { part, slot } = toSend;
		if (this.target.takesInOrder?.(this.session)) await Promise.all(this.sending);
		let finished: () => void = () => {};
		this.sending.push(new Promise<void>((resolve) => (finished = resolve)));
		await slot.send(
			this.context.limiter,
			part.content.length,
			async () => await this.send(toSend).finally(finished),
			(error) => this.fail(error),
		);
	}

	private async send(toSend: PartToSend): Promise<void> {
		if (this.firstFailure !== undefined) return;
		const { part } = toSend;
		const outcome = await this.target.send(this.session, part);
		if (outcome.ok || this.hasAllFromBefore(outcome.failure)) this.arrived(toSend);
		else this.firstFailure ??= outcome.failure;
	}

	/** Whether there is no gap further than before. */
	private noteReceived({ part: { content, offset }, prefixHash }: PartToSend): boolean {
		this.context.onBytes(content.length);
		return this.received.add(offset, { end: offset + content.length, prefixHash });
	}

	/** The earlier try has closed the session with this very file, and did not live to hear so. */
	private hasAllFromBefore(failure: Failure): boolean {
		const { checkpoint, target } = this;
		if (checkpoint?.fileHash === undefined || !target.isClosed(failure)) return false;
		return checkpoint.fileHash === this.fileHash;
	}

	/** One write after the other: two files take turns, and the later one must be the newer. */
	private save(): void {
		const checkpoint = this.currentCheckpoint();
		const before = this.saving;
		this.saving = beside(
			async () => {
				await before;
				await this.context.note.save(checkpoint);
			},
			(error) => this.fail(error),
		);
	}

	private fail(error: unknown): void {
		this.firstFailure ??= this.context.thrown(error);
	}

	private currentCheckpoint(): Checkpoint {
		const { fileHash, received, session } = this;
		const { sessionId, partSizeBytes, expiresAtMs, sessionType } = session;
		const { end: offset, prefixHash } = received.withoutGap;
		const checkpoint = { sessionId, partSizeBytes, offset, prefixHash, expiresAtMs };
		return { ...checkpoint, ...(sessionType && { sessionType }), ...(fileHash && { fileHash }) };
	}

	/** An earlier try may have got further than this one has read. */
	private resumeInfo(): Record<string, string | number> {
		const { checkpoint, received } = this;
		const { end } = received.withoutGap;
		if (checkpoint !== undefined && checkpoint.offset >= end) return { ...checkpoint };
		return end > 0 ? { ...this.currentCheckpoint() } : {};
	}
}
