/** rclone, when it is installed. Its start is part of its times: there is no way into the process. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InputFile, Measured } from '../clients/job';
import { sampler } from './sample';
import { RunFailed, type Contender, type Task, type Vendor } from './types';

const SAMPLE_MS = 10;
const TICKS_PER_SECOND = 100;
const KEPT_OUTPUT_CHARS = 300;

interface Kind {
	readonly id: string;
	readonly title: string;
	/** The sample on the line, where each file takes longest. */
	readonly lineFiles: number;
}

const DEFAULTS: Kind = { id: 'rclone', title: 'rclone, its defaults', lineFiles: 200 };
const TUNED: Kind = { id: 'rclone-tuned', title: 'rclone, 16 transfers', lineFiles: 1000 };

export const rcloneContenders: readonly Contender[] = [
	rclone('dropbox', [], DEFAULTS),
	rclone('box', [], DEFAULTS),
	// One request for each commit of 1,000 files, and 16 files at a time, as its manual advises.
	rclone('dropbox', ['--transfers', '16', '--dropbox-batch-mode', 'sync'], TUNED),
	rclone('box', ['--transfers', '16'], TUNED),
];

export function rcloneVersion(): string | undefined {
	const { stdout } = spawnSync('rclone', ['version'], { encoding: 'utf8' });
	return /^rclone v(\S+)/.exec(stdout ?? '')?.[1];
}

function rclone(
	vendor: Vendor,
	flags: readonly string[],
	{ id, title, lineFiles }: Kind,
): Contender {
	return {
		id,
		vendor,
		title,
		sample: sampler({
			loopback: { files: 1000, bytes: 1e12 },
			line: { files: lineFiles, bytes: 1e12 },
		}),
		absence: () => (rcloneVersion() === undefined ? 'not installed' : undefined),
		run: async (task) => {
			const folder = folderOf(task.files);
			const list = join(folder, '..', 'rclone-files.txt');
			writeFileSync(list, task.files.map(({ name }) => name).join('\n'));
			const once = ['--config', '', '--retries', '1', '--files-from-raw', list];
			const args = ['copy', folder, 'x:', ...once, ...flags];
			return await measured(args, environment(vendor, task), task.timeoutMs);
		},
	};
}

/** From one remote to the other, the whole account. */
export function rcloneCopy(vendor: Vendor, flags: readonly string[]): Contender {
	return {
		id: 'rclone-from-cloud',
		vendor,
		title: 'rclone copy, 16 transfers',
		absence: () => (rcloneVersion() === undefined ? 'not installed' : undefined),
		run: async (task) => {
			const { source } = task;
			if (source === undefined) throw new Error('No other cloud has the files');
			const env = {
				...environment(vendor, task),
				...remote('Y', source.vendor, source.accessToken),
			};
			const args = ['copy', 'y:', 'x:', '--config', '', '--retries', '1', ...flags];
			return await measured(args, env, task.timeoutMs);
		},
	};
}

function environment(vendor: Vendor, { cloud, accessToken }: Task): NodeJS.ProcessEnv {
	return { ...process.env, ...cloud.env, ...remote('X', vendor, accessToken) };
}

function remote(name: string, vendor: Vendor, accessToken: string): Record<string, string> {
	const token = { access_token: accessToken, token_type: 'bearer', expiry: '2099-01-01T00:00:00Z' };
	return {
		[`RCLONE_CONFIG_${name}_TYPE`]: vendor,
		[`RCLONE_CONFIG_${name}_TOKEN`]: JSON.stringify(token),
	};
}

function folderOf(files: readonly InputFile[]): string {
	return dirname(files[0]?.path ?? '');
}

async function measured(
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	timeoutMs: number,
): Promise<Measured> {
	const ticks = endedChildrenTicks();
	const startedAtMs = performance.now();
	const child = spawn('rclone', args, {
		env,
		stdio: ['ignore', 'ignore', 'pipe'],
		timeout: timeoutMs,
	});
	let output = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		output = (output + text).slice(-KEPT_OUTPUT_CHARS);
	});
	let firstBytes: number | undefined;
	let peakBytes: number | undefined;
	let diskBytes: number | undefined;
	const sampling = setInterval(() => {
		const status = statusOf(child.pid ?? 0);
		diskBytes = writtenBytesOf(child.pid ?? 0) ?? diskBytes;
		firstBytes ??= status?.residentBytes;
		peakBytes = status?.peakBytes ?? peakBytes;
	}, SAMPLE_MS);
	const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
	clearInterval(sampling);

	const wallMs = performance.now() - startedAtMs;
	const peakGrowthBytes = peakBytes === undefined ? undefined : peakBytes - (firstBytes ?? 0);
	if (code !== 0) {
		throw new RunFailed(`rclone ended with ${code ?? signal}: ${output}`, {
			wallMs,
			peakGrowthBytes,
		});
	}
	const now = endedChildrenTicks();
	const isKnown = now !== undefined && ticks !== undefined;
	return {
		wallMs,
		cpuSeconds: isKnown ? (now - ticks) / TICKS_PER_SECOND : undefined,
		peakGrowthBytes,
		...(diskBytes !== undefined && { diskBytes }),
	};
}

/** man 5 proc: what the process has caused to be written to a disk. */
function writtenBytesOf(pid: number): number | undefined {
	try {
		const io = readFileSync(`/proc/${pid}/io`, 'utf8');
		const [, bytes] = /^write_bytes: (\d+)$/m.exec(io) ?? [];
		return bytes === undefined ? undefined : Number(bytes);
	} catch {
		return undefined;
	}
}

/** man 5 proc: cutime and cstime of this process, 16th and 17th after the name in brackets. */
function endedChildrenTicks(): number | undefined {
	if (process.platform !== 'linux') return undefined;
	const afterName = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
	return Number(afterName[13]) + Number(afterName[14]);
}

function statusOf(pid: number): { residentBytes: number; peakBytes: number } | undefined {
	try {
		const status = readFileSync(`/proc/${pid}/status`, 'utf8');
		const bytes = (name: string) =>
			Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
		const peakBytes = bytes('VmHWM');
		// A process that is ending has no memory any more.
		return Number.isNaN(peakBytes) ? undefined : { residentBytes: bytes('VmRSS'), peakBytes };
	} catch {
		return undefined;
	}
}
