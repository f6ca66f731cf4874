import { createHash, randomBytes } from 'node:crypto';

import { need } from '../assumption';
import type { Json, Reply, Wire } from '../wire';

export const API = 'https://api.box.com/2.0';
export const UPLOAD = 'https://upload.box.com/api/2.0';

export function codeOf({ json }: Reply): string | undefined {
	return json?.code;
}

export function requestIdOf({ headers, json }: Reply): string | undefined {
	return String(json?.request_id ?? headers['box-request-id'] ?? '');
}

export const sha1Of = (content: Buffer): string => createHash('sha1').update(content).digest('hex');
export const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
export const some = (bytes: number): Buffer => randomBytes(bytes);

export class BoxApi {
	constructor(
		readonly wire: Wire,
		readonly folderId: string,
		/** The smallest that Box takes a session for. */
		readonly sessionBytes = 20_000_000,
		private readonly pollMs = 1_000,
	) {}

	async json(route: string, url: string, body: unknown, headers = {}): Promise<Reply> {
		const [method = 'POST'] = route.split(' ');
		const type = { 'content-type': 'application/json' };
		return await this.wire.send(route, url, {
			method: method as 'POST',
			headers: { ...type, ...headers },
			body: JSON.stringify(body),
		});
	}

	async get(route: string, url: string): Promise<Reply> {
		return await this.wire.send(route, url, { method: 'GET' });
	}

	async check(name: string, size: number): Promise<Reply> {
		const argument = { name, parent: { id: this.folderId }, size };
		return await this.json('OPTIONS /files/content', `${API}/files/content`, argument);
	}

	/** A whole file in one request, or a version of one. */
	async upload(
		name: string,
		content: Buffer,
		{ fileId, ...headers }: { fileId?: string; [header: string]: string | undefined } = {},
	): Promise<Reply> {
		const boundary = `verify-${randomBytes(8).toString('hex')}`;
		const attributes = { name, ...(fileId === undefined && { parent: { id: this.folderId } }) };
		const head =
			`--${boundary}\r\nContent-Disposition: form-data; name="attributes"\r\n\r\n${JSON.stringify(attributes)}\r\n` +
			`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n`;
		const body = Buffer.concat([
			Buffer.from(head),
			content,
			Buffer.from(`\r\n--${boundary}--\r\n`),
		]);
		const path = fileId === undefined ? '/files/content' : `/files/${fileId}/content`;
		const route = fileId === undefined ? 'POST /files/content' : 'POST /files/:id/content';
		return await this.wire.send(route, UPLOAD + path, {
			headers: {
				'content-type': `multipart/form-data; boundary=${boundary}`,
				...(headers as Record<string, string>),
			},
			body,
		});
	}

	/** What a probe needs and is not about. */
	async store(name: string, content = some(20)): Promise<Json> {
		const reply = await this.upload(name, content);
		const [file] = reply.json?.entries ?? [];
		need(reply.status === 201 && file !== undefined, 'a file for the probe could not be stored');
		return file ?? {};
	}

	async createSession(name: string, size = this.sessionBytes): Promise<Reply> {
		const body = { folder_id: this.folderId, file_name: name, file_size: size };
		return await this.json('POST /files/upload_sessions', `${UPLOAD}/files/upload_sessions`, body);
	}

	async session(name: string): Promise<Json> {
		const reply = await this.createSession(name);
		need(reply.status === 201, 'no upload session could be opened');
		const { json: session } = reply;
		need((session?.part_size ?? 0) > 0, 'the upload session names no part size');
		return session ?? {};
	}

	async part(session: Json, offset: number, content: Buffer, digest?: string): Promise<Reply> {
		const sha1 = digest ?? sha1Of(content);
		const end = offset + content.length - 1;
		return await this.wire.send(
			'PUT /files/upload_sessions/:id',
			String(session.session_endpoints?.upload_part),
			{
				method: 'PUT',
				headers: {
					'content-type': 'application/octet-stream',
					digest: `sha=${base64Of(sha1)}`,
					'content-range': `bytes ${offset}-${end}/${this.sessionBytes}`,
				},
				body: content,
			},
		);
	}

	/** All parts of a file, in an order; gives what the commit takes. */
	async fill(session: Json, content: Buffer, order = (parts: number[]) => parts): Promise<Json[]> {
		const size = Number(session.part_size);
		const offsets = Array.from({ length: Math.ceil(content.length / size) }, (_, n) => n * size);
		const parts: Json[] = [];
		for (const offset of order(offsets)) {
			const reply = await this.part(session, offset, content.subarray(offset, offset + size));
			need(reply.status === 200, 'a part was refused');
			if (reply.json?.part) parts.push(reply.json.part);
		}
		return parts.sort((one, other) => (one.offset ?? 0) - (other.offset ?? 0));
	}

	/** Commits until Box has made the file, or refused to. */
	async commit(session: Json, parts: Json[], sha1: string): Promise<Reply> {
		for (let polls = 1; ; polls++) {
			const reply = await this.json(
				'POST /files/upload_sessions/:id/commit',
				String(session.session_endpoints?.commit),
				{ parts },
				{ digest: `sha=${base64Of(sha1)}` },
			);
			if (reply.status !== 202 || polls >= 60) return reply;
			await new Promise((resolve) => setTimeout(resolve, this.pollMs));
		}
	}

	async abort(session: Json): Promise<Reply> {
		const url = String(session.session_endpoints?.abort);
		return await this.wire.send('DELETE /files/upload_sessions/:id', url, { method: 'DELETE' });
	}
}
