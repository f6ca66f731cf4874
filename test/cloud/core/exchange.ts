/** One request and its answer: faults, the network model, the log and the counters meet here. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock';
import type {
	ChangedReply,
	CloudReply,
	CloudRequest,
	FaultAction,
	LoggedRequest,
	ServiceName,
	VendorService,
	WireReply,
} from './contract';
import type { Traffic } from './counters';
import type { Faults } from './faults';
import { redactArgument, redactHeaders } from './log';
import type { Network } from './network';
import { WireRequest } from './request';
import type { TokenStore } from './tokens';

export interface CloudParts {
	readonly services: readonly VendorService[];
	readonly tokens: Readonly<Partial<Record<ServiceName, TokenStore>>>;
	readonly faults: Faults;
	readonly traffic: Traffic;
	readonly network: Network;
	/** The vendors' time, which their answers are dated by. */
	readonly clock: Clock;
	readonly log: LoggedRequest[];
	/** Mistakes of the cloud itself; a test that sees one should fail. */
	readonly errors: unknown[];
}

export interface Arrival {
	readonly sequence: number;
	readonly host: string;
	/** Undefined for a host that is no vendor's, another port, or a request in clear. */
	readonly service: VendorService | undefined;
	readonly incoming: IncomingMessage;
	readonly response: ServerResponse;
	/** Resets the connection (RST) below TLS. */
	readonly reset: () => void;
	/** Aborted when the cloud stops. */
	readonly stopping: AbortSignal;
}

type MutableLine = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

export class Exchange {
	private readonly request: WireRequest;
	private readonly line: MutableLine;
	private requestOver = (): void => undefined;
	private releaseKey = (): void => undefined;

	constructor(
		private readonly parts: CloudParts,
		private readonly arrival: Arrival,
	) {
		const { incoming, service } = arrival;
		this.request = new WireRequest(arrival.sequence, arrival.host, incoming, (bytes) => {
			this.line.requestBytes += bytes;
			if (!service) return undefined;
			this.parts.traffic.received(bytes);
			return this.parts.network.receive(incoming.socket, bytes);
		});
		const { method, pathname, headers } = this.request;
		this.line = {
			sequence: arrival.sequence,
			vendor: service?.vendor ?? 'stranger',
			method,
			host: arrival.host,
			pathname,
			route: service?.routeOf(method, arrival.host, pathname),
			headers: redactHeaders(headers),
			startedAtMs: Date.now(),
			requestBytes: 0,
			replyBytes: 0,
		};
		parts.log.push(this.line);
	}

	async run(): Promise<void> {
		const { service } = this.arrival;
		try {
			if (service) await this.runFor(service);
			else {
				await this.request.drain();
				this.send({ status: 418, text: `No vendor's: ${this.arrival.host}` });
			}
		} catch (error) {
			const { incoming } = this.arrival;
			// A whole body may have arrived and not be read yet when the client leaves.
			const clientLeft = incoming.destroyed && (!incoming.complete || isReset(error));
			if (!clientLeft && !this.arrival.stopping.aborted) {
				this.parts.errors.push(error);
				this.send({ status: 500, text: `The loopback cloud failed: ${describe(error)}` });
			}
		} finally {
			this.end();
		}
	}

	private async runFor(service: VendorService): Promise<void> {
		const { parts, request, line } = this;
		this.requestOver = parts.traffic.request(line.route ?? 'unknown');
		service.readHeaderArgument?.(request);
		const key = line.route && service.serialKeyOf?.(request, line.route);
		if (key) this.releaseKey = parts.traffic.serial(`${service.vendor} ${key}`);
		await parts.network.request();
		const fault = parts.faults.strike(service.vendor, line.route, request);
		if (fault) {
			line.fault = fault.kind;
			parts.traffic.struck(fault.kind);
		}
		await this.answer(service, fault);
	}

