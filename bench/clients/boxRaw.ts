/** The limit for Box: the requests, parts and digests of our upload, without n8n or retries. */
import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { sender, type Send } from './http';
import type { ClientJob, InputFile, Upload } from './job';
import { inParallel, ConcurrencyLimiter } from './pool';

/** Smaller files are refused a session. */
const SESSION_FROM_BYTES = 20_000_000;
const UPLOAD = 'https://upload.box.com/api/2.0/files';

interface Session {
	readonly part_size: number;
	readonly session_endpoints: { readonly upload_part: string; readonly commit: string };
}

interface Part {
	readonly part_id: string;
	readonly offset: number;
}

interface Files {
	readonly entries: ReadonlyArray<{ readonly sha1: string }>;
}

export const upload: Upload = async (job) => {
	const { files, parallel = 1 } = job;
	const send = sender(job);
	const limiter = new ConcurrencyLimiter(parallel);
	const isSmall = ({ sizeBytes }: InputFile) => sizeBytes < SESSION_FROM_BYTES;
	await inParallel(files.filter(isSmall), parallel, (file) => sendWhole(send, file));
	const large = files.filter((file) => !isSmall(file));
	await inParallel(large, parallel, (file) => sendParts(send, limiter, job, file));
};

async function sendWhole(send: Send, { path, name }: InputFile): Promise<void> {
	const bytes = readFileSync(path);
	const sha1 = createHash('sha1').update(bytes).digest('hex');
	const boundary = 'upload-sessions-boundary';
	const attributes = JSON.stringify({ name, parent: { id: '0' } });
	const field = (disposition: string) =>
		`--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`;
	const body = Buffer.concat([
		Buffer.from(`${field('name="attributes"')}\r\n${attributes}\r\n`),
		Buffer.from(`${field(`name="file"; filename="${name}"`)}\r\n`),
		bytes,
		Buffer.from(`\r\n--${boundary}--\r\n`),
	]);
	const stored = await send<Files>(
		`${UPLOAD}/content`,
		{ 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-md5': sha1 },
		body,
	);
	if (stored.entries[0]?.sha1 !== sha1) throw new Error('A file was stored differently');
}

async function sendParts(
	send: Send,
	limiter: ConcurrencyLimiter,
	{ parallel = 1 }: ClientJob,
	{ path, name, sizeBytes }: InputFile,
): Promise<void> {
	const session = await send<Session>(
		`${UPLOAD}/upload_sessions`,
		{ 'content-type': 'application/json' },
		JSON.stringify({ folder_id: '0', file_name: name, file_size: sizeBytes }),
	);
	const { part_size: partBytes, session_endpoints: endpoints } = session;
	const handle = await open(path);
	const wholeFile = createHash('sha1');
	const parts: Part[] = [];
	// Parts leave beside each other, and are read in order: SHA-1 of a file knows no other way.
	let reading: Promise<unknown> = Promise.resolve();
	const sendPart = (index: number) =>
		limiter.use(partBytes, async (buffer) => {
			const offset = index * partBytes;
			const part = buffer.subarray(0, Math.min(partBytes, sizeBytes - offset));
			const read = reading.then(async () => {
				const { bytesRead } = await handle.read(part, 0, part.length, offset);
				if (bytesRead !== part.length) throw new Error(`${name} is too short`);
				wholeFile.update(part);
			});
			reading = read;
			await read;
			const stored = await send<{ part: Part }>(
				endpoints.upload_part,
				{
					'content-type': 'application/octet-stream',
					'content-range': `bytes ${offset}-${offset + part.length - 1}/${sizeBytes}`,
					digest: digest(createHash('sha1').update(part)),
				},
				part,
				'PUT',
			);
			parts[index] = stored.part;
		});
	try {
		await inParallel(Array(Math.ceil(sizeBytes / partBytes)).keys(), parallel, sendPart);
	} finally {
		await handle.close();
	}
	const sha1 = wholeFile.copy().digest('hex');
	const { entries } = await send<Files>(
		endpoints.commit,
		{ 'content-type': 'application/json', digest: digest(wholeFile) },
		JSON.stringify({ parts }),
	);
	if (entries[0]?.sha1 !== sha1) throw new Error('A file was stored differently');
}

function digest(hash: Hash): string {
	return `sha=${hash.digest('base64')}`;
}
