/** What another process may ask of a cloud: one JSON call each, over loopback HTTP. */
import { createServer, type Server } from 'node:http';
import type { LoopbackCloud } from './index';
import type { Fault, LoggedRequest, Vendor } from './core/contract';
import type { NetworkModel } from './core/network';
import type { IssueOptions, IssuedTokens } from './core/tokens';
import type { DropboxSettings } from './dropbox';
import type { BoxSettings } from './box';
import type { Manifest } from './npm';

/** A fault that survives JSON: no functions, and a pattern as text. */
export interface RemoteFault extends Omit<Fault, 'route' | 'when' | 'times' | 'onStrike'> {
	route?: string | { pattern: string };
	/** `always` stands for Infinity. */
	times?: number | 'always';
	action: Exclude<Fault['action'], { kind: 'before' }>;
}

export interface ProcessUsage {
	readonly userMicros: number;
	readonly systemMicros: number;
	readonly residentBytes: number;
}

/** Bytes of kept files come as base64. */
export type RemoteFile = Record<string, unknown> & { readonly id: string; readonly size: number };

/** Each entry is one admin call; `RemoteCloud` has the same methods, answering promises. */
export function adminMethods(cloud: LoopbackCloud) {
	return {
		counters: () => cloud.counters(),
		resetCounters: () => cloud.resetCounters(),
		log: (): readonly LoggedRequest[] => cloud.log,
		errors: (): string[] => cloud.errors.map(String),
		reset: () => cloud.reset(),
		idle: async () => await cloud.idle(),
		issueToken: (vendor: Vendor, options?: IssueOptions): SerializedTokens => {
			const { accessToken, refreshToken, expiresInSec } = cloud.issueToken(vendor, options);
			return { accessToken, refreshToken, expiresInSec };
		},
		expireAccessTokens: (vendor: Vendor) => tokensOf(cloud, vendor).expireAll(),
		advanceClock: (byMs: number) => cloud.clock.advance(byMs),
		addFault: (fault: RemoteFault) => {
			const { route, times, ...rest } = fault;
			cloud.faults.add({
				...rest,
				route: typeof route === 'object' ? new RegExp(route.pattern) : route,
				times: times === 'always' ? Infinity : times,
			});
		},
		clearFaults: () => cloud.faults.clear(),
		setNetwork: (model: NetworkModel) => cloud.setNetwork(model),
		setDropbox: (settings: Partial<DropboxSettings>) => {
			Object.assign(cloud.dropbox.settings, settings);
		},
		setBox: (settings: Partial<BoxSettings>) => {
			Object.assign(cloud.box.settings, settings);
		},
		failNextCommits: (entries: number) => cloud.dropbox.contention.failNext(entries),
		files: (vendor: Vendor): RemoteFile[] =>
			vendor === 'dropbox'
				? cloud.dropbox.files().map(({ bytes, ...file }) => ({ ...file, base64: base64(bytes) }))
				: cloud.box.files().map(({ content, ...file }) => ({ ...file, base64: base64(content) })),
		putDropboxFile: (path: string, contentBase64: string): RemoteFile => {
			const { bytes, ...file } = cloud.dropbox.putFile(path, Buffer.from(contentBase64, 'base64'));
			return { ...file, base64: base64(bytes) };
		},
		publish: (manifest: Manifest, tarballBase64: string) =>
			cloud.npm.publish(manifest, Buffer.from(tarballBase64, 'base64')),
		sessions: (vendor: Vendor): readonly unknown[] =>
			vendor === 'dropbox' ? cloud.dropbox.sessions() : cloud.box.sessions(),
		usage: (): ProcessUsage => {
			const { user, system } = process.cpuUsage();
			const { rss } = process.memoryUsage();
			return { userMicros: user, systemMicros: system, residentBytes: rss };
		},
	};
}

type SerializedTokens = Pick<IssuedTokens, 'accessToken' | 'refreshToken' | 'expiresInSec'>;

export type AdminMethods = ReturnType<typeof adminMethods>;

/** `POST /<method>` with the list of arguments as its JSON body. */
export function createAdminServer(cloud: LoopbackCloud): Server {
	const methods = adminMethods(cloud) as Record<string, (...args: unknown[]) => unknown>;
	return createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const answer = async (): Promise<string> => {
				const method = methods[(request.url ?? '').slice(1)];
				if (!method) throw new Error(`no such admin call: ${request.url}`);
				const args = JSON.parse(Buffer.concat(chunks).toString() || '[]') as unknown[];
				return JSON.stringify((await method(...args)) ?? null);
			};
			answer().then(
				(body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
				(error: unknown) => response.writeHead(500).end(String(error)),
			);
		});
	});
}

function tokensOf(cloud: LoopbackCloud, vendor: Vendor): LoopbackCloud['boxTokens'] {
	return vendor === 'dropbox' ? cloud.dropboxTokens : cloud.boxTokens;
}

function base64(bytes: Buffer | undefined): string | undefined {
	return bytes?.toString('base64');
}
