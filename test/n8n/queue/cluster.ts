/** n8n's queue mode: a main process and two workers, each as on a machine of its own. */
import { join } from 'node:path';

import type { LoopbackCloud } from '../../cloud';
import type { BinaryMode } from '../../engine/types';
import { startN8n, type N8nProcess } from '../process';
import type { Services } from './services';

const WORKERS = 2;
/**
 * PostgreSQL's answer with a larger file does not fit into any text of Node.js, and n8n would wait for it
 * for ever.
 */
export const MAX_DATABASE_FILE_MIB = 255;

export interface Cluster {
	readonly main: N8nProcess;
	readonly workers: readonly N8nProcess[];
	/** Once the main process knows which packages there are to be. */
	startWorkers(): Promise<void>;
	stop(): Promise<void>;
}

export interface ClusterOptions {
	/** Homes of the processes. */
	readonly folder: string;
	/** The disk that all of them have. */
	readonly sharedDir: string;
	readonly services: Services;
	readonly cloud: LoopbackCloud;
	readonly binaryMode: Exclude<BinaryMode, 'default'>;
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const env = settingsOf(options);
	const main = await startN8n({ homeDir: join(options.folder, 'main'), env });
	const workers: N8nProcess[] = [];
	return {
		main,
		workers,
		startWorkers: async () => {
			// One after the other: n8n's start keeps a small machine busy.
			for (let number = 1; number <= WORKERS; number += 1) {
				const homeDir = join(options.folder, `worker-${number}`);
				workers.push(await startN8n({ command: 'worker', homeDir, env }));
			}
		},
		stop: async () => {
			await Promise.all([main, ...workers].map(async (n8n) => await n8n.stop()));
		},
	};
}

function settingsOf(options: ClusterOptions): Record<string, string> {
	const { services, sharedDir, cloud, binaryMode } = options;
	return {
		...cloud.env,
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(services.redisPort),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(services.postgresPort),
		DB_POSTGRESDB_DATABASE: services.database,
		DB_POSTGRESDB_USER: services.databaseUser,
		N8N_ENCRYPTION_KEY: 'the same for all',
		N8N_REINSTALL_MISSING_PACKAGES: 'true',
		N8N_DEFAULT_BINARY_DATA_MODE: binaryMode,
		...(binaryMode === 'filesystem'
			? { N8N_BINARY_DATA_STORAGE_PATH: join(sharedDir, 'binary-data') }
			: {
					N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: String(MAX_DATABASE_FILE_MIB),
					// With n8n's own 2 and 5,000, a few large files at once look like a lost database.
					DB_POSTGRESDB_POOL_SIZE: '10',
					DB_PING_TIMEOUT_MS: '60000',
				}),
		N8N_RESTRICT_FILE_ACCESS_TO: sharedDir,
		// No Code node runs here, and nobody has to look after the task runner of a killed worker.
		N8N_RUNNERS_MODE: 'external',
		N8N_RUNNERS_AUTH_TOKEN: 'unused',
	};
}

/** Executions that a worker has begun, by its own log. */
export function executionsOf(worker: N8nProcess): string[] {
	const started = worker.output().matchAll(/Worker started execution (\d+) /g);
	return [...new Set([...started].map(([, id]) => id!))];
}
