import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ClientJob, ClientReply, Measured } from '../clients/job';
import { OURS, type Choice } from '../ours';
import { withinTime } from './deadline';
import { sampler } from './sample';
import type { Contender, Vendor } from './types';

const oneByOne = sampler({
	loopback: { files: 1000, bytes: 1e12 },
	line: { files: 100, bytes: 250e6 },
});
const someAtOnce = sampler({ line: { files: 1000, bytes: 1e12 } });

/** Clients outside n8n. Each run has a process of its own. */
export const clientContenders: readonly Contender[] = [
	{
		...client('dropbox', 'dropboxSdk', {}),
		id: 'sdk',
		title: 'Dropbox SDK, its defaults',
		sample: oneByOne,
	},
	{
		...client('dropbox', 'dropboxSdk', OURS.dropbox),
		id: 'sdk-as-ours',
		title: 'Dropbox SDK, our parts',
		sample: someAtOnce,
	},
	{
		...client('dropbox', 'dropboxRaw', { ...OURS.dropbox, newConnectionPerRequest: true }),
		id: 'limit-new',
		title: 'raw undici, no keep-alive',
	},
	{
		...client('dropbox', 'dropboxRaw', OURS.dropbox),
		id: 'limit',
		title: 'raw undici, keep-alive',
	},
	{
		...client('box', 'boxSdk', {}),
		id: 'sdk',
		title: 'Box SDK, its uploader',
		sample: oneByOne,
	},
	{
		...client('box', 'boxSdk', OURS.box),
		id: 'sdk-as-ours',
		title: 'Box SDK, our parallelism',
		sample: someAtOnce,
	},
	{
		...client('box', 'boxRaw', { ...OURS.box, newConnectionPerRequest: true }),
		id: 'limit-new',
		title: 'raw undici, no keep-alive',
		sample: someAtOnce,
	},
	{
		...client('box', 'boxRaw', OURS.box),
		id: 'limit',
		title: 'raw undici, keep-alive',
		sample: someAtOnce,
	},
];

function client(
	vendor: Vendor,
	name: ClientJob['client'],
	{ partBytesFor, ...choice }: Choice,
): Pick<Contender, 'vendor' | 'run'> {
	return {
		vendor,
		run: async ({ files, cloud, accessToken, timeoutMs }) => {
			const { proxyUrl, caPem, env } = cloud;
			const cut = files.map((file) => ({ ...file, partBytes: partBytesFor?.(file.sizeBytes) }));
			const job = { ...choice, client: name, files: cut, accessToken, proxyUrl, caPem };
			return await runClient(job, env, timeoutMs);
		},
	};
}

export async function runClient(
	job: ClientJob,
	env: Readonly<Record<string, string>>,
	timeoutMs: number,
): Promise<Measured> {
	const child = fork(join(__dirname, '..', 'clients', 'main.ts'), {
		cwd: join(__dirname, '..', '..'),
		execArgv: ['--import', 'tsx', '--expose-gc'],
		env: { ...process.env, ...env },
	});
	const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
	try {
		child.send(job);
		const answer = Promise.race([
			once(child, 'message').then(([message]) => message as ClientReply),
			exited.then(([code, signal]): ClientReply => ({ error: `ended with ${code ?? signal}` })),
		]);
		const reply = await withinTime(answer, timeoutMs);
		if ('error' in reply) throw new Error(reply.error);
		return reply.measured;
	} finally {
		child.kill();
		await exited;
	}
}
