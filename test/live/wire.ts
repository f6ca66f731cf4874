/** Raw calls to a vendor with undici, noted as a report may show them. */
import { setTimeout as sleep } from 'node:timers/promises';

import { request, type Dispatcher } from 'undici';

import type { Call } from './assumption';

const MAX_WAITS = 5;
const LONGEST_WAIT_MS = 60_000;
const CALL_TIMEOUT_MS = 120_000;

export interface Reply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
	readonly sizeBytes: number;
	/** Undefined where it is no JSON. */
	readonly json: Json | undefined;
}

/** What probes read of responses and arguments. Which of it there really is, each checks. */
export interface Json {
	readonly '.tag'?: string;
	readonly id?: string;
	readonly name?: string;
	readonly size?: number;
	readonly entries?: readonly Json[];
	// Dropbox
	readonly rev?: string;
	readonly path?: string;
	readonly path_lower?: string;
	readonly path_display?: string;
	readonly content_hash?: string;
	readonly client_modified?: string;
	readonly has_more?: boolean;
	readonly session_id?: string;
	readonly session_ids?: readonly string[];
	readonly num_sessions?: number;
	readonly async_job_id?: string;
	readonly error?: Json;
	readonly failure?: Json;
	readonly invalid_root?: Json;
	readonly root_info?: Json;
	readonly root_namespace_id?: string;
	readonly correct_offset?: number;
	readonly cursor?: Json;
	readonly commit?: Json;
	readonly link?: string;
	readonly close?: boolean;
	// Box
	readonly code?: string;
	readonly request_id?: string;
	readonly context_info?: { readonly conflicts?: Json | readonly Json[] };
	readonly file_name?: string;
	readonly upload_url?: string;
	readonly sha1?: string;
	readonly etag?: string;
	readonly file_version?: Json;
	readonly part_size?: number;
	readonly total_parts?: number;
	readonly session_endpoints?: Readonly<Record<string, string | undefined>>;
	readonly part?: Json;
	readonly offset?: number;
	readonly total_count?: number;
}

export interface WireOptions {
	readonly accessToken: string;
	readonly dispatcher?: Dispatcher;
	/** No call begins after it is aborted. */
	readonly signal?: AbortSignal;
	readonly codeOf: (reply: Reply) => string | undefined;
	readonly requestIdOf: (reply: Reply) => string | undefined;
}

interface Outgoing {
	readonly method?: Dispatcher.HttpMethod;
	readonly headers?: Record<string, string>;
	readonly body?: Buffer | string;
	/** An address that gives its content to whoever has it: the token does not go there. */
	readonly withoutToken?: true;
}

export class Wire {
	/** Of the present probe. */
	private calls: Call[] = [];
	/** Of the whole run. */
	readonly seen: Array<Call & { readonly retryAfter?: string }> = [];
	sentBytes = 0;

	constructor(private readonly options: WireOptions) {}

	/** The calls since the last time. */
	takeCalls(): Call[] {
		return this.calls.splice(0);
	}

	/** `route`: how the report names the call. Waits as long as a 429 asks for. */
	async send(route: string, url: string, outgoing: Outgoing = {}): Promise<Reply> {
		for (let waits = 0; ; waits++) {
			this.options.signal?.throwIfAborted();
			const reply = await this.sendOnce(url, outgoing);
			const retryAfter = reply.headers['retry-after'];
			const call = this.callOf(route, reply);
			this.calls.push(call);
			this.seen.push({ ...call, ...(typeof retryAfter === 'string' && { retryAfter }) });
			if (reply.status !== 429 || waits >= MAX_WAITS) return reply;
			const seconds = Number(retryAfter ?? 1) || 1;
			await sleep(Math.min(LONGEST_WAIT_MS, seconds * 1_000));
		}
	}

	/** What an address sends from this byte on to whoever asks, without the token. */
	async rest(route: string, url: string, fromByte: number): Promise<Reply> {
		const headers = { range: `bytes=${fromByte}-` };
		return await this.send(route, url, { method: 'GET', headers, withoutToken: true });
	}

	private async sendOnce(url: string, outgoing: Outgoing): Promise<Reply> {
		const { accessToken, dispatcher } = this.options;
		const { method = 'POST', headers, body: content, withoutToken } = outgoing;
		const signIn = withoutToken ? {} : { authorization: `Bearer ${accessToken}` };
		this.sentBytes += content?.length ?? 0;
		const reply = await request(url, {
			method,
			headers: { ...signIn, ...headers },
			body: content ?? null,
			headersTimeout: CALL_TIMEOUT_MS,
			bodyTimeout: CALL_TIMEOUT_MS,
			...(dispatcher && { dispatcher }),
		});
		const body = Buffer.from(await reply.body.arrayBuffer());
		const text = body.toString();
		return {
			status: reply.statusCode,
			headers: reply.headers,
			text,
			sizeBytes: body.length,
			json: parsed(text),
		};
	}

	private callOf(route: string, reply: Reply): Call {
		const code = plain(this.options.codeOf(reply), /^[\w/]{1,80}$/);
		const requestId = plain(this.options.requestIdOf(reply), /^[\w-]{1,64}$/);
		return {
			route,
			status: reply.status,
			...(code !== undefined && { code }),
			...(requestId !== undefined && { requestId }),
		};
	}
}

/** A name of somebody's or a token is none of these. */
function plain(text: string | undefined, pattern: RegExp): string | undefined {
	return text !== undefined && pattern.test(text) ? text : undefined;
}

function parsed(text: string): Json | undefined {
	try {
		return JSON.parse(text) as Json;
	} catch {
		return undefined;
	}
}
