/** A plain client of the cloud: undici through the proxy, trusting the cloud's authority only. */
import { ProxyAgent, request, type Dispatcher } from 'undici';

export interface CloudAddress {
	readonly proxyUrl: string;
	readonly caPem: string;
}

/** Fields that tests read often. Which of them an answer really has depends on the call. */
export interface CloudJson {
	readonly '.tag': string;
	readonly id: string;
	readonly rev: string;
	readonly name: string;
	readonly path_lower: string;
	readonly path_display: string;
	readonly client_modified: string;
	readonly server_modified: string;
	readonly content_hash: string;
	readonly email: string;
	readonly root_info: object;
	readonly url: string;
	readonly session_id: string;
	readonly session_ids: string[];
	readonly upload_session_id: string;
	readonly async_job_id: string;
	readonly cursor: string;
	readonly has_more: boolean;
	readonly entries: CloudJson[];
	readonly links: CloudJson[];
	readonly error: CloudJson;
	readonly error_summary: string;
	readonly access_token: string;
	readonly refresh_token: string;
	readonly expires_in: number;
}

export interface Answer<Json = CloudJson> {
	readonly status: number;
	readonly headers: Dispatcher.ResponseData['headers'];
	readonly text: string;
	/** Undefined when the answer is no JSON. */
	readonly json: Json;
}

export interface SendOptions {
	method?: Dispatcher.HttpMethod;
	headers?: Record<string, string>;
	body?: Buffer | string | null;
}

type DropboxHeaders = Record<string, string | undefined>;

export class CloudClient {
	private readonly agent: ProxyAgent;

	constructor(
		cloud: CloudAddress,
		private readonly accessToken?: string,
	) {
		const trust = { ca: cloud.caPem };
		this.agent = new ProxyAgent({ uri: cloud.proxyUrl, requestTls: trust });
	}

	/** For clients that take a fetch or a dispatcher. */
	get dispatcher(): Dispatcher {
		return this.agent;
	}

	async send<Json = CloudJson>(url: string, options: SendOptions = {}): Promise<Answer<Json>> {
		const { method = 'POST', body = null } = options;
		const headers = { ...this.authorization(), ...options.headers };
		const reply = await request(url, { dispatcher: this.agent, method, headers, body });
		const text = await reply.body.text();
		return { status: reply.statusCode, headers: reply.headers, text, json: parsed(text) as Json };
	}

	/** A Dropbox call with a JSON body. */
	async rpc<Json = CloudJson>(
		route: string,
		argument: unknown = null,
		headers: DropboxHeaders = {},
	): Promise<Answer<Json>> {
		return await this.send(`https://api.dropboxapi.com/2/${route}`, {
			headers: defined({ 'content-type': 'application/json', ...headers }),
			body: JSON.stringify(argument),
		});
	}

	/** A Dropbox call with bytes as its body. */
	async content<Json = CloudJson>(
		route: string,
		argument: unknown,
		bytes: Buffer | string = '',
		headers: DropboxHeaders = {},
	): Promise<Answer<Json>> {
		return await this.send(`https://content.dropboxapi.com/2/${route}`, {
			headers: defined({
				'content-type': 'application/octet-stream',
				'dropbox-api-arg': headerSafeJson(argument),
				...headers,
			}),
			body: bytes,
		});
	}

	async close(): Promise<void> {
		await this.agent.destroy();
	}

	private authorization(): Record<string, string> {
		return this.accessToken === undefined ? {} : { authorization: `Bearer ${this.accessToken}` };
	}
}

/** What an HTTP header can carry: everything above `~` is escaped. */
function headerSafeJson(value: unknown): string {
	return JSON.stringify(value).replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function defined(headers: DropboxHeaders): Record<string, string> {
	const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries) as Record<string, string>;
}
