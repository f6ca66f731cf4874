/** A real n8n as a process of its own: its main process, or a worker of its queue mode. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';

import { withDeadline } from '../engine/deadline';
import { n8nEnvironment } from '../support/n8nEnvironment';
import { installedN8n } from './installed';

const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT_CHARS = 200_000;

/** What each prints when it is ready. */
const READY = {
	start: 'Editor is now accessible via',
	worker: 'n8n worker is now ready',
} as const;

export interface N8nOptions {
	command?: keyof typeof READY;
	/** Holds .n8n, the database and the community packages in it, and .n8n-files. */
	homeDir: string;
	/** The way out (`cloud.env`), and further settings of n8n. */
	env?: Readonly<Record<string, string>>;
}

export interface N8nProcess {
	readonly url: string;
	readonly homeDir: string;
	readonly pid: number;
	/** What the process has printed so far, its end if that was much. */
	output(): string;
	/** Resolves when the process is gone, whoever ended it. */
	readonly exited: Promise<void>;
	/** As Ctrl+C does: running executions may end. */
	stop(): Promise<void>;
	kill(): Promise<void>;
}

export async function startN8n(options: N8nOptions): Promise<N8nProcess> {
	const { command = 'start', homeDir, env } = options;
	const { n8nDir, nodePath } = await installedN8n();
	mkdirSync(join(homeDir, '.n8n-files'), { recursive: true });
	const port = await freePort();
	const main = join(n8nDir, 'node_modules', 'n8n', 'bin', 'n8n');
	const child = spawn(nodePath, [main, command], {
		cwd: homeDir,
		env: await environment(homeDir, nodePath, port, env),
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
	});
	const n8n = new Running(child, homeDir, `http://localhost:${port}`);
	await n8n.until(READY[command]);
	return n8n;
}

class Running implements N8nProcess {
	readonly exited: Promise<void>;

	private text = '';

	private readonly listeners = new Set<() => void>();

	constructor(
		private readonly child: ChildProcess,
		readonly homeDir: string,
		readonly url: string,
	) {
		this.exited = once(child, 'close').then(() => undefined);
		for (const stream of [child.stdout!, child.stderr!]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				this.text = (this.text + text).slice(-KEPT_OUTPUT_CHARS);
				for (const listener of this.listeners) listener();
			});
		}
	}

	get pid(): number {
		return this.child.pid!;
	}

	output(): string {
		return this.text;
	}

	async until(line: string): Promise<void> {
		const printed = new Promise<void>((resolve, reject) => {
			const look = () => this.text.includes(line) && resolve();
			this.listeners.add(look);
			void this.exited.then(() => reject(new Error(`n8n has exited.\n${this.text}`)));
		});
		try {
			await withDeadline(printed, START_TIMEOUT_MS, `n8n did not start.\n${this.text}`);
		} catch (error) {
			await this.kill();
			throw error;
		} finally {
			this.listeners.clear();
		}
	}

	async stop(): Promise<void> {
		this.child.kill('SIGTERM');
		try {
			await withDeadline(this.exited, STOP_TIMEOUT_MS, 'n8n did not stop');
		} catch {
			await this.kill();
		}
	}

	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.exited;
	}
}

async function environment(
	homeDir: string,
	nodePath: string,
	port: number,
	env: N8nOptions['env'],
): Promise<Record<string, string>> {
	const own = n8nEnvironment(homeDir);
	return {
		...own,
		// n8n's own children, npm and the task runner, are to find this Node.js first.
		PATH: [dirname(nodePath), own.PATH ?? own.Path].join(delimiter),
		N8N_HOST: 'localhost',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		// Browsers keep secure cookies from a page that came in clear.
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		...env,
		// The way out of this machine is the cloud's; this machine itself is reached directly.
		NO_PROXY: 'localhost,127.0.0.1',
		no_proxy: 'localhost,127.0.0.1',
	};
}

/** n8n names its port in every address that it gives out, so it cannot choose one while it starts. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
