import { createHash, randomBytes } from 'node:crypto';

import { need, NotSeen } from '../assumption';
import type { Json, Reply, Wire } from '../wire';

const API = 'https://api.dropboxapi.com/2/';
const CONTENT = 'https://content.dropboxapi.com/2/';
export const BLOCK_BYTES = 4 * 1024 * 1024;
const POLLS = 40;

/** Dropbox's tags from the outside in: `path/conflict/file`. */
export function reasonOf(value: Json | undefined): string {
	const tags: string[] = [];
	let at: unknown = value;
	while (isTagged(at)) {
		const tag = at['.tag'];
		tags.push(tag);
		at = at[tag] ?? at.reason;
	}
	return tags.join('/');
}

function isTagged(value: unknown): value is Record<string, unknown> & { readonly '.tag': string } {
	return typeof value === 'object' && value !== null && '.tag' in value;
}

export function codeOf({ json, text }: Reply): string | undefined {
	if (json?.error !== undefined) return reasonOf(json.error);
	return text.includes('Unknown API function') ? 'unknown_function' : undefined;
}

export function requestIdOf({ headers }: Reply): string | undefined {
	return String(headers['x-dropbox-request-id'] ?? '');
}

/** https://www.dropbox.com/developers/reference/content-hash */
export function hashOf(content: Buffer): string {
	const whole = createHash('sha256');
	for (let at = 0; at < content.length; at += BLOCK_BYTES) {
		whole.update(
			createHash('sha256')
				.update(content.subarray(at, at + BLOCK_BYTES))
				.digest(),
		);
	}
	return whole.digest('hex');
}

export const some = (bytes: number): Buffer => randomBytes(bytes);
export const NOTHING = Buffer.alloc(0);

interface CommitEntry {
	readonly cursor: { readonly session_id: string; readonly offset: number };
	readonly commit: object;
}

export class DropboxApi {
	constructor(
		readonly wire: Wire,
		/** Of this run alone, `/name`. */
		readonly folder: string,
		private readonly pollMs = 1_000,
	) {}

	path(name: string): string {
		return `${this.folder}/${name}`;
	}

	async rpc(route: string, argument: unknown, headers = {}): Promise<Reply> {
		const body = JSON.stringify(argument);
		const type = { 'content-type': 'application/json' };
		return await this.wire.send(route, API + route, { headers: { ...type, ...headers }, body });
	}

	async content(route: string, argument: unknown, body: Buffer): Promise<Reply> {
		const headers = {
			'content-type': 'application/octet-stream',
			'dropbox-api-arg': headerSafe(argument),
		};
		return await this.wire.send(route, CONTENT + route, { headers, body });
	}

	/** A sequential session with these bytes. */
	async start(content: Buffer, close: boolean): Promise<string> {
		const argument = { close, session_type: 'sequential' };
		const reply = await this.content('files/upload_session/start', argument, content);
		need(reply.status === 200, 'no session could be started');
		return String(reply.json?.session_id);
	}

	async startConcurrent(): Promise<string> {
		const argument = { close: false, session_type: 'concurrent' };
		const reply = await this.content('files/upload_session/start', argument, NOTHING);
		need(reply.status === 200, 'no concurrent session could be started');
		return String(reply.json?.session_id);
	}

	async append(id: string, offset: number, content: Buffer, close = false, hash?: string) {
		const argument = {
			cursor: { session_id: id, offset },
			close,
			...(hash !== undefined && { content_hash: hash }),
		};
		return await this.content('files/upload_session/append_v2', argument, content);
	}

	entry(id: string, sizeBytes: number, name: string, extra: object = {}): CommitEntry {
		const info = { mode: 'add', autorename: false, mute: true, strict_conflict: false };
		return {
			cursor: { session_id: id, offset: sizeBytes },
			commit: { path: this.path(name), ...info, ...extra },
		};
	}

	/** Commits one closed session with whichever call there is. */
	async commit(id: string, sizeBytes: number, name: string, extra: object = {}): Promise<Json> {
		const entry = this.entry(id, sizeBytes, name, extra);
		const batch = await this.rpc('files/upload_session/finish_batch_v2', { entries: [entry] });
		const [first] = batch.status === 200 ? (batch.json?.entries ?? []) : [];
		if (first !== undefined) return first;
		const single = await this.content('files/upload_session/finish', entry, NOTHING);
		if (single.status === 200) return { '.tag': 'success', ...single.json };
		if (single.status === 409) return { '.tag': 'failure', failure: single.json?.error };
		throw new NotSeen('nothing could be committed');
	}

	/** Stores a small file; what a probe needs and is not about. */
	async store(name: string, content: Buffer, extra: object = {}): Promise<Json> {
		const id = await this.start(content, true);
		const entry = await this.commit(id, content.length, name, extra);
		need(entry['.tag'] === 'success', 'a file for the probe could not be stored');
		return entry;
	}

	/** The last answer of a job. */
	async jobEnd(route: string, asyncJobId: string): Promise<Reply> {
		for (let polls = 1; ; polls++) {
			const reply = await this.rpc(route, { async_job_id: asyncJobId });
			if (reply.json?.['.tag'] !== 'in_progress' || polls >= POLLS) return reply;
			await new Promise((resolve) => setTimeout(resolve, this.pollMs));
		}
	}
}

function headerSafe(value: unknown): string {
	return JSON.stringify(value).replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
