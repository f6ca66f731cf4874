/** Many files over both workers, and what became of them. */
import { request } from 'undici';

import type { LoopbackCloud } from '../../cloud';
import type { DropboxFileView } from '../../cloud/dropbox';
import { until } from '../../support/until';
import { executionsOf } from './cluster';
import type { SharedFile } from './files';
import { HAND_OUT, UPLOAD_BATCH, webhookUrl, type Queue } from './queue';
import { BATCH_SIZE } from './workflows';

/** Of all commits; a batch is committed again until none is left over. */
const CONTENTION = 0.15;
/** Long enough for the other worker to come with one of its own. */
const SLOW_COMMIT = { kind: 'delay', delayMs: 1_000 } as const;
const APPEND = 'files/upload_session/append_v2';
const TOKEN = 'oauth2/token';
const FINISH = 'files/upload_session/finish_batch_v2';
/** Each look is a call to n8n. */
const POLL_MS = 1_000;
const RUNNING = new Set(['new', 'running', 'waiting']);

export interface Load {
	readonly small: readonly SharedFile[];
	/** Each in an execution of its own. */
	readonly large: readonly SharedFile[];
}

export interface WorkerShare {
	readonly executions: number;
	readonly files: number;
	readonly bytes: number;
}

export interface HandOutReport {
	/** Of the executions that uploaded, by how they ended. */
	readonly statuses: readonly string[];
	readonly stored: readonly DropboxFileView[];
	readonly shares: readonly WorkerShare[];
	readonly commitCalls: number;
	readonly contentionRetries: number;
	/** Commits of different workers that were under way at the same time. */
	readonly overlappingCommits: number;
	/** Of the sign-in, which expires while all workers are uploading. */
	readonly renewals: number;
	/** Files whose content is stored more than once. */
	readonly doubles: number;
	readonly durationMs: number;
}

export async function handOut(
	{ api, cloud, cluster, workflowIds }: Queue,
	{ small, large }: Load,
	deadlineMs: number,
): Promise<HandOutReport> {
	const startedAtMs = Date.now();
	const { contention } = cloud.dropbox;
	const strikesBefore = contention.count;
	contention.failRandomly(CONTENTION);
	cloud.resetCounters();
	cloud.faults.add({ route: FINISH, times: Infinity, action: SLOW_COMMIT });
	expireAmidUploads(cloud);
	await callWebhook(webhookUrl(api, HAND_OUT), { small: pathsOf(small), large: pathsOf(large) });

	const expected = Math.ceil(small.length / BATCH_SIZE) + large.length;
	const statuses = async () =>
		(await api.executions(workflowIds.get(UPLOAD_BATCH)!)).map(({ status }) => status);
	await until(
		async () => {
			const all = await statuses();
			return all.length >= expected && !all.some((status) => RUNNING.has(status));
		},
		deadlineMs,
		POLL_MS,
	);
	contention.clear();
	cloud.faults.clear();

	const stored = cloud.dropbox.files();
	const shares = cluster.workers.map((worker) => {
		const executions = executionsOf(worker);
		const own = stored.filter(({ path }) => executions.includes(executionIn(path)));
		const uploads = new Set(own.map(({ path }) => executionIn(path)));
		const bytes = own.reduce((sum, { size }) => sum + size, 0);
		return { executions: uploads.size, files: own.length, bytes };
	});
	const counters = cloud.counters();
	return {
		statuses: await statuses(),
		stored,
		shares,
		commitCalls: counters.requestsByRoute[FINISH] ?? 0,
		contentionRetries: contention.count - strikesBefore,
		overlappingCommits: counters.overlappingCommits,
		renewals: counters.requestsByRoute[TOKEN] ?? 0,
		doubles: stored.length - new Set(stored.map(({ contentHash }) => contentHash)).size,
		durationMs: Date.now() - startedAtMs,
	};
}

function expireAmidUploads({ dropbox, faults }: LoopbackCloud): void {
	const run = () => dropbox.expireAccessTokens();
	faults.add({ route: APPEND, skip: 20, action: { kind: 'before', run } });
}

/** As another system does it. */
export async function callWebhook(url: string, body: object): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	const reply = await request(url, { method: 'POST', headers, body: JSON.stringify(body) });
	const text = await reply.body.text();
	if (reply.statusCode !== 200) throw new Error(`${url} answered ${reply.statusCode}: ${text}`);
}

function pathsOf(files: readonly SharedFile[]): string[] {
	return files.map(({ path }) => path);
}

/** The workflow puts the files of each execution into a folder that is called like it. */
function executionIn(path: string): string {
	return path.split('/')[1] ?? '';
}
