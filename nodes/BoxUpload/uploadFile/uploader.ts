import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { groupBy } from '../../shared/groupBy';
import { toJson } from '../../shared/json';
import { outcomeOf, withNothingStored } from '../../shared/net';
import { withLinks } from '../../shared/run/sharedLinks';
import { PartBuffers } from '../../shared/transfer/bufferPool';
import { limiterFor } from '../../shared/transfer/concurrencyLimiter';
import { inParallel } from '../../shared/transfer/inParallel';
import { readInTurn } from '../../shared/transfer/readInTurn';
import { sharedLinkTo } from '../api/links';
import type { StoredItem } from '../api/types';
import { Folders } from './folders';
import { asksBefore, lookUpTargets } from './lookup';
import { Sender } from './sender';
import type { BoxUploadContext } from './uploadContext';
import type { FileToUpload, LocatedFile } from './types';
import { isLarge, locatedIn, nameOf } from './types';

const PARALLEL_FOLDERS = 4;
/** Files that may have one target; they go one after the other, in input order. */
type Queue = readonly [LocatedFile, ...LocatedFile[]];

/** Uploads files that share one connection: several small ones at once, large ones in parts. */
export async function uploadAll(
	files: readonly FileToUpload[],
	context: Omit<BoxUploadContext, 'limiter' | 'buffers'>,
): Promise<Outcome<void>> {
	return await withLinks(
		context,
		async (inner) => {
			const limiter = limiterFor(inner.connection.client, inner.settings.parallelism);
			await new Uploader({ ...inner, limiter, buffers: new PartBuffers() }).run(files);
		},
		async (stored, linkRequest) => await sharedLinkTo(context.connection, stored, linkRequest),
	);
}

class Uploader {
	private readonly folders: Folders;
	private readonly ended = new Set<FileToUpload>();

	constructor(private readonly context: BoxUploadContext) {
		this.folders = new Folders(context.connection);
	}

	async run(files: readonly FileToUpload[]): Promise<void> {
		const { connection } = this.context;
		const located = await this.resolveFolders(files);
		const found = await lookUpTargets(connection, located.filter(asksBefore));
		const sender = new Sender(this.context, found, located);
		const queues = [...groupBy(located, ({ key }) => key).values()];
		// A file that is named by its ID may be one of those that are named otherwise.
		const isById = ([{ file }]: Queue): boolean => file.destination.kind === 'file';
		await this.sendAll(
			sender,
			queues.filter((queue) => !isById(queue)),
		);
		await this.sendAll(sender, queues.filter(isById));
	}

	private async sendAll(sender: Sender, queues: readonly Queue[]): Promise<void> {
		const { buffers, limiter } = this.context;
		const hasLarge = (queue: Queue): boolean => queue.some(({ file }) => isLarge(file.source));
		for (const queue of queues.filter((queue) => !hasLarge(queue))) {
			await limiter.start(
				async () => await this.work(sender, queue, () => {}),
				(error) => this.failAll(queue, error),
				queue.reduce((sum, { file }) => sum + (file.source.sizeBytes ?? 0), 0),
			);
		}
		await limiter.idle();
		await readInTurn(
			queues.filter(hasLarge),
			async (queue, onRead) => await this.work(sender, queue, onRead),
			(queue, error) => this.failAll(queue, error),
			() => buffers.close(),
		);
	}

	private async work(sender: Sender, queue: Queue, onRead: () => void): Promise<void> {
		for (const [index, located] of queue.entries()) {
			const isLast = index === queue.length - 1;
			this.end(located.file, await sender.send(located, isLast ? onRead : () => {}));
		}
		onRead();
	}

	private failAll(queue: Queue, error: unknown): void {
		const open = queue.filter(({ file }) => !this.ended.has(file));
		for (const { file } of open) this.end(file, failed(this.context.thrown(error)));
	}

	private end(file: FileToUpload, outcome: Outcome<StoredItem>): void {
		const { settle } = this.context;
		this.ended.add(file);
		if (outcome.ok) settle(file, success(toJson(outcome.value)));
		else {
			const subject = outcome.failure.subject ?? nameOf(file.destination);
			settle(file, failed({ ...outcome.failure, subject }));
		}
	}

	/** Finds or makes the folders; this also renews the sign-in before any content is on its way. */
	private async resolveFolders(files: readonly FileToUpload[]): Promise<LocatedFile[]> {
		const located = await inParallel(files, PARALLEL_FOLDERS, async (file) => {
			const { destination } = file;
			if (destination.kind === 'file') return locatedIn('', file);
			const folderId = await outcomeOf(
				async () => await this.folders.idOf(destination.folder),
				withNothingStored(this.context.thrown),
			);
			if (folderId.ok) return locatedIn(folderId.value, file);
			this.end(file, folderId);
			return undefined;
		});
		return located.filter((one) => one !== undefined);
	}
}
