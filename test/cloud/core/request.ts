import type { IncomingMessage } from 'node:http';
import type { CloudRequest } from './contract';

/** A request on the wire as the vendors' services see it. */
export class WireRequest implements CloudRequest {
	readonly method: string;
	readonly pathname: string;
	readonly query: URLSearchParams;
	readonly headers: CloudRequest['headers'];
	readonly body: AsyncIterable<Buffer>;
	argument?: unknown;
	private readonly chunks: AsyncIterator<Buffer>;

	constructor(
		readonly sequence: number,
		readonly host: string,
		incoming: IncomingMessage,
		arrived: (bytes: number) => Promise<void> | undefined,
	) {
		this.method = incoming.method ?? 'GET';
		const url = (incoming.url ?? '/').replace(/^https?:\/\/[^/]*/i, '');
		const queryAt = url.indexOf('?');
		this.pathname = queryAt < 0 ? url : url.slice(0, queryAt);
		this.query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1));
		this.headers = incoming.headers;
		this.chunks = readChunks(incoming, arrived);
		// No `return`: a service that stops reading early leaves the rest to `drain`.
		this.body = { [Symbol.asyncIterator]: () => ({ next: () => this.chunks.next() }) };
	}

	/** Reads what nobody wanted, as a server must before it answers on a connection it keeps. */
	async drain(): Promise<void> {
		while (!(await this.chunks.next()).done);
	}

	/** Reads at least so many bytes, or all there are. */
	async drainBytes(bytes: number): Promise<void> {
		let left = bytes;
		while (left > 0) {
			const next = await this.chunks.next();
			if (next.done) return;
			left -= next.value.length;
		}
	}
}

async function* readChunks(
	incoming: IncomingMessage,
	arrived: (bytes: number) => Promise<void> | undefined,
): AsyncGenerator<Buffer> {
	for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
		const wait = arrived((chunk as Buffer).length);
		if (wait) await wait;
		yield chunk as Buffer;
	}
}
