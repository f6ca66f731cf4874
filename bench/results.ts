/** What bench/results.json holds. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type as osType } from 'node:os';
import { dirname, join } from 'node:path';
import type { Measured } from './clients/job';
import { nodesBaseVersion } from './contenders/nodes';
import { rcloneVersion } from './contenders/rclone';
import type { Vendor } from './contenders';
import type { NetworkName } from './networks';

export interface Run extends Measured {
	/** Fewer than the case has: see `Contender.sample`. */
	readonly sentFiles: number;
	readonly requests: number;
	readonly connections: number;
	/** Both directions, TLS and headers included. */
	readonly wireBytes: number;
	/** Answers of 429: the vendor asked to slow down. */
	readonly refusals?: number;
	readonly cloudCpuSeconds: number;
	/** Of the last minute before the run: whether the machine had other work. */
	readonly loadAverage: number;
}

export interface Row {
	readonly vendor: Vendor;
	readonly caseId: string;
	readonly caseTitle: string;
	readonly caseFiles: number;
	readonly network: NetworkName;
	readonly contender: string;
	readonly title: string;
	readonly runs: readonly Run[];
	/** Why there are no runs: how it failed, or why it was not there. */
	readonly note?: string;
	readonly measuredAt: string;
	/** What was typed, and the version and commit of this package: rows of several runs stand in one file. */
	readonly command: string;
	readonly revision: string;
}

export interface Results {
	readonly machine: Readonly<Record<string, string | number>>;
	readonly versions: Readonly<Record<string, string>>;
	readonly rows: readonly Row[];
}

const ROOT = join(__dirname, '..');
const NOT_INSTALLED = 'not installed';

export function newResults(rows: readonly Row[]): Results {
	const machine = {
		processor: cpus()[0]?.model ?? 'unknown',
		cores: cpus().length,
		memoryGiB: Math.round(totalmem() / 1024 ** 3),
		system: `${osType()} ${release()} ${arch()}`,
		node: process.version,
	};
	const versions = {
		'n8n-core': versionOf('n8n-core'),
		'n8n-nodes-base': nodesBaseVersion() ?? NOT_INSTALLED,
		dropbox: versionOf('dropbox'),
		'box-node-sdk': versionOf('box-node-sdk'),
		undici: versionOf('undici'),
		rclone: rcloneVersion() ?? NOT_INSTALLED,
	};
	return { machine, versions, rows };
}

export function readResults(file: string): Results | undefined {
	return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
}

export function writeResults(file: string, results: Results): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(results, undefined, '\t')}\n`);
}

/** New rows take the place of old ones of the same kind; another machine's rows are no neighbours. */
export function merged(old: Results | undefined, now: Results): Results {
	if (!old || JSON.stringify(old.machine) !== JSON.stringify(now.machine)) return now;
	const key = ({ vendor, caseId, network, contender }: Row) =>
		[vendor, caseId, network, contender].join(' ');
	const replaced = new Set(now.rows.map(key));
	const rows = [...old.rows.filter((row) => !replaced.has(key(row))), ...now.rows];
	// What isn't here today has been measured with the version that was here then.
	const versions = Object.entries(now.versions).map(([name, version]) => [
		name,
		version === NOT_INSTALLED ? (old.versions[name] ?? version) : version,
	]);
	return { ...now, versions: Object.fromEntries(versions) as Results['versions'], rows };
}

function versionOf(name: string): string {
	const file = join(ROOT, 'node_modules', name, 'package.json');
	return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export function revision(): string {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
		version: string;
	};
	const { stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return stdout ? `${version} (${stdout.trim()})` : version;
}
