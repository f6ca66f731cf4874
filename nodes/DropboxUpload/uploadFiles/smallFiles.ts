import type { Outcome } from '../../shared/failure';
import { outcomeOf } from '../../shared/net';
import { BufferPool } from '../../shared/transfer/bufferPool';
import { contentHashOf } from '../api/contentHash';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { MAX_SESSIONS, START_BATCH, startSessions } from '../api/sessions';
import { packsAreRefused } from './knownRoutes';
import type { PackedFile, PackLimits } from './packs';
import { planPacks } from './packs';
import { sendPack } from './sendPack';
import type { SmallFile } from './types';
import type { SendContext } from './uploadContext';

const EMPTY_CONTENT = Buffer.alloc(0);
const EMPTY_HASH = contentHashOf(EMPTY_CONTENT);
/** The shortest header that is worth packing for. */
const MIN_HEADER_CHARACTERS = 512;
/** Files that go alone are read together, few enough for several rows at the same time. */
const ALONE_IN_A_ROW = 8;

/** Sends files that share requests, many in one body. */
export class SmallFiles {
	private maxHeaderCharacters: number;

	constructor(private readonly context: SendContext) {
		this.maxHeaderCharacters = context.settings.pack.maxHeaderCharacters;
	}

	async send(files: readonly SmallFile[]): Promise<void> {
		const bodies = new BufferPool(this.bodyBytes(files));
		await this.sendEmpty(files.filter(({ source }) => source.sizeBytes === 0));
		const withBytes = files.filter(({ source }) => source.sizeBytes > 0);
		const chunks: SmallFile[][] = [];
		for (let start = 0; start < withBytes.length; start += MAX_SESSIONS) {
			chunks.push(withBytes.slice(start, start + MAX_SESSIONS));
		}
		let sessions = this.sessionsFor(chunks[0]);
		for (const [index, chunk] of chunks.entries()) {
			const started = await sessions;
			// Asked for while this chunk is sent; after a refusal in their turn, since the next one may not be needed.
			const ahead = started?.ok ? this.sessionsFor(chunks[index + 1]) : undefined;
			await this.sendPacked(chunk, started, bodies);
			sessions = ahead ?? this.sessionsFor(chunks[index + 1]);
		}
		bodies.close();
	}

	/** No body is larger. A buffer of its full size for a few bytes makes V8 collect n8n's whole heap. */
	private bodyBytes(files: readonly SmallFile[]): number {
		const allBytes = files.reduce((sum, { source }) => sum + source.sizeBytes, 0);
		return Math.min(this.context.settings.pack.maxBytes, allBytes);
	}

	/** append_batch does not document empty entries; a session that is closed at its start is an empty file. */
	private async sendEmpty(files: readonly SmallFile[]): Promise<void> {
		const { alone, limiter, onThrow } = this.context;
		for (const file of files) {
			const loaded = { file, sizeBytes: 0, contentHash: EMPTY_HASH };
			await limiter.start(
				async () => await alone.send(loaded, EMPTY_CONTENT),
				(error) => onThrow([file], error),
				0,
			);
		}
	}

	/** One session a file; none where they can't be packed. */
	private async sessionsFor(
		files: readonly SmallFile[] = [],
	): Promise<Outcome<readonly string[]> | undefined> {
		const { connection, thrown } = this.context;
		if (files.length === 0 || packsAreRefused(connection)) return undefined;
		const start = async () => await startSessions(connection, files.length, 'sequential');
		return await outcomeOf(start, thrown);
	}

	private async sendPacked(
		files: readonly SmallFile[],
		started: Outcome<readonly string[]> | undefined,
		bodies: BufferPool,
	): Promise<void> {
		const { alone, onFailed, settings } = this.context;
		const refused = started?.ok === false ? started.failure : undefined;
		if (refused !== undefined && !isRouteRefused(refused)) {
			for (const file of files) onFailed(file, refused);
			return;
		}
		if (refused !== undefined) alone.noteRefused(START_BATCH, refused);
		const sessionIds = started?.ok ? started.value : undefined;
		const packed = files.map((file, index): PackedFile => ({
			file,
			sessionId: sessionIds?.[index] ?? '',
			sizeBytes: file.source.sizeBytes,
		}));
		const limits = (): PackLimits => ({
			...settings.pack,
			maxHeaderCharacters: this.maxHeaderCharacters,
			...(sessionIds === undefined && { maxEntries: ALONE_IN_A_ROW }),
		});
		const onHeaderTooLong = (characters: number): void => {
			const shorter = Math.min(this.maxHeaderCharacters, Math.floor(characters / 2));
			this.maxHeaderCharacters = Math.max(MIN_HEADER_CHARACTERS, shorter);
		};
		const context = { ...this.context, bodies, onHeaderTooLong };
		for (const pack of planPacks(packed, limits)) await sendPack(pack, context);
	}
}
