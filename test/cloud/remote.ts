/** A cloud in another process, so that its work is not counted as the client's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'undici';
import type { AdminMethods } from './admin';

export type { ProcessUsage, RemoteFault, RemoteFile } from './admin';

/** The admin calls, each answering a promise. */
type RemoteCalls = {
	readonly [Name in keyof AdminMethods]: (
		...args: Parameters<AdminMethods[Name]>
	) => Promise<Awaited<ReturnType<AdminMethods[Name]>>>;
};

export interface RemoteCloud extends RemoteCalls {
	readonly env: Readonly<Record<string, string>>;
	readonly proxyUrl: string;
	readonly caPem: string;
	readonly adminUrl: string;
	readonly pid: number;
	stop(): Promise<void>;
}

type Ready = Pick<RemoteCloud, 'env' | 'proxyUrl' | 'caPem' | 'adminUrl'>;

export async function spawnCloud(): Promise<RemoteCloud> {
	const root = join(__dirname, '..', '..');
	const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts')], {
		cwd: root,
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const exited = once(child, 'exit');
	const lines = createInterface({ input: child.stdout });
	const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)]);
	if (!first) throw new Error('the cloud ended before it was ready');
	const ready = JSON.parse(String(first[0])) as Ready;
	const client = new Client(ready.adminUrl);

	const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
		const path = `/${name}`;
		const reply = await client.request({ method: 'POST', path, body: JSON.stringify(args) });
		const text = await reply.body.text();
		if (reply.statusCode !== 200) throw new Error(text);
		return JSON.parse(text);
	};
	const own = {
		...ready,
		pid: child.pid ?? 0,
		stop: async (): Promise<void> => {
			await client.close();
			child.stdin.end();
			await exited;
			lines.close();
		},
	};
	return new Proxy(own, {
		get: (target, name) => {
			if (name in target) return target[name as keyof typeof target];
			// Awaiting this object asks for `then`, which is no admin call.
			if (typeof name !== 'string' || name === 'then') return undefined;
			return (...args: unknown[]) => call(name, args);
		},
	}) as unknown as RemoteCloud;
}
