/** A real n8n as a process of its own: its main process, or a worker of its queue mode. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { freePort } from '../support/freePort';
import { n8nEnvironment } from '../support/n8nEnvironment';
import { Program } from '../support/program';
import { installedN8n } from './installed';

const START_TIMEOUT_MS = 300_000;

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
	// n8n names its port in every address that it gives out, so it cannot choose one while it starts.
	const port = await freePort();
	const main = join(n8nDir, 'node_modules', 'n8n', 'bin', 'n8n');
	const child = spawn(nodePath, [main, command], {
		cwd: homeDir,
		env: await environment(homeDir, nodePath, port, env),
		stdio: ['ignore', 'pipe', 'pipe'],
		windowsHide: true,
	});
	const n8n = new Running(child, homeDir, `http://localhost:${port}`);
	await n8n.until(READY[command], START_TIMEOUT_MS);
	return n8n;
}

class Running extends Program implements N8nProcess {
	constructor(
		child: ChildProcess,
		readonly homeDir: string,
		readonly url: string,
	) {
		super('n8n', child);
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
