import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { beside } from '../../shared/net';
import { PartBuffers } from '../../shared/transfer/bufferPool';
import { uploadInParts } from '../../shared/transfer/inParts';
import { readInTurn } from '../../shared/transfer/readInTurn';
import type { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import { limiterFor, noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { CommitQueue } from './commitQueue';
import { FileCheckpoints } from './checkpoints';
import { goesWhole } from './knownRoutes';
import { isSmall } from './packs';
import { partSizeFor } from './partSize';
import { AloneSender } from './sendAlone';
import { goesInOneRequest, sendWhole } from './sendWhole';
import { sessionTarget } from './sessionTarget';
import { SmallFiles } from './smallFiles';
import type { FileToUpload, ReadyFile } from './types';
import type { Context, SendContext } from './uploadContext';

/** A file is sent anew once when its session is lost. */
const MAX_ROUNDS = 2;

/** Uploads files that share one connection: small ones packed, large ones in parts, all committed in batches. */
export class Uploader {
	private readonly limiter: ConcurrencyLimiter;
	private readonly commits: CommitQueue;
	private lost = new Set<FileToUpload>();
	/** On their way to a session, so neither ready for a commit nor given up. */
	private readonly open = new Set<FileToUpload>();
	private readonly notes: FileCheckpoints;
	private readonly small: SmallFiles;
	private readonly sending: SendContext;
	private round = 1;

	constructor(
		private readonly files: readonly FileToUpload[],
		private readonly context: Context,
	) {
		const { connection, settings } = context;
		this.limiter = limiterFor(connection.client, settings.parallelism);
		this.notes = new FileCheckpoints(connection, context.resume);
		this.commits = new CommitQueue(
			connection,
			files,
			settings.commitSize,
			(file, outcome) => this.end(file, outcome),
			(file) => this.sendAgain(file),
		);
		const sending = {
			...context,
			limiter: this.limiter,
			storeWhole: async (ready: ReadyFile, content: Buffer) =>
				await this.storeWhole(ready, content),
			onReady: (ready: ReadyFile) => this.ready(ready),
			onFailed: (file: FileToUpload, failure: Failure) => this.fail(file, failure),
			onThrow: (thrownFor: readonly FileToUpload[], error: unknown) =>
				this.failOpen(thrownFor, error),
		};
		this.sending = { ...sending, alone: new AloneSender(sending) };
		this.small = new SmallFiles(this.sending);
	}

	async run(): Promise<void> {
		const { pack } = this.context.settings;
		let files = this.files;
		for (; files.length > 0; this.round += 1) {
			this.lost = new Set();
			for (const file of files) this.open.add(file);
			const small = files.filter((file) => isSmall(file, pack));
			const large = files.filter((file) => !isSmall(file, pack));
			await this.guarded(small, async () => await this.small.send(small));
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

	private end(file: FileToUpload, outcome: Outcome<IDataObject>): void {
		this.notes.end(file, outcome.ok);
		if (!outcome.ok) this.logResumePoint(file, outcome.failure);
		this.context.settle(file, outcome);
	}

	/** n8n drops what a cancelled node returns; the log is the only place left. */
	private logResumePoint(file: FileToUpload, { code, resume }: Failure): void {
		if (code !== 'canceled' || resume?.partSizeBytes === undefined) return;
		const { sizeBytes } = file.source;
		const mark = sizeBytes === undefined ? resume.offset : `${resume.offset} of ${sizeBytes}`;
		this.context.log(
			`canceled; the upload of ${file.commit.path} can resume from byte ${mark} in session ${resume.sessionId}`,
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
		if (SENT_AGAIN.has(failure.code) && this.sendAgain(file)) return;
		this.commits.end(file, failed({ ...failure, subject: file.commit.path }));
	}

	private async sendLarge(files: readonly FileToUpload[]): Promise<void> {
		const { connection, settings } = this.context;
		const buffers = new PartBuffers();
		await readInTurn(
			files,
			async (file, onRead) =>
				goesInOneRequest(file) && goesWhole(file, connection, settings.pack)
					? await sendWhole(file, this.sending)
					: await this.sendInParts(file, buffers, onRead),
			(file, error) => this.failOpen([file], error),
			() => buffers.close(),
		);
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
				memoryForParts: settings.memoryForParts,
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
			const { failure } = filled;
			if (isRouteRefused(failure) && goesInOneRequest(file)) {
				await sendWhole(file, this.sending);
			} else this.fail(file, failure);
			return;
		}
		const { checkpoint, hash: contentHash, sizeBytes } = filled.value;
		const { sessionId } = checkpoint;
		this.ready({ file, sessionId, sizeBytes, contentHash, resume: checkpoint });
	}

	private async storeWhole(ready: ReadyFile, content: Buffer): Promise<Outcome<IDataObject>> {
		this.open.delete(ready.file);
		return await this.commits.storeWhole(ready, content);
	}

	private ready(ready: ReadyFile): void {
		this.open.delete(ready.file);
		this.commits.add(ready);
	}
}

/** The session is gone, or the file has another size than it was sent with. */
const SENT_AGAIN = new Set(['not_found', 'incorrect_offset', 'source/changed']);
