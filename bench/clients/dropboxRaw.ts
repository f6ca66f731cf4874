/**
 * The limit: the requests, parts and hashes of our upload, without n8n, retries or checks of
 * anything but the final hash.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { blockDigests, hashOfBlocks } from './dropboxHash';
import { sender, type Send } from './http';
import type { ClientJob, InputFile, Upload } from './job';
import { inParallel, ConcurrencyLimiter } from './pool';

const MAX_BATCH_ENTRIES = 1000;
const MAX_HEADER_CHARS = 8000;

interface Session {
	readonly file: InputFile;
	readonly id: string;
	hash: string;
}

interface SessionIds {
	readonly session_ids: readonly string[];
}

interface Committed {
	readonly entries: ReadonlyArray<{ readonly content_hash: string }>;
}

export const upload: Upload = async (job) => {
	const { packBytes = 0, parallel = 1 } = job;
	const send = sender(job);
	const limiter = new ConcurrencyLimiter(parallel);
	const isSmall = ({ sizeBytes }: InputFile) => sizeBytes > 0 && sizeBytes <= packBytes;
	let commits = Promise.resolve();
	const commitLater = (sessions: readonly Session[]) => {
		// Commits are serial, beside the upload of the next files.
		commits = commits.then(() => commitAll(send, sessions));
	};
	for (const files of batches(job.files.filter(isSmall))) {
		const sessions = await startAll(send, files, 'sequential');
		await inParallel(packs(sessions, packBytes), parallel, (pack) => sendPack(send, pack));
		commitLater(sessions);
	}
	for (const files of batches(job.files.filter((file) => file.sizeBytes > packBytes))) {
		const sessions = await startAll(send, files, 'concurrent');
		await inParallel(sessions, parallel, (session) => sendParts(send, limiter, session, job));
		commitLater(sessions);
	}
	for (const files of batches(job.files.filter(({ sizeBytes }) => sizeBytes === 0))) {
		const sessions = await startAll(send, files, 'sequential');
		await inParallel(sessions, parallel, (session) => sendEmpty(send, session));
		commitLater(sessions);
	}
	await commits;
};

async function rpc<Json>(send: Send, route: string, argument: unknown): Promise<Json> {
	const headers = { 'content-type': 'application/json' };
	return await send(`https://api.dropboxapi.com/2/${route}`, headers, JSON.stringify(argument));
}

async function append(send: Send, route: string, argument: unknown, body: Buffer): Promise<void> {
	const headers = {
		'content-type': 'application/octet-stream',
		'dropbox-api-arg': JSON.stringify(argument),
	};
	await send(`https://content.dropboxapi.com/2/files/upload_session/${route}`, headers, body);
}

async function startAll(
	send: Send,
	files: readonly InputFile[],
	type: 'sequential' | 'concurrent',
): Promise<Session[]> {
	const argument = { num_sessions: files.length, session_type: { '.tag': type } };
	const started = await rpc<SessionIds>(send, 'files/upload_session/start_batch', argument);
	return files.map((file, index) => ({ file, id: started.session_ids[index] ?? '', hash: '' }));
}

function* batches(files: readonly InputFile[]): Generator<InputFile[]> {
	for (let at = 0; at < files.length; at += MAX_BATCH_ENTRIES) {
		yield files.slice(at, at + MAX_BATCH_ENTRIES);
	}
}

async function commitAll(send: Send, sessions: readonly Session[]): Promise<void> {
	const entries = sessions.map(({ file, id }) => ({
		cursor: { session_id: id, offset: file.sizeBytes },
		commit: { path: `/${file.name}` },
	}));
	const stored = await rpc<Committed>(send, 'files/upload_session/finish_batch_v2', { entries });
	for (const [index, { hash }] of sessions.entries()) {
		if (stored.entries[index]?.content_hash !== hash) throw new Error('A file differs');
	}
}

function entryOf({ file, id }: Session) {
	return { cursor: { session_id: id, offset: 0 }, length: file.sizeBytes, close: true };
}

/** As many files as fit into one body and one header. */
function* packs(sessions: readonly Session[], maxBytes: number): Generator<Session[]> {
	const empty = { pack: [] as Session[], bytes: 0, chars: 100 };
	let { pack, bytes, chars } = empty;
	for (const session of sessions) {
		const { sizeBytes } = session.file;
		const entryChars = JSON.stringify(entryOf(session)).length + 1;
		const isFull = bytes + sizeBytes > maxBytes || chars + entryChars > MAX_HEADER_CHARS;
		if (isFull && pack.length > 0) {
			yield pack;
			({ pack, bytes, chars } = { ...empty, pack: [] });
		}
		pack.push(session);
		bytes += sizeBytes;
		chars += entryChars;
	}
	if (pack.length > 0) yield pack;
}

async function sendPack(send: Send, pack: readonly Session[]): Promise<void> {
	const bodyBytes = pack.reduce((sum, { file }) => sum + file.sizeBytes, 0);
	const body = Buffer.allocUnsafe(bodyBytes);
	let end = 0;
	for (const session of pack) {
		const bytes = body.subarray(end, (end += session.file.sizeBytes));
		readWhole(session.file, bytes);
		session.hash = hashOfBlocks(blockDigests(bytes));
	}
	const argument = {
		entries: pack.map(entryOf),
		content_hash: hashOfBlocks(blockDigests(body)),
	};
	await append(send, 'append_batch', argument, body);
}

function readWhole(file: InputFile, into: Buffer): void {
	const descriptor = openSync(file.path, 'r');
	const bytes = readSync(descriptor, into, 0, into.length, 0);
	closeSync(descriptor);
	if (bytes !== file.sizeBytes) throw new Error(`${file.name} is too short`);
}

async function sendParts(
	send: Send,
	limiter: ConcurrencyLimiter,
	session: Session,
	{ parallel = 1 }: ClientJob,
): Promise<void> {
	const { path, name, sizeBytes, partBytes = sizeBytes } = session.file;
	const handle = await open(path);
	const digests: Buffer[][] = [];
	const sendPart = (index: number) =>
		limiter.use(partBytes, async (buffer) => {
			const offset = index * partBytes;
			const part = buffer.subarray(0, Math.min(partBytes, sizeBytes - offset));
			const { bytesRead } = await handle.read(part, 0, part.length, offset);
			if (bytesRead !== part.length) throw new Error(`${name} is too short`);
			const blocks = blockDigests(part);
			digests[index] = blocks;
			const argument = {
				cursor: { session_id: session.id, offset },
				close: offset + part.length === sizeBytes,
				content_hash: hashOfBlocks(blocks),
			};
			await append(send, 'append_v2', argument, part);
		});
	try {
		// The part that closes the session goes last, after all others are in.
		const last = Math.ceil(sizeBytes / partBytes) - 1;
		await inParallel(Array(last).keys(), parallel, sendPart);
		await sendPart(last);
	} finally {
		await handle.close();
	}
	session.hash = hashOfBlocks(digests.flat());
}

async function sendEmpty(send: Send, session: Session): Promise<void> {
	const argument = { cursor: { session_id: session.id, offset: 0 }, close: true };
	await append(send, 'append_v2', argument, Buffer.alloc(0));
	session.hash = hashOfBlocks([]);
}
