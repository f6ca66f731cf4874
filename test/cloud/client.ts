/** A plain client of the cloud: undici through the proxy, trusting the cloud's authority only. */
import { ProxyAgent, request, type Dispatcher } from 'undici';

export interface CloudAddress {
	readonly proxyUrl: string;
	readonly caPem: string;
}

export interface Answer<Json = unknown> {
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

	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	async send<Json = any>(url: string, options: SendOptions = {}): Promise<Answer<Json>> {
		const { method = 'POST', body = null } = options;
		const headers = { ...this.authorization(), ...options.headers };
		const reply = await request(url, { dispatcher: this.agent, method, headers, body });
		const text = await reply.body.text();
		return { status: reply.statusCode, headers: reply.headers, text, json: parsed(text) as Json };
	}

	/** A Dropbox call with a JSON body. */
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	async rpc<Json = any>(
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
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	async content<Json = any>(
		route: string,
		argument: unknown,
		bytes: Buffer | string = '',
		headers: DropboxHeaders = {},
	): Promise<Answer<Json>> {
		return await this.send(`https://content.dropboxapi.com/2/${route}`, {
			headers: defined({
				'content-type': 'application/octet-stream',
				'dropbox-api-arg': JSON.stringify(argument),
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
