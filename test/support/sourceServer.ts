/** A server that is no vendor, on the loopback interface: what Source: URL gets its files from. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { generateChunks } from '../engine/generate';
import type { GeneratedContent } from '../engine/types';

export interface SourceFile {
	content: Buffer | GeneratedContent;
	/** Default application/octet-stream. */
	type?: string;
	disposition?: string;
	etag?: string;
	lastModified?: string;
	/** Whether it answers Range with 206. Default true. */
	ranges?: boolean;
	/** Whether it says how long the file is. Default true. */
	length?: boolean;
	/** Packed whatever the client accepts, as some stores do. */
	gzip?: boolean;
	/** Places in the file after which the connection breaks, each once. */
	cuts?: number[];
	/** Whether a break loses what is on its way, as a reset does. */
	resets?: boolean;
	/** Places after which nothing more is sent, each once; the connection stays open. */
	stalls?: number[];
	/** Takes the request and answers nothing, not even headers. */
	silent?: boolean;
	bytesPerSecond?: number;
	/** What goes out at once. */
	stepBytes?: number;
	/** Instead of the file. */
	status?: number;
	headers?: Record<string, string>;
	/** Before an answer begins. */
	onRequest?: (seen: SourceRequest) => void;
}

export interface SourceRequest {
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	status: number;
	sentBytes: number;
}

const STEP_BYTES = 64 * 1024;

export class SourceServer {
	readonly requests: SourceRequest[] = [];
	private readonly files = new Map<string, SourceFile>();
	private readonly server = createServer((incoming, response) => {
		this.serve(incoming, response).catch(() => response.destroy());
	});

	static async start(): Promise<SourceServer> {
		const source = new SourceServer();
		source.server.listen(0, '127.0.0.1');
		await once(source.server, 'listening');
		return source;
	}

	/** Serves a file from now on; gives its address. */
	put(path: string, file: SourceFile): string {
		this.files.set(new URL(path, 'http://host').pathname, file);
		const { port } = this.server.address() as AddressInfo;
		return `http://127.0.0.1:${port}${path}`;
	}

	/** All that went out as content. */
	get sentBytes(): number {
		return this.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
	}

	reset(): void {
		this.requests.length = 0;
		this.files.clear();
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname: path } = new URL(incoming.url ?? '', 'http://host');
		const { headers } = incoming;
		const seen: SourceRequest = { path, headers, status: 404, sentBytes: 0 };
		this.requests.push(seen);
		// Taken before the answer begins, so that a test can replace the file under it.
		const file = this.files.get(path);
		file?.onRequest?.(seen);
		if (file?.silent) return;
		if (file === undefined || file.status !== undefined) {
			seen.status = file?.status ?? 404;
			response.writeHead(seen.status, file?.headers).end(file ? 'Not this time' : 'Nothing here');
			return;
		}
		await this.send(file, seen, response);
	}

	private async send(
		file: SourceFile,
		seen: SourceRequest,
		response: ServerResponse,
	): Promise<void> {
		const { content, etag, lastModified, cuts = [], stalls = [], bytesPerSecond } = file;
		const { stepBytes = STEP_BYTES } = file;
		const packed = file.gzip ? gzipSync(Buffer.concat([...chunksOf(content)])) : undefined;
		const sizeBytes = packed?.length ?? sizeOf(content);
		const from = rangeStart(file, seen.headers);
		seen.status = from === undefined ? 200 : from < sizeBytes ? 206 : 416;
		const start = from ?? 0;
		response.writeHead(seen.status, {
			'content-type': file.type ?? 'application/octet-stream',
			...(file.disposition && { 'content-disposition': file.disposition }),
			...(etag && { etag }),
			...(lastModified && { 'last-modified': lastModified }),
			...(packed && { 'content-encoding': 'gzip' }),
			...(file.length !== false && { 'content-length': Math.max(0, sizeBytes - start) }),
			...(from !== undefined && {
				'content-range': `bytes ${start}-${sizeBytes - 1}/${sizeBytes}`,
			}),
			...file.headers,
		});
		response.flushHeaders();
		let at = 0;
		for (const chunk of chunksOf(packed ?? content)) {
			for (let taken = 0; taken < chunk.length; taken += stepBytes) {
				const piece = chunk.subarray(taken, taken + stepBytes);
				const skipped = Math.min(piece.length, Math.max(0, start - at));
				at += piece.length;
				if (skipped === piece.length) continue;
				const end = [...cuts, ...stalls].find(
					(place) => place < at && place >= at - piece.length + skipped,
				);
				const rest = piece.subarray(skipped, end === undefined ? undefined : end - at);
				if (response.destroyed) return;
				if (!response.write(rest)) await roomIn(response);
				seen.sentBytes += rest.length;
				if (end !== undefined) {
					const stalled = stalls.includes(end);
					const places = stalled ? stalls : cuts;
					places.splice(places.indexOf(end), 1);
					if (stalled) return;
					if (file.resets) response.socket?.resetAndDestroy();
					// What was written goes out first.
					else response.socket?.destroySoon();
					return;
				}
				if (bytesPerSecond) await sleep((1_000 * rest.length) / bytesPerSecond);
			}
		}
		response.end();
	}
}

async function roomIn(response: ServerResponse): Promise<void> {
	await new Promise<void>((resolve) => {
		const done = (): void => {
			response.off('drain', done).off('close', done);
			resolve();
		};
		response.on('drain', done).on('close', done);
	});
}

/** Undefined for an answer with the whole file. */
function rangeStart(file: SourceFile, headers: IncomingHttpHeaders): number | undefined {
	const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
	if (start === undefined || file.ranges === false) return undefined;
	const condition = headers['if-range'];
	const isSame =
		condition === undefined || [file.etag, file.lastModified].includes(String(condition));
	return isSame ? Number(start) : undefined;
}

function sizeOf(content: SourceFile['content']): number {
	return Buffer.isBuffer(content) ? content.length : content.sizeBytes;
}

function* chunksOf(content: SourceFile['content']): Generator<Buffer> {
	if (Buffer.isBuffer(content)) yield content;
	else yield* generateChunks(content);
}

/** The server of one test file, emptied before each test. */
export function useSourceServer(): () => SourceServer {
	let server: SourceServer | undefined;
	beforeAll(async () => {
		server = await SourceServer.start();
	});
	beforeEach(() => server?.reset());
	afterAll(async () => await server?.stop());
	return () => {
		if (!server) throw new Error('The server is there inside tests only');
		return server;
	};
}
