import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { beside } from '../../shared/net';
import { BufferPool, PartBuffers } from '../../shared/transfer/bufferPool';
import { hasSize } from '../../shared/source/byteSource';
import { uploadInParts } from '../../shared/transfer/inParts';
import { ConcurrencyLimiter, noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { startSession, MAX_SESSIONS, startSessions } from '../api/sessions';
import { contentHashOf } from '../api/contentHash';
import { CommitQueue } from './commitQueue';
import { FileCheckpoints } from './checkpoints';
import type { PackedFile, PackLimits } from './packs';
import { planPacks, sendPack } from './packs';
import { partSizeFor } from './partSize';
import { sessionTarget } from './sessionTarget';
import type { FileToUpload, ReadyFile, SmallFile } from './types';
import type { Context } from './uploadContext';

/** A file is sent anew once when its session is lost. */
const MAX_ROUNDS = 2;
const EMPTY_CONTENT = Buffer.alloc(0);
const EMPTY_HASH = contentHashOf(EMPTY_CONTENT);
/** The shortest header that is worth packing for. */
const MIN_HEADER_CHARACTERS = 512;

/** Uploads files that share one connection: small ones packed, large ones in parts, all committed in batches. */
export class Uploader {
	private readonly limiter: ConcurrencyLimiter;
	private readonly commits: CommitQueue;
	private lost = new Set<FileToUpload>();
	/** On their way to a session, so neither ready for a commit nor given up. */
	private readonly open = new Set<FileToUpload>();
	private readonly notes: FileCheckpoints;
	private round = 1;
	private maxHeaderCharacters: number;

	constructor(
		private readonly files: readonly FileToUpload[],
		private readonly context: Context,
	) {
		const { connection, settings } = context;
		this.limiter = new ConcurrencyLimiter(settings.parallel);
		this.notes = new FileCheckpoints(connection, context.resume);
		this.maxHeaderCharacters = settings.pack.maxHeaderCharacters;
		this.commits = new CommitQueue(
			connection,
			files,
			settings.commitSize,
			(file, outcome) => this.end(file, outcome),
			(file) => this.sendAgain(file),
		);
	}

	async run(): Promise<void> {
		let files = this.files;
		for (; files.length > 0; this.round += 1) {
			this.lost = new Set();
			for (const file of files) this.open.add(file);
			const [small, large] = this.bySize(files);
			await this.guarded(small, async () => await this.sendSmall(small));
			await this.guarded(large, async () => await this.sendLarge(large));
			await this.limiter.idle();
			await this.commits.flush();
			files = [...this.lost];
		}
		await this.notes.close();
	}

	/** Work for some of the files; what it throws is the failure of those that are still on their way. */
	private async guarded(files: readonly FileToUpload[], work: () => Promise<void>): Promise<void> {
		await beside(work, (error) => this.failOpen(files, error));
	}

	private failOpen(files: readonly FileToUpload[], error: unknown): void {
		for (const file of files) if (this.open.has(file)) this.fail(file, this.context.thrown(error));
	}

	/** What may be of any size goes in parts. */
	private bySize(files: readonly FileToUpload[]): [SmallFile[], FileToUpload[]] {
		const { maxBytes } = this.context.settings.pack;
		const isSmall = (file: FileToUpload): file is SmallFile =>
			hasSize(file.source) && file.source.sizeBytes <= maxBytes;
		return [files.filter(isSmall), files.filter((file) => !isSmall(file))];
	}

	private end(file: FileToUpload, outcome: Outcome<IDataObject>): void {
		this.notes.end(file, outcome.ok);
		if (!outcome.ok) this.logResumePoint(file, outcome.failure);
		this.context.settle(file, outcome);
	}

	/** n8n drops what a cancelled node returns; the log is the only place left. */
	private logResumePoint(file: FileToUpload, { path, resume }: Failure): void {
		if (path !== 'canceled' || resume?.partSizeBytes === undefined) return;
		const { sizeBytes } = file.source;
		const mark = sizeBytes === undefined ? resume.offset : `${resume.offset} of ${sizeBytes}`;
		this.context.log(
			`canceled; the upload of ${file.commit.path} can go on from byte ${mark} in session ${resume.sessionId}`,
		);
	}

	/** False when the file has had its second chance. */
	private sendAgain(file: FileToUpload): boolean {
		if (this.round >= MAX_ROUNDS) return false;
		this.lost.add(file);
		return true;
	}

	private fail(file: FileToUpload, failure: Failure): void {
		this.open.delete(file);
		if (SENT_AGAIN.has(failure.path) && this.sendAgain(file)) return;
		this.commits.end(file, failed({ ...failure, subject: file.commit.path }));
	}

	private failAll(files: readonly FileToUpload[], failure: Failure): void {
		for (const file of files) this.fail(file, failure);
	}

	private async sendSmall(files: readonly SmallFile[]): Promise<void> {
		const bodies = new BufferPool(this.context.settings.pack.maxBytes);
		for (let start = 0; start < files.length; start += MAX_SESSIONS) {
			const chunk = files.slice(start, start + MAX_SESSIONS);
			await this.sendEmpty(chunk.filter(({ source }) => source.sizeBytes === 0));
			await this.sendPacked(
				chunk.filter(({ source }) => source.sizeBytes > 0),
				bodies,
			);
		}
		bodies.close();
	}

	/** append_batch does not document empty entries; a session that is closed at its start is an empty file. */
	private async sendEmpty(files: readonly SmallFile[]): Promise<void> {
		const { connection } = this.context;
		for (const file of files) {
			const start = async (): Promise<void> => {
				const started = await startSession(
					connection,
					{ type: 'sequential', close: true },
					EMPTY_CONTENT,
				);
				noteSpeed(started, this.limiter);
				if (!started.ok) this.fail(file, started.failure);
				else this.ready({ file, sessionId: started.value, sizeBytes: 0, contentHash: EMPTY_HASH });
			};
			await this.limiter.start(start, (error) => this.failOpen([file], error));
		}
	}

	private async sendPacked(files: readonly SmallFile[], bodies: BufferPool): Promise<void> {
		if (files.length === 0) return;
		const { connection, settings, memory, canceled, progress } = this.context;
		const started = await startSessions(connection, files.length, 'sequential');
		if (!started.ok) {
			this.failAll(files, started.failure);
			return;
		}
		const packed = files.map((file, index): PackedFile => ({
			file,
			sessionId: started.value[index] ?? '',
			sizeBytes: file.source.sizeBytes,
		}));
		const limits = (): PackLimits => ({
			...settings.pack,
			maxHeaderCharacters: this.maxHeaderCharacters,
		});
		for (const pack of planPacks(packed, limits)) {
			await sendPack(pack, {
				connection,
				limiter: this.limiter,
				bodies,
				memory,
				memoryLimitBytes: settings.memoryLimitBytes,
				cancelSignal: connection.client.cancelSignal,
				canceled,
				onBytes: (sizeBytes) => progress.bytesSent(sizeBytes),
				onReady: (ready) => this.ready(ready),
				onFailed: (file, failure) => this.fail(file, failure),
				onThrow: (thrownFor, error) => this.failOpen(thrownFor, error),
				onHeaderTooLong: (characters) => {
					this.maxHeaderCharacters = Math.max(
						MIN_HEADER_CHARACTERS,
						Math.min(this.maxHeaderCharacters, Math.floor(characters / 2)),
					);
				},
			});
		}
	}

	/** Files are read one after the other; the parts of several may be on their way. */
	private async sendLarge(files: readonly FileToUpload[]): Promise<void> {
		const buffers = new PartBuffers();
		const sent: Array<Promise<void>> = [];
		for (const file of files) {
			await new Promise<void>((onRead) => {
				const work = async () => await this.sendInParts(file, buffers, onRead);
				// Nothing may keep the next file from being read.
				sent.push(this.guarded([file], work).finally(onRead));
			});
		}
		buffers.close();
		await Promise.all(sent);
	}

	private async sendInParts(
		file: FileToUpload,
		buffers: PartBuffers,
		onRead: () => void,
	): Promise<void> {
		const { connection, settings, memory, canceled, progress } = this.context;
		const note = await this.notes.of(file);
		const filled = await uploadInParts(
			file.source,
			sessionTarget(
				connection,
				partSizeFor(file.source.sizeBytes, settings.partSizeBytes),
				(outcome) => noteSpeed(outcome, this.limiter),
			),
			{
				limiter: this.limiter,
				buffers,
				memory,
				memoryLimitBytes: settings.memoryLimitBytes,
				note,
				resumeFrom: this.round === 1 ? file.resumeFrom : undefined,
				cancelSignal: connection.client.cancelSignal,
				canceled,
				thrown: this.context.thrown,
				onBytes: (sizeBytes) => {
					progress.bytesSent(sizeBytes);
					// No small file may wait for its commit until hours of large ones are over.
					this.commits.commitDue();
				},
				onRead,
			},
		);
		if (!filled.ok) {
			this.fail(file, filled.failure);
			return;
		}
		const { checkpoint, hash: contentHash, sizeBytes } = filled.value;
		const { sessionId } = checkpoint;
		this.ready({ file, sessionId, sizeBytes, contentHash, resume: checkpoint });
	}

	private ready(ready: ReadyFile): void {
		this.open.delete(ready.file);
		this.commits.add(ready);
	}
}

/** The session is gone, or the file has another size than it was sent with. */
const SENT_AGAIN = new Set(['not_found', 'incorrect_offset', 'source/changed']);
