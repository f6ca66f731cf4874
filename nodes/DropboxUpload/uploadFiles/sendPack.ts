import type { Failure, Outcome } from '../../shared/failure';
import { correctOffsetOf, failed } from '../../shared/failure';
import { cutIntoParts } from '../../shared/source/parts';
import { readInOneGo } from '../../shared/source/restart';
import type { BufferPool } from '../../shared/transfer/bufferPool';
import { noteSpeed } from '../../shared/transfer/concurrencyLimiter';
import { PartSlot } from '../../shared/transfer/partSlot';
import { inParallel } from '../../shared/transfer/inParallel';
import { contentHashInTurns, contentHashOf } from '../api/contentHash';
import { readEntry } from '../api/failures/read';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { isRefusedWhole, MAX_SPLITS } from '../api/refusedBatch';
import { APPEND_BATCH, appendBatch } from '../api/sessions';
import type { AppendBatchResultEntry } from '../api/types';
import type { PackedFile } from './packs';
import { entryOf, headerLength } from './packs';
import type { ReadyFile } from './types';
import type { SendContext } from './uploadContext';

/** In each pack. */
const PARALLEL_READS = 4;
/** Node.js makes one more chunk for the end of each file, and leaves it to V8. */
const READ_CHUNK_BYTES = 64 * 1024;

type PackContext = SendContext & {
	readonly bodies: BufferPool;
	/** A header of this length was too long: what follows is to be packed with shorter ones. */
	readonly onHeaderTooLong: (characters: number) => void;
};

/** Reads the files of one pack into one body and sends it, when the limiter lets it start. */
export async function sendPack(pack: readonly PackedFile[], context: PackContext): Promise<void> {
	const wholeBytes = pack.reduce(
		(sum, { file, sizeBytes }) => sum + (file.source.readsWhole ? sizeBytes : 0),
		0,
	);
	const bodyBytes = pack.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const { bodies, connection, limiter, memory, settings } = context;
	const room = await memory.reserve(
		bodyBytes + wholeBytes,
		settings.memoryLimitBytes,
		connection.client.cancelSignal,
	);
	const slot = new PartSlot(room, bodies);
	const canceled = context.canceled();
	if (canceled !== undefined) {
		slot.drop();
		for (const { file } of pack) context.onFailed(file, canceled);
		return;
	}
	await slot.send(
		limiter,
		bodyBytes,
		async () => {
			const loaded = await loadPack(pack, slot.take(bodyBytes), context);
			const sent = loaded.files.length === 0 || (await appendLoaded(loaded, context));
			if (sent) slot.giveBack();
		},
		(error) =>
			context.onThrow(
				pack.map(({ file }) => file),
				error,
			),
	);
}

interface Content {
	readonly bytes: Buffer;
	readonly contentHash: string;
}

type LoadedFile = ReadyFile & PackedFile;

interface LoadedPack {
	readonly files: readonly LoadedFile[];
	readonly body: Buffer;
}

/** Unreadable files are left out and reported; the others close ranks. */
async function loadPack(
	pack: readonly PackedFile[],
	body: Buffer,
	context: PackContext,
): Promise<LoadedPack> {
	const offsets: number[] = [];
	let next = 0;
	for (const { sizeBytes } of pack) {
		offsets.push(next);
		next += sizeBytes;
	}
	const read = await inParallel(
		pack,
		PARALLEL_READS,
		async ({ file: { source }, sizeBytes }, index): Promise<Outcome<Content>> => {
			const target = body.subarray(offsets[index], (offsets[index] ?? 0) + sizeBytes);
			return await readInOneGo(source, async () => {
				const chunks = source.open(READ_CHUNK_BYTES);
				const sizes = { partSizeBytes: sizeBytes };
				const whole = cutIntoParts(chunks, sizeBytes, sizes, () => target);
				for await (const { last } of whole) if (last) break;
				// Not for all files at once later: that would keep n8n waiting.
				return { bytes: target, contentHash: contentHashOf(target) };
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
		const { bytes, contentHash } = content.value;
		files.push({ file, sessionId, sizeBytes, contentHash });
		contents.push(bytes);
	});
	return { files, body: files.length === pack.length ? body : Buffer.concat(contents) };
}

/** False when the body may not have been read to its end. */
async function appendLoaded(
	{ files, body }: LoadedPack,
	context: PackContext,
	splits = { left: MAX_SPLITS },
): Promise<boolean> {
	if (files.every(({ sessionId }) => sessionId === ''))
		return await sendAlone({ files, body }, context);
	const entries = files.map(entryOf);
	const bodyHash = await contentHashInTurns(body);
	const appended = await appendBatch(context.connection, entries, body, bodyHash);
	noteSpeed(appended, context.limiter);
	if (!appended.ok) return await afterRefusal({ files, body }, appended.failure, context, splits);
	files.forEach((ready, index) => {
		const failure = failureOf(appended.value[index], ready.sizeBytes);
		if (failure !== undefined) {
			context.onFailed(ready.file, failure);
			return;
		}
		context.progress.bytesSent(ready.sizeBytes);
		context.onReady(ready);
	});
	return true;
}

/** Sends the files in smaller packs, or one by one, where that helps. */
async function afterRefusal(
	{ files, body }: LoadedPack,
	failure: Failure,
	context: PackContext,
	splits: { left: number },
): Promise<boolean> {
	if (isRouteRefused(failure)) {
		context.alone.noteRefused(APPEND_BATCH, failure);
		return await sendAlone({ files, body }, context);
	}
	const headerTooLong = isHeaderTooLong(failure);
	if (headerTooLong && files.length > 1) context.onHeaderTooLong(headerLength(files));
	const oneIsGuilty = isRefusedWhole(failed(failure)) && splits.left > 0;
	if ((headerTooLong || oneIsGuilty) && files.length > 1) {
		if (!headerTooLong) splits.left -= 1;
		const [first, second] = halves({ files, body });
		const firstSent = await appendLoaded(first, context, splits);
		return (await appendLoaded(second, context, splits)) && firstSent;
	}
	for (const { file } of files) context.onFailed(file, failure);
	return false;
}

/** One after the other: other packs are on their way beside this one. */
async function sendAlone({ files, body }: LoadedPack, { alone }: PackContext): Promise<boolean> {
	let offset = 0;
	for (const { file, sizeBytes, contentHash } of files) {
		const content = body.subarray(offset, offset + sizeBytes);
		offset += sizeBytes;
		await alone.send({ file, sizeBytes, contentHash }, content);
	}
	return false;
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
		failure.code === 'closed' ||
		(failure.code === 'incorrect_offset' && correctOffsetOf(failure) === sizeBytes);
	return received ? undefined : failure;
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