	private async answer(service: VendorService, fault: FaultAction | undefined): Promise<void> {
		const { request, arrival } = this;
		switch (fault?.kind) {
			case 'reply': {
				const { status, headers, body, afterBytes = Infinity } = fault;
				await request.drainBytes(afterBytes);
				this.send({ status, headers, text: body });
				return await request.drain();
			}
			case 'resetBefore':
				return arrival.reset();
			case 'unanswered':
				await fault.until();
				return arrival.reset();
			case 'resetDuring':
				await request.drainBytes(fault.afterBytes);
				return arrival.reset();
			case 'endlessReply':
				await request.drain();
				return await this.sendEndless(fault);
			case 'replyFirst':
				return await this.handleLater(service, fault);
			case 'cutOff':
				return await this.cutOff(service, fault.afterMs);
			case 'delay':
				await sleep(fault.delayMs, undefined, { signal: arrival.stopping });
				break;
			case 'expireToken':
				this.parts.tokens[service.vendor]?.expire(request.headers.authorization ?? '');
				break;
			case 'before':
				await fault.run();
				break;
		}
		const seen =
			fault?.kind === 'corruptBody' ? withBody(request, corrupted(request.body, fault)) : request;
		const reply = await service.handle(seen);
		if (reply.holdsKeyUntil) {
			void reply.holdsKeyUntil.then(this.releaseKey);
			this.releaseKey = () => undefined;
		}
		await request.drain();
		if (fault?.kind === 'loseReply') return arrival.reset();
		if (fault?.kind === 'replyAfter') {
			const { status, headers, body } = fault;
			return this.send({ status, headers, text: body });
		}
		if (reply.stream) {
			const cutAfterBytes = fault?.kind === 'truncateReply' ? fault.bytes : undefined;
			return await this.sendStream(reply, reply.stream.chunks, cutAfterBytes);
		}
		if (fault?.kind === 'truncateReply') return this.sendPart(reply, fault.bytes);
		if (fault?.kind === 'changeReply')
			return await this.sendChanged(fault.change(this.wire(reply), request));
		if (fault?.kind === 'slowReply') return await this.sendSlowly(reply, fault.bytesPerSecond);
		this.send(reply);
	}

	private send(reply: CloudReply): void {
		const { response } = this.arrival;
		if (response.headersSent || response.destroyed) return;
		const body = this.begin(reply);
		this.end();
		this.count(body.length);
		response.end(body);
	}

	/** No faster than the client reads, nor than the line lets it; ends early where a fault says so. */
	private async sendStream(
		{ status, headers, stream }: CloudReply,
		chunks: Iterable<Buffer>,
		cutAfterBytes = Infinity,
	): Promise<void> {
		const { arrival, line, parts } = this;
		const { response } = arrival;
		line.status = status;
		response.writeHead(status, {
			date: new Date(parts.clock.now()).toUTCString(),
			...lowerCaseNames(headers),
			'content-length': String(stream?.sizeBytes ?? 0),
		});
		response.flushHeaders();
		let left = cutAfterBytes;
		for (const chunk of chunks) {
			const piece = chunk.subarray(0, left);
			left -= piece.length;
			const wait = parts.network.send(piece.length);
			if (wait) await wait;
			if (response.destroyed) return;
			this.count(piece.length);
			if (!response.write(piece)) await roomIn(response);
			if (left === 0) {
				this.end();
				response.write('', () => response.socket?.end());
				return;
			}
		}
		this.end();
		response.end();
	}

	/** The head promises all, the body stops short, and the connection is closed in order. */
	private sendPart(reply: CloudReply, bytes: number): void {
		const { response } = this.arrival;
		const part = this.begin(reply).subarray(0, bytes);
		this.end();
		this.count(part.length);
		response.flushHeaders();
		response.write(part, () => response.socket?.end());
	}

	private async sendSlowly(reply: CloudReply, bytesPerSecond: number): Promise<void> {
		const { response, stopping } = this.arrival;
		const body = this.begin(reply);
		const step = Math.max(1, Math.round(bytesPerSecond / 20));
		response.flushHeaders();
		for (let at = 0; at < body.length && !response.destroyed; at += step) {
			await sleep((1000 * step) / bytesPerSecond, undefined, { signal: stopping });
			if (at + step >= body.length) this.end();
			const piece = body.subarray(at, at + step);
			this.count(piece.length);
			response.write(piece);
		}
		response.end();
	}

	/** The request is over for its client, and under way for whoever waits until all is quiet. */
	private async handleLater(
		service: VendorService,
		{ status, body, handleAfterMs }: Extract<FaultAction, { kind: 'replyFirst' }>,
	): Promise<void> {
		const { request, requestOver } = this;
		const chunks: Buffer[] = [];
		for await (const chunk of request.body) chunks.push(chunk);
		this.requestOver = () => undefined;
		this.send({ status, text: body });
		try {
			await sleep(handleAfterMs, undefined, { signal: this.arrival.stopping });
			await service.handle(withBody(request, arrived(chunks)));
		} finally {
			requestOver();
		}
	}

	/** Over for its client, and under way for whoever waits until all is quiet. */
	private async cutOff(service: VendorService, afterMs: number): Promise<void> {
		const { arrival, request, requestOver } = this;
		this.requestOver = () => undefined;
		const handled = service.handle(request);
		try {
			await sleep(afterMs, undefined, { signal: arrival.stopping });
			this.end();
			arrival.reset();
		} finally {
			await handled;
			requestOver();
		}
	}

