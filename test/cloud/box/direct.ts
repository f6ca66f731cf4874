import { createHash } from 'node:crypto';
import type { CloudReply } from '../core/contract';
import { Clock } from '../core/clock';
import { TokenStore } from '../core/tokens';
import type { BoxSettings } from './index';
import { BoxService, boxAccounts } from './index';

export interface Sent {
	host?: string;
	headers?: Record<string, string>;
	query?: Record<string, string>;
	/** An object is sent as JSON. */
	body?: unknown;
	/** Sent as they are, one after another. */
	chunks?: Iterable<Buffer>;
	token?: string;
}

/** What tests read of a reply; the rest they match. */
export interface ReceivedJson extends Record<string, unknown> {
	readonly id?: string;
	readonly name?: string;
	readonly code?: string;
	readonly part?: unknown;
	readonly entries?: ReadonlyArray<{ readonly name: string }>;
	readonly next_marker?: string | null;
	readonly session_endpoints?: Readonly<Record<string, string>>;
	readonly num_parts_processed?: number;
}

export interface Received {
	status: number;
	headers: Readonly<Record<string, string>>;
	json: ReceivedJson;
}

/** The state machine alone, without sockets: what a rule of Box's is tested with. */
export class DirectBox {
	readonly clock = new Clock();
	readonly tokens = new TokenStore(
		{
			accessTokenPrefix: '',
			defaultAccountId: boxAccounts.user.id,
			accessTokenLifetimeSec: 3600,
			refreshTokensWorkOnce: true,
		},
		this.clock,
	);
	readonly service: BoxService;
	readonly token = this.tokens.issue().accessToken;
	private sequence = 0;

	constructor(settings: Partial<BoxSettings> = {}) {
		this.service = new BoxService(this.tokens, settings);
	}

	async send(method: string, path: string, sent: Sent = {}): Promise<Received> {
		const { headers = {}, query = {}, token = this.token, body } = sent;
		const isUpload = /content$|upload_sessions/.test(path) && method !== 'OPTIONS';
		const host = sent.host ?? (isUpload ? 'upload.box.com' : 'api.box.com');
		const chunks = sent.chunks ?? (body === undefined ? [] : [Buffer.from(JSON.stringify(body))]);
		this.sequence += 1;
		const reply: CloudReply = await this.service.handle({
			sequence: this.sequence,
			method,
			host,
			pathname: (host === 'api.box.com' ? '/2.0' : '/api/2.0') + path,
			query: new URLSearchParams(query),
			headers: {
				authorization: `Bearer ${token}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...headers,
			},
			body: arriving(chunks),
		});
		const json = JSON.parse(JSON.stringify(reply.json ?? {})) as ReceivedJson;
		return { status: reply.status, headers: reply.headers ?? {}, json };
	}

	createSession(name: string, size: number, folderId = '0'): Promise<Received> {
		const body = { folder_id: folderId, file_name: name, file_size: size };
		return this.send('POST', '/files/upload_sessions', { body });
	}

	async openSession(name: string, size: number): Promise<string> {
		const { status, json } = await this.createSession(name, size);
		if (status !== 201) throw new Error(`${status} ${json.code}`);
		return json.id ?? '';
	}

	sendPart(sessionId: string, whole: Buffer, first: number, last: number): Promise<Received> {
		const bytes = whole.subarray(first, last + 1);
		return this.send('PUT', `/files/upload_sessions/${sessionId}`, {
			headers: {
				'content-type': 'application/octet-stream',
				'content-range': `bytes ${first}-${last}/${whole.length}`,
				digest: digestOf(bytes),
			},
			// In two pieces, as a network would.
			chunks: [bytes.subarray(0, 1), bytes.subarray(1)],
		});
	}

	/** All parts, last part first; answers them in the order of the file. */
	async sendParts(sessionId: string, whole: Buffer, partSize: number): Promise<unknown[]> {
		const parts: unknown[] = [];
		const lastStart = Math.floor((whole.length - 1) / partSize) * partSize;
		for (let first = lastStart; first >= 0; first -= partSize) {
			const last = Math.min(first + partSize, whole.length) - 1;
			const reply = await this.sendPart(sessionId, whole, first, last);
			parts.unshift(reply.json.part);
		}
		return parts;
	}

	commit(
		sessionId: string,
		whole: Buffer,
		parts: readonly unknown[],
		more: { headers?: Record<string, string>; attributes?: unknown } = {},
	): Promise<Received> {
		return this.send('POST', `/files/upload_sessions/${sessionId}/commit`, {
			headers: { digest: digestOf(whole), ...more.headers },
			body: { parts, ...(more.attributes ? { attributes: more.attributes } : {}) },
		});
	}

	/** A multipart upload; fields go out in this order, cut into pieces of `pieceBytes`. */
	upload(
		path: string,
		fields: ReadonlyArray<readonly [name: string, content: string | Buffer]>,
		more: { headers?: Record<string, string>; pieceBytes?: number } = {},
	): Promise<Received> {
		const boundary = 'a-boundary';
		const body = Buffer.concat([
			...fields.flatMap(([name, content]) => [
				Buffer.from(`--${boundary}\r\n${fieldHeaders(name)}\r\n\r\n`),
				Buffer.from(content),
				Buffer.from('\r\n'),
			]),
			Buffer.from(`--${boundary}--\r\n`),
		]);
		const pieceBytes = more.pieceBytes ?? body.length;
		const chunks: Buffer[] = [];
		for (let at = 0; at < body.length; at += pieceBytes) {
			chunks.push(body.subarray(at, at + pieceBytes));
		}
		const headers = {
			'content-type': `multipart/form-data; boundary=${boundary}`,
			...more.headers,
		};
		return this.send('POST', path, { headers, chunks });
	}
}

export function digestOf(bytes: Buffer): string {
	return `sha=${createHash('sha1').update(bytes).digest('base64')}`;
}

/** Bytes that differ at every offset, so that a part in the wrong place shows. */
export function someBytes(length: number): Buffer {
	return Buffer.from(Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 256));
}

function fieldHeaders(name: string): string {
	const disposition = `Content-Disposition: form-data; name="${name}"`;
	return name === 'file'
		? `${disposition}; filename="file"\r\nContent-Type: application/octet-stream`
		: disposition;
}

async function* arriving(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
	for (const chunk of chunks) yield await Promise.resolve(chunk);
}
