/** Redis and PostgreSQL as the machine has them, on free ports and with their data in a folder of the test. */
import { execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { freePort } from '../../support/freePort';
import { Program } from '../../support/program';

const START_TIMEOUT_MS = 60_000;
const ROOT_UID = 0;
const STDIO: StdioOptions = ['ignore', 'pipe', 'pipe'];

export interface Services {
	readonly redisPort: number;
	readonly postgresPort: number;
	readonly database: string;
	readonly databaseUser: string;
	stop(): Promise<void>;
}

/** What is missing and how to get it; undefined when all is there. */
export function missingServices(): string | undefined {
	if (process.platform === 'win32') return 'Redis has no build for Windows: use WSL for this test.';
	const missing = [
		...(programIn(pathFolders(), 'redis-server') ? [] : ['Redis']),
		...(postgresDir() ? [] : ['PostgreSQL']),
	];
	if (missing.length === 0) return undefined;
	return `${missing.join(' and ')} cannot be found. On Debian or Ubuntu: sudo apt-get install redis-server postgresql. On macOS: brew install redis postgresql.`;
}

export async function startServices(folder: string): Promise<Services> {
	const [redisPort, postgresPort] = [await freePort(), await freePort()];
	const redis = startRedis(join(folder, 'redis'), redisPort);
	let postgres: Program | undefined;
	const stop = async () => {
		// With SIGTERM PostgreSQL would wait until all clients have left.
		await Promise.all([redis.stop(), postgres?.stop('SIGINT')]);
	};
	try {
		await redis.until('Ready to accept connections', START_TIMEOUT_MS);
		postgres = startPostgres(join(folder, 'postgres'), postgresPort);
		await postgres.until('database system is ready to accept connections', START_TIMEOUT_MS);
	} catch (error) {
		await stop();
		throw error;
	}
	return { redisPort, postgresPort, database: 'postgres', databaseUser: 'n8n', stop };
}

function startRedis(folder: string, port: number): Program {
	mkdirSync(folder, { recursive: true });
	const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
	return new Program('Redis', spawn('redis-server', args, { stdio: STDIO }));
}

function startPostgres(folder: string, port: number): Program {
	const binDir = postgresDir();
	if (binDir === undefined) throw new Error('There is no PostgreSQL');
	mkdirSync(folder, { recursive: true });
	const owner = postgresOwner();
	if (owner) {
		chownSync(folder, owner.uid, owner.gid);
		chmodSync(dirname(folder), 0o755);
	}
	const dataDir = join(folder, 'data');
	execFileSync(
		join(binDir, 'initdb'),
		// Its messages are read, too: no other language.
		[`--pgdata=${dataDir}`, '--username=n8n', '--auth=trust', '--encoding=UTF8', '--locale=C'],
		{ ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
	);
	const settings = {
		listen_addresses: '127.0.0.1',
		unix_socket_directories: folder,
		// Nobody needs this data after a crash of the machine.
		fsync: 'off',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const all = ['-D', dataDir, '-p', String(port), ...args];
	const options = { ...owner, cwd: folder, stdio: STDIO };
	return new Program('PostgreSQL', spawn(join(binDir, 'postgres'), all, options));
}

/** PostgreSQL refuses to run as root, so another user of the machine owns its folder and process. */
function postgresOwner(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== ROOT_UID) return undefined;
	const users = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map((line) => line.split(':'));
	for (const name of ['postgres', 'nobody']) {
		const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
		if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Error('PostgreSQL cannot run as root, and there is no user postgres or nobody.');
}

/** Debian keeps its programs out of PATH, one folder for each version. */
function postgresDir(): string | undefined {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian) : [];
	const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
	const folders = newestFirst.map((version) => join(debian, version, 'bin'));
	return programIn([...folders, ...pathFolders()], 'initdb');
}

function pathFolders(): string[] {
	return (process.env.PATH ?? '').split(delimiter);
}

/** The first of these folders that has the program. */
function programIn(folders: readonly string[], program: string): string | undefined {
	return folders.find((folder) => existsSync(join(folder, program)));
}