	private async sendEndless(fault: Extract<FaultAction, { kind: 'endlessReply' }>): Promise<void> {
		const { response } = this.arrival;
		const chunk = Buffer.from(fault.chunk);
		this.line.status = fault.status;
		response.writeHead(fault.status, fault.headers);
		const gone = new Promise<void>((resolve) => response.once('close', resolve));
		while (!response.destroyed) {
			this.count(chunk.length);
			if (response.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
			else await Promise.race([gone, new Promise((resolve) => response.once('drain', resolve))]);
		}
	}

	private async sendChanged({
		body,
		bytesPerSecond,
		cut,
		headers,
		status,
	}: ChangedReply): Promise<void> {
		const { response, stopping } = this.arrival;
		const part = body.subarray(0, cut?.afterBytes);
		this.line.status = status;
		response.writeHead(status, headers);
		response.flushHeaders();
		if (bytesPerSecond !== undefined) await this.trickle(part, bytesPerSecond);
		this.end();
		this.count(part.length);
		const rest = bytesPerSecond === undefined ? part : Buffer.alloc(0);
		if (cut === undefined) response.end(rest);
		else if (cut.then === 'close') response.write(rest, () => response.socket?.end());
		else {
			response.write(rest);
			// Somebody gives up: the client, or the cloud when it stops.
			const gone = new Promise<void>((resolve) => response.once('close', resolve));
			if (!response.destroyed && !stopping.aborted) await gone;
		}
	}

	private async trickle(body: Buffer, bytesPerSecond: number): Promise<void> {
		const { response, stopping } = this.arrival;
		const step = Math.max(1, Math.round(bytesPerSecond / 20));
		for (let at = 0; at < body.length && !response.destroyed; at += step) {
			await sleep((1000 * step) / bytesPerSecond, undefined, { signal: stopping });
			response.write(body.subarray(at, at + step));
		}
	}

	private begin(reply: CloudReply): Buffer {
		const { body, headers, status } = this.wire(reply);
		this.line.status = status;
		this.arrival.response.writeHead(status, headers);
		return body;
	}

	private wire(reply: CloudReply): WireReply {
		const isJson = reply.json !== undefined;
		const content = isJson ? JSON.stringify(reply.json) : (reply.text ?? '');
		const body = Buffer.isBuffer(content) ? content : Buffer.from(content);
		const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
		const bodyHeaders: Record<string, string> =
			reply.status === 204 ? {} : { 'content-type': type, 'content-length': String(body.length) };
		const date = new Date(this.parts.clock.now()).toUTCString();
		const headers = { date, ...bodyHeaders, ...lowerCaseNames(reply.headers) };
		return { status: reply.status, headers, body };
	}

	private count(bytes: number): void {
		this.line.replyBytes += bytes;
		if (this.arrival.service) this.parts.traffic.sent(bytes);
	}

	/**
	 * Before the last byte leaves: the client's next request may arrive before Node reports this
	 * answer as sent, and must not count as beside this one.
	 */
	private end(): void {
		if (this.line.endedAtMs !== undefined) return;
		this.line.endedAtMs = Date.now();
		this.line.argument = redactArgument(this.request.argument);
		this.requestOver();
		this.releaseKey();
	}
}

/** Also when the client goes away. */
async function roomIn(response: ServerResponse): Promise<void> {
	if (response.destroyed) return;
	await new Promise<void>((resolve) => {
		const done = (): void => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.on('drain', done);
		response.on('close', done);
	});
}

function withBody(request: CloudRequest, body: AsyncIterable<Buffer>): CloudRequest {
	return Object.create(request, { body: { value: body } }) as CloudRequest;
}

async function* arrived(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
	for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function* corrupted(
	body: AsyncIterable<Buffer>,
	{ atShare }: { atShare: number },
): AsyncGenerator<Buffer> {
	let isFirst = true;
	for await (const chunk of body) {
		if (!isFirst || chunk.length === 0) {
			yield chunk;
			continue;
		}
		isFirst = false;
		const other = Buffer.from(chunk);
		const at = Math.floor(atShare * other.length);
		other[at] = (other[at] ?? 0) ^ 1;
		yield other;
	}
}

function lowerCaseNames(headers: CloudReply['headers'] = {}): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

function isReset(error: unknown): boolean {
	return (error as { code?: unknown } | undefined)?.code === 'ECONNRESET';
}

function describe(error: unknown): string {
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
