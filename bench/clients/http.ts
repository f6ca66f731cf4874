import { ProxyAgent, request, type Dispatcher } from 'undici';
import type { ClientJob } from './job';

export type Send = <Json>(
	url: string,
	headers: Record<string, string>,
	body: Buffer | string,
	method?: Dispatcher.HttpMethod,
) => Promise<Json>;

/** undici with as little around it as possible. */
export function sender(job: ClientJob): Send {
	const dispatcher = proxyAgent(job);
	const authorization = `Bearer ${job.accessToken}`;
	return async <Json>(
		url: string,
		headers: Record<string, string>,
		body: Buffer | string,
		method: Dispatcher.HttpMethod = 'POST',
	) => {
		const reply = await request(url, {
			dispatcher,
			method,
			headers: { authorization, ...headers },
			body,
		});
		const text = await reply.body.text();
		if (reply.statusCode >= 300) throw new Error(`${url}: ${reply.statusCode} ${text}`);
		return JSON.parse(text) as Json;
	};
}

/** The SDKs and raw undici use the same client, so that they differ in what they send only. */
export function proxyAgent({ proxyUrl, caPem, newConnectionPerRequest }: ClientJob): ProxyAgent {
	return new ProxyAgent({
		uri: proxyUrl,
		requestTls: { ca: caPem },
		// undici's way to say: no keep-alive.
		pipelining: newConnectionPerRequest ? 0 : 1,
	});
}
