/** Addresses that give a file to whoever has them, without a sign-in, until they expire. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock';
import { chunksOfContent, sizeOfContent, type ReadableContent } from './content';
import type { CloudReply, CloudRequest } from './contract';

export interface DownloadedFile {
	readonly name: string;
	readonly content: ReadableContent;
}

interface IssuedLink {
	readonly file: DownloadedFile;
	readonly expiresAtMs: number;
	readonly etag: string;
}

export class Downloads {
	private readonly links = new Map<string, IssuedLink>();

	constructor(private readonly clock: Clock) {}

	/** The secret part of the address. */
	issue(file: DownloadedFile, lifetimeMs: number): string {
		const token = randomBytes(24).toString('base64url');
		// Nothing promises that two addresses of one file have one ETag.
		const etag = `"${randomBytes(8).toString('hex')}"`;
		this.links.set(token, { file, expiresAtMs: this.clock.now() + lifetimeMs, etag });
		return token;
	}

	/** All that have been given out; for tests that look for them where they may not be. */
	get tokens(): string[] {
		return [...this.links.keys()];
	}

	/** From now on all are too old. */
	expireAll(): void {
		for (const [token, link] of this.links) this.links.set(token, { ...link, expiresAtMs: 0 });
	}

	reset(): void {
		this.links.clear();
	}

	answer(token: string, request: CloudRequest, expiredStatus: number): CloudReply {
		const link = this.links.get(token);
		if (request.method !== 'GET') return { status: 405, text: 'Method Not Allowed' };
		if (!link) return { status: 404, text: 'Not Found' };
		if (this.clock.now() >= link.expiresAtMs) return { status: expiredStatus, text: 'Gone' };
		return fileReply(request, link.file, link.etag);
	}
}

/** One range that begins somewhere and goes to the end, as RFC 9110, 14 has it; others are not served. */
export function fileReply(
	{ headers }: CloudRequest,
	{ name, content }: DownloadedFile,
	etag: string,
): CloudReply {
	const sizeBytes = sizeOfContent(content);
	const range = String(headers.range ?? '');
	const condition = headers['if-range'];
	const holds = condition === undefined || condition === etag;
	const start = Number((holds && /^bytes=(\d+)-$/.exec(range)?.[1]) || Number.NaN);
	const head = {
		'content-type': 'application/octet-stream',
		'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
		'accept-ranges': 'bytes',
		etag,
	};
	if (Number.isNaN(start)) {
		return { status: 200, headers: head, stream: { sizeBytes, chunks: chunksOfContent(content) } };
	}
	if (start >= sizeBytes) {
		return { status: 416, headers: { 'content-range': `bytes */${sizeBytes}` }, text: '' };
	}
	return {
		status: 206,
		headers: { ...head, 'content-range': `bytes ${start}-${sizeBytes - 1}/${sizeBytes}` },
		stream: { sizeBytes: sizeBytes - start, chunks: chunksOfContent(content, start) },
	};
}
