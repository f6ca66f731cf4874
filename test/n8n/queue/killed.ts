/** A worker is killed in the middle of an upload, and the upload is started again. */
import type { DropboxFileView } from '../../cloud/dropbox';
import { until } from '../../support/until';
import { executionsOf } from './cluster';
import type { SharedFile } from './files';
import { callWebhook, POLL_MS } from './handOut';
import { UPLOAD_ONE, webhookUrl, type Queue } from './queue';

const MINUTE_MS = 60_000;

export interface KillReport {
	/** How n8n ended the execution of the killed worker. */
	readonly status: string;
	readonly reason: string | undefined;
	readonly noticedAfterMs: number;
	readonly sentBeforeBytes: number;
	/** Requests and executions that came by themselves after the worker was gone. */
	readonly requestsByThemselves: number;
	readonly executionsByThemselves: number;
	readonly secondStatus: string;
	readonly ranOnTheOther: boolean;
	readonly sentAfterBytes: number;
	readonly stored: readonly DropboxFileView[];
}

export async function killInMidUpload(
	{ api, cloud, cluster, workflowIds }: Queue,
	file: SharedFile,
): Promise<KillReport> {
	const workflowId = workflowIds.get(UPLOAD_ONE)!;
	const start = async () => await callWebhook(webhookUrl(api, UPLOAD_ONE), { paths: [file.path] });
	const statusOf = async (executionId: string) =>
		(await api.executions(workflowId)).find(({ id }) => id === executionId)?.status ?? 'none';
	const workerOf = (executionId: string) =>
		cluster.workers.find((worker) => executionsOf(worker).includes(executionId));

	cloud.reset();
	await start();
	await until(() => cloud.counters().bytesReceived > file.sizeBytes / 3, 5 * MINUTE_MS);
	const [first] = await api.executions(workflowId);
	const killed = workerOf(first!.id);
	if (!killed) throw new Error('No worker says that it has begun the execution');
	await killed.kill();
	await cloud.idle();
	const killedAtMs = Date.now();
	const atKill = cloud.counters();
	await until(async () => (await statusOf(first!.id)) !== 'running', 10 * MINUTE_MS, POLL_MS);
	const noticedAfterMs = Date.now() - killedAtMs;
	const status = await statusOf(first!.id);
	const { data } = await api.execution(first!.id);
	const executionsByThemselves = (await api.executions(workflowId)).length - 1;
	const requestsByThemselves = cloud.counters().requests - atKill.requests;

	await start();
	await until(
		async () => {
			const [latest] = await api.executions(workflowId);
			return latest!.id !== first!.id && !['new', 'running'].includes(latest!.status);
		},
		10 * MINUTE_MS,
		POLL_MS,
	);
	const [second] = await api.executions(workflowId);
	return {
		status,
		reason: data.resultData.error?.message,
		noticedAfterMs,
		sentBeforeBytes: atKill.bytesReceived,
		requestsByThemselves,
		executionsByThemselves,
		secondStatus: second!.status,
		ranOnTheOther: workerOf(second!.id) !== killed && workerOf(second!.id) !== undefined,
		sentAfterBytes: cloud.counters().bytesReceived - atKill.bytesReceived,
		stored: cloud.dropbox.files(),
	};
}
