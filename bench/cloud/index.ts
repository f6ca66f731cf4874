/** The cloud in its own process, so that its work is not counted as a client's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, CloudMethods, Ready } from './protocol';

type Call = <Name extends keyof CloudMethods>(
	method: Name,
	...args: Parameters<CloudMethods[Name]>
) => Promise<Awaited<ReturnType<CloudMethods[Name]>>>;

export interface BenchCloud extends Ready {
	readonly call: Call;
	stop(): Promise<void>;
}

export async function startBenchCloud(): Promise<BenchCloud> {
	const child = fork(join(__dirname, 'main.ts'), {
		cwd: join(__dirname, '..', '..'),
		execArgv: ['--import', 'tsx'],
	});
	const exited = once(child, 'exit');
	const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
	let lastId = 0;

	const ready = await new Promise<Ready>((resolve, reject) => {
		void exited.then(() => {
			const error = new Error('The cloud has ended');
			reject(error);
			for (const call of waiting.values()) call.reject(error);
		});
		child.on('message', (message) => {
			const { id, result, error, ready } = message as Answer & { ready?: Ready };
			if (ready) return resolve(ready);
			const call = waiting.get(id);
			waiting.delete(id);
			if (error === undefined) call?.resolve(result as never);
			else call?.reject(new Error(error));
		});
	});

	return {
		...ready,
		call: async (method, ...args) =>
			await new Promise<never>((resolve, reject) => {
				const id = ++lastId;
				waiting.set(id, { resolve, reject });
				child.send({ id, method, args });
			}),
		async stop() {
			child.disconnect();
			await exited;
		},
	};
}
