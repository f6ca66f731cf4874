/**
 * A strict local Dropbox and Box. Unmodified clients reach both under the vendors' own host names,
 * through a forward proxy on the loopback interface and a certificate authority made at start.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoxService, type BoxSettings } from './box';
import { JwtApps } from './box/jwtApps';
import { CertificateAuthority } from './core/certificates';
import { Clock } from './core/clock';
import { ServiceWithOAuth } from './core/composite';
import type { Counters, LoggedRequest, Vendor } from './core/contract';
import { Traffic } from './core/counters';
import { Faults } from './core/faults';
import { Network, type NetworkModel } from './core/network';
import { OAuthServer } from './core/oauth';
import { startServer } from './core/server';
import { TokenStore, type IssuedTokens, type IssueOptions } from './core/tokens';
import { DropboxService, type DropboxSettings } from './dropbox';
import { NpmRegistry } from './npm';
import { boxOAuth, boxTokenRules, dropboxOAuth, dropboxTokenRules } from './oauth';

export type { Counters, Fault, FaultAction, LoggedRequest } from './core/contract';
export { homeLine, officeLine, slowLine, type NetworkModel } from './core/network';
export { tokenDigest } from './core/tokens';

export interface CloudOptions {
	dropbox?: Partial<DropboxSettings>;
	box?: Partial<BoxSettings>;
	network?: NetworkModel;
}

export interface LoopbackCloud {
	/** For a child process: the proxy and the authority, under every name that clients read. */
	readonly env: Readonly<Record<string, string>>;
	readonly proxyUrl: string;
	readonly caPem: string;
	readonly dropbox: DropboxService;
	readonly box: BoxService;
	readonly npm: NpmRegistry;
	readonly dropboxTokens: TokenStore;
	readonly boxTokens: TokenStore;
	issueToken(vendor: Vendor, options?: IssueOptions): IssuedTokens;
	/** The apps' ids and secrets are in `clients`. */
	readonly dropboxOAuth: OAuthServer;
	readonly boxOAuth: OAuthServer;
	/** The public keys of JWT apps. */
	readonly boxJwt: JwtApps;
	/** The time by which tokens and sessions expire. */
	readonly clock: Clock;
	readonly faults: Faults;
	/** Everything that has arrived, in that order, since the last `reset`. */
	readonly log: readonly LoggedRequest[];
	/** Mistakes of the cloud itself; must stay empty. */
	readonly errors: readonly unknown[];
	counters(): Counters;
	resetCounters(): void;
	setNetwork(model: NetworkModel): void;
	/** Forgets files, sessions, jobs, faults, the log and the counters; tokens and settings stay. */
	reset(): void;
	/** Resolves when no request is under way. */
	idle(): Promise<void>;
	stop(): Promise<void>;
}

export async function startCloud(options: CloudOptions = {}): Promise<LoopbackCloud> {
	const clock = new Clock();
	const dropboxTokens = new TokenStore({ ...dropboxTokenRules }, clock);
	const boxTokens = new TokenStore({ ...boxTokenRules }, clock);
	const dropbox = new DropboxService(dropboxTokens, options.dropbox);
	const box = new BoxService(boxTokens, options.box);
	const npm = new NpmRegistry();
	const boxJwt = new JwtApps(clock);
	const dropboxPages = new OAuthServer(dropboxOAuth, dropboxTokens);
	const boxPages = new OAuthServer(boxOAuth, boxTokens, boxJwt);
	const [faults, traffic, network] = [new Faults(), new Traffic(), new Network()];
	network.set(options.network ?? {});
	const log: LoggedRequest[] = [];
	const errors: unknown[] = [];

	const authority = await CertificateAuthority.create();
	const server = await startServer(
		{
			services: [
				new ServiceWithOAuth(dropbox, dropboxPages),
				new ServiceWithOAuth(box, boxPages),
				npm,
			],
			tokens: { dropbox: dropboxTokens, box: boxTokens },
			faults,
			traffic,
			network,
			clock,
			log,
			errors,
		},
		authority,
	);
	const folder = await mkdtemp(join(tmpdir(), 'loopback-cloud-'));
	const caFile = join(folder, 'ca.pem');
	await writeFile(caFile, authority.caPem);

	return {
		env: environment(server.proxyUrl, caFile),
		proxyUrl: server.proxyUrl,
		caPem: authority.caPem,
		dropbox,
		box,
		npm,
		dropboxTokens,
		boxTokens,
		issueToken: (vendor, issueOptions) =>
			vendor === 'dropbox' ? dropbox.issueToken(issueOptions) : boxTokens.issue(issueOptions),
		dropboxOAuth: dropboxPages,
		boxOAuth: boxPages,
		boxJwt,
		clock,
		faults,
		log,
		errors,
		counters: () => traffic.snapshot(),
		resetCounters: () => traffic.reset(),
		setNetwork: (model) => network.set(model),
		reset() {
			dropbox.reset();
			box.reset();
			boxJwt.reset();
			faults.clear();
			log.length = 0;
			traffic.reset();
		},
		idle: () => traffic.idle(),
		async stop() {
			await server.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

function environment(proxyUrl: string, caFile: string): Record<string, string> {
	const env: Record<string, string> = {};
	for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'npm_config_cafile'])
		env[name] = caFile;
	for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']) {
		env[name] = proxyUrl;
		env[name.toLowerCase()] = proxyUrl;
	}
	return { ...env, NO_PROXY: '', no_proxy: '' };
}
