/**
 * The sockets: a forward proxy on the loopback interface and, behind it, a TLS server that answers
 * for every host name there is. No byte leaves this machine.
 */
import { setMaxListeners } from 'node:events';
import {
	createServer as createHttpServer,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CertificateAuthority } from './certificates';
import { Exchange, type CloudParts } from './exchange';

/** Where a connection would have gone, had there been no proxy of ours. */
interface Target {
	readonly host: string;
	readonly port: number;
}

interface Connection {
	readonly raw: Socket;
	readonly target: Target | undefined;
}

/** Larger than any vendor's limit, so that the vendor's own limit is what answers. */
const maxHeaderSize = 256 * 1024;
const httpsPort = 443;
const tlsHandshakeByte = 0x16;
const directHosts = ['localhost', '127.0.0.1', '::1'];

export interface CloudServer {
	readonly proxyUrl: string;
	/** The TLS server itself, for a client that resolves names on its own. */
	readonly tlsPort: number;
	stop(): Promise<void>;
}

export async function startServer(
	parts: CloudParts,
	authority: CertificateAuthority,
): Promise<CloudServer> {
	const stopping = new AbortController();
	// Each request that is held back listens.
	setMaxListeners(Infinity, stopping.signal);
	// By the client's port: what Node calls the socket changes when TLS wraps it, the port does not.
	const connections = new Map<number, Connection>();
	const hosts = parts.services.flatMap((service) => service.hosts);
	const leaf = await authority.serve([...hosts, ...directHosts]);
	let sequence = 0;

	const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
		const connection = connections.get(incoming.socket.remotePort ?? 0);
		const target = connection?.target ?? statedTarget(incoming);
		const secure = (incoming.socket as TLSSocket).encrypted === true;
		const service =
			secure && target.port === httpsPort
				? parts.services.find(({ hosts }) => hosts.includes(target.host))
				: undefined;
		const exchange = new Exchange(parts, {
			sequence: ++sequence,
			host: target.port === httpsPort ? target.host : `${target.host}:${target.port}`,
			service,
			incoming,
			response,
			reset: () => connection?.raw.resetAndDestroy(),
			stopping: stopping.signal,
		});
		void exchange.run();
	};

	const tls = createHttpsServer(
		{
			...leaf,
			maxHeaderSize,
			SNICallback: (name, done) => {
				authority.contextFor(name.toLowerCase()).then(
					(context) => done(null, context),
					(error: Error) => done(error),
				);
			},
		},
		serve,
	);
	tls.on('secureConnection', () => parts.traffic.connection());
	const proxy = createHttpServer({ maxHeaderSize }, serve);
	proxy.on('connect', (incoming: IncomingMessage, raw: Socket, head: Buffer) => {
		const target = parseAuthority(incoming.url ?? '');
		connections.set(raw.remotePort ?? 0, { raw, target });
		void parts.network.connect().then(() => {
			raw.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			if (head.length > 0) raw.unshift(head);
			raw.once('readable', () => {
				const first = raw.read() as Buffer | null;
				if (!first) return raw.destroy();
				raw.unshift(first);
				(first[0] === tlsHandshakeByte ? tls : proxy).emit('connection', raw);
			});
		});
	});

	for (const server of [tls, proxy]) {
		server.keepAliveTimeout = 60_000;
		server.requestTimeout = 0;
		server.on('connection', (raw: Socket) => {
			const port = raw.remotePort ?? 0;
			raw.on('error', ignore);
			if (!connections.has(port)) connections.set(port, { raw, target: undefined });
			raw.once('close', () => connections.delete(port));
		});
	}
	tls.on('tlsClientError', ignore);
	await Promise.all([listen(tls), listen(proxy)]);
	return {
		proxyUrl: `http://127.0.0.1:${portOf(proxy)}`,
		tlsPort: portOf(tls),
		async stop() {
			stopping.abort();
			const closed = [close(tls), close(proxy)];
			for (const { raw } of connections.values()) raw.destroy();
			await Promise.all(closed);
		},
	};
}

/** Without a tunnel: the name of the handshake, else the absolute form, else the Host header. */
function statedTarget(incoming: IncomingMessage): Target {
	const socket = incoming.socket as TLSSocket & { servername?: string | false };
	if (socket.encrypted) return { host: socket.servername || 'localhost', port: httpsPort };
	const absolute = /^http:\/\/([^/?#]+)/i.exec(incoming.url ?? '')?.[1];
	return parseAuthority(absolute ?? incoming.headers.host ?? 'unknown', 80);
}

function parseAuthority(authority: string, defaultPort = httpsPort): Target {
	const [, host = authority, port] = /^(?:.*@)?\[?(.*?)\]?(?::(\d+))?$/.exec(authority) ?? [];
	return { host: host.toLowerCase(), port: port === undefined ? defaultPort : Number(port) };
}

function listen(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => resolve());
	});
}

function close(server: Server): Promise<void> {
	return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server): number {
	return (server.address() as AddressInfo).port;
}

/** A client that goes away is no event of the cloud's. */
function ignore(): void {}
