import { BufferPool } from '../../shared/transfer/bufferPool';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { contentHashOf } from '../api/contentHash';
import { MAX_SESSIONS, startSession, startSessions } from '../api/sessions';
import type { PackedFile, PackLimits } from './packs';
import { planPacks } from './packs';
import { sendPack } from './sendPack';
import type { SmallFile } from './types';
import type { SendContext } from './uploadContext';

const EMPTY_CONTENT = Buffer.alloc(0);
const EMPTY_HASH = contentHashOf(EMPTY_CONTENT);
/** The shortest header that is worth packing for. */
const MIN_HEADER_CHARACTERS = 512;

/** Sends files that share requests, many in one body. */
export class SmallFiles {
	private maxHeaderCharacters: number;

	constructor(private readonly context: SendContext) {
		this.maxHeaderCharacters = context.settings.pack.maxHeaderCharacters;
	}

	async send(files: readonly SmallFile[]): Promise<void> {
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
		const { connection, limiter, onFailed, onReady, onThrow } = this.context;
		for (const file of files) {
			const start = async (): Promise<void> => {
				const started = await startSession(
					connection,
					{ type: 'sequential', close: true },
					EMPTY_CONTENT,
				);
				noteSpeed(started, limiter);
				if (!started.ok) onFailed(file, started.failure);
				else onReady({ file, sessionId: started.value, sizeBytes: 0, contentHash: EMPTY_HASH });
			};
			await limiter.start(start, (error) => onThrow([file], error), 0);
		}
	}

	private async sendPacked(files: readonly SmallFile[], bodies: BufferPool): Promise<void> {
		if (files.length === 0) return;
		const { connection, onFailed, settings } = this.context;
		const started = await startSessions(connection, files.length, 'sequential');
		if (!started.ok) {
			for (const file of files) onFailed(file, started.failure);
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
		const onHeaderTooLong = (characters: number): void => {
			const shorter = Math.min(this.maxHeaderCharacters, Math.floor(characters / 2));
			this.maxHeaderCharacters = Math.max(MIN_HEADER_CHARACTERS, shorter);
		};
		const context = { ...this.context, bodies, onHeaderTooLong };
		for (const pack of planPacks(packed, limits)) await sendPack(pack, context);
	}
}
