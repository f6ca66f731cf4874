import type { Failure, Outcome } from '../../shared/failure';
import type { BufferPool } from '../../shared/transfer/bufferPool';
import type { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import type { MemoryLimit } from '../../shared/transfer/memoryLimit';
import { cutIntoParts } from '../../shared/source/parts';
import { inParallel } from '../../shared/transfer/inParallel';
import { readInOneGo } from '../../shared/source/restart';
import type { Connection } from '../api/connection';
import { contentHashOf } from '../api/contentHash';
import { readEntry } from '../api/failures/read';
import { headerSafeJson } from '../api/headerSafeJson';
import { isRefusedWhole, MAX_SPLITS } from '../api/refusedBatch';
import type { AppendBatchEntry, AppendBatchResultEntry } from '../api/types';
import { appendBatch } from '../api/sessions';
import type { ReadyFile, SmallFile } from './types';

/** In each lane. */
const PARALLEL_READS = 4;
/** Node.js makes one more chunk for the end of each file, and leaves it to V8. */
const READ_CHUNK_BYTES = 64 * 1024;
/** Room in the argument for its frame and the content hash. */
const ARGUMENT_FRAME_CHARACTERS = 120;

/** How full one append_batch may be. */
export interface PackLimits {
	readonly maxBytes: number;
	/** Dropbox does not publish how long the Dropbox-API-Arg header may be. */
	readonly maxHeaderCharacters: number;
	readonly maxEntries: number;
}

/** A small file and the session that its bytes go to. */
export interface PackedFile {
	readonly file: SmallFile;
	readonly sessionId: string;
	/** As it was when the file was packed. */
	readonly sizeBytes: number;
}

/**
 * Groups files in order, each group as full as one append_batch may be. The limits are asked for with
 * each group: the header's is found out on the way.
 */
export function* planPacks(
	files: readonly PackedFile[],
	limits: () => PackLimits,
): Generator<PackedFile[]> {
	for (let start = 0; start < files.length;) {
		const pack = packFrom(files, start, limits());
		start += pack.length;
		yield pack;
	}
}

function packFrom(files: readonly PackedFile[], start: number, limits: PackLimits): PackedFile[] {
	const pack: PackedFile[] = [];
	let bytes = 0;
	let characters = ARGUMENT_FRAME_CHARACTERS;
	for (const packed of files.slice(start, start + limits.maxEntries)) {
		bytes += packed.sizeBytes;
		characters += charactersOf(packed);
		const full = bytes > limits.maxBytes || characters > limits.maxHeaderCharacters;
		if (full && pack.length > 0) break;
		pack.push(packed);
	}
	return pack;
}

/** What a file adds to the header, its comma included. */
function charactersOf(packed: PackedFile): number {
	return headerSafeJson(entryOf(packed)).length + 1;
}

function entryOf({ sessionId, sizeBytes }: PackedFile): AppendBatchEntry {
	return {
		cursor: { session_id: sessionId, offset: 0 },
		length: sizeBytes,
		close: true,
	};
}

export interface PackContext {
	readonly connection: Connection;
	readonly limiter: ConcurrencyLimiter;
	readonly bodies: BufferPool;
	readonly memory: MemoryLimit;
	readonly memoryLimitBytes: number;
	readonly cancelSignal: AbortSignal | undefined;
	readonly canceled: () => Failure | undefined;
	readonly onBytes: (sizeBytes: number) => void;
	readonly onReady: (ready: ReadyFile) => void;
	readonly onFailed: (file: SmallFile, failure: Failure) => void;
	/** Something that no failure describes was thrown on the way of these files. */
	readonly onThrow: (files: readonly SmallFile[], error: unknown) => void;
	/** A header of this length was too long: what follows is to be packed with shorter ones. */
	readonly onHeaderTooLong: (characters: number) => void;
}

/** Reads the files of one pack into one body and sends it, in a lane of its own. */
export async function sendPack(pack: readonly PackedFile[], context: PackContext): Promise<void> {
	const wholeBytes = pack.reduce(
		(sum, { file, sizeBytes }) => sum + (file.source.readsWhole ? sizeBytes : 0),
		0,
	);
	const bodyBytes = pack.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const { cancelSignal, limiter, memory, memoryLimitBytes } = context;
	const room = await memory.reserve(bodyBytes + wholeBytes, memoryLimitBytes, cancelSignal);
	const canceled = context.canceled();
	if (canceled !== undefined) {
		room.release();
		for (const { file } of pack) context.onFailed(file, canceled);
		return;
	}
	await limiter.start(
		async () => {
			try {
				const loaded = await loadPack(pack, bodyBytes, context);
				const sent = loaded.files.length === 0 || (await appendLoaded(loaded, context));
				// After a failure something of it may still be under way.
				if (sent) context.bodies.giveBack(loaded.body);
			} finally {
				room.release();
			}
		},
		(error) =>
			context.onThrow(
				pack.map(({ file }) => file),
				error,
			),
	);
}

type LoadedFile = ReadyFile & PackedFile;

interface LoadedPack {
	readonly files: readonly LoadedFile[];
	readonly body: Buffer;
}

/** Unreadable files are left out and reported; the others close ranks. */
async function loadPack(
	pack: readonly PackedFile[],
	bodyBytes: number,
	context: PackContext,
): Promise<LoadedPack> {
	const body = context.bodies.take(bodyBytes);
	const offsets: number[] = [];
	let next = 0;
	for (const { sizeBytes } of pack) {
		offsets.push(next);
		next += sizeBytes;
	}
	const read = await inParallel(
		pack,
		PARALLEL_READS,
		async ({ file: { source }, sizeBytes }, index): Promise<Outcome<Buffer>> => {
			const target = body.subarray(offsets[index], (offsets[index] ?? 0) + sizeBytes);
			return await readInOneGo(source, async () => {
				const chunks = source.open(READ_CHUNK_BYTES);
				const whole = cutIntoParts(chunks, sizeBytes, sizeBytes, () => target);
				for await (const { last } of whole) if (last) break;
				return target;
			});
		},
	);
	const files: LoadedFile[] = [];
	const contents: Buffer[] = [];
	pack.forEach(({ file, sessionId, sizeBytes }, index) => {
		const content = read[index];
		if (content === undefined) return;
		if (!content.ok) {
			context.onFailed(file, content.failure);
			return;
		}
		files.push({ file, sessionId, sizeBytes, contentHash: contentHashOf(content.value) });
		contents.push(content.value);
	});
	return { files, body: files.length === pack.length ? body : Buffer.concat(contents) };
}

/** False when the body may not have been read to its end. */
async function appendLoaded(
	{ files, body }: LoadedPack,
	context: PackContext,
	splits = { left: MAX_SPLITS },
): Promise<boolean> {
	const entries = files.map(entryOf);
	const appended = await appendBatch(context.connection, entries, body, contentHashOf(body));
	noteSpeed(appended, context.limiter);
	if (!appended.ok) {
		const headerTooLong = isHeaderTooLong(appended.failure);
		if (headerTooLong && files.length > 1) context.onHeaderTooLong(headerLength(files));
		const oneIsGuilty = isRefusedWhole(appended) && splits.left > 0;
		if ((headerTooLong || oneIsGuilty) && files.length > 1) {
			if (!headerTooLong) splits.left -= 1;
			const [first, second] = halves({ files, body });
			const firstSent = await appendLoaded(first, context, splits);
			return (await appendLoaded(second, context, splits)) && firstSent;
		}
		for (const { file } of files) context.onFailed(file, appended.failure);
		return false;
	}
	files.forEach((ready, index) => {
		const failure = failureOf(appended.value[index], ready.sizeBytes);
		if (failure !== undefined) {
			context.onFailed(ready.file, failure);
			return;
		}
		context.onBytes(ready.sizeBytes);
		context.onReady(ready);
	});
	return true;
}

/** What an entry answered; told that it is closed, or ends where it should, the first answer was lost. */
function failureOf(
	result: AppendBatchResultEntry | undefined,
	sizeBytes: number,
): Failure | undefined {
	if (result?.['.tag'] === 'success') return undefined;
	const failure = readEntry(
		'files.UploadSessionAppendBatchEntryError',
		result?.failure,
		result ?? {},
	);
	const received =
		failure.path === 'closed' ||
		(failure.path === 'incorrect_offset' && failure.resume?.correctOffset === sizeBytes);
	return received ? undefined : failure;
}

function headerLength(files: readonly PackedFile[]): number {
	return files.reduce((sum, packed) => sum + charactersOf(packed), ARGUMENT_FRAME_CHARACTERS);
}

function isHeaderTooLong({ status, vendorText }: Failure): boolean {
	return (
		status === 413 ||
		status === 431 ||
		// A mistake in the argument is told by the API itself, and names the header, too.
		(status === 400 &&
			/header|too (?:large|long)/i.test(vendorText ?? '') &&
			!/^Error in call to API function/.test(vendorText ?? ''))
	);
}

function halves({ files, body }: LoadedPack): [LoadedPack, LoadedPack] {
	const middle = Math.ceil(files.length / 2);
	const firstBytes = files.slice(0, middle).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	return [
		{ files: files.slice(0, middle), body: body.subarray(0, firstBytes) },
		{ files: files.slice(middle), body: body.subarray(firstBytes) },
	];
}
