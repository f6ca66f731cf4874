/** A worker is killed in the middle of an upload, and the upload is started again. */
import type { DropboxFileView } from '../../cloud/dropbox';
import { until } from '../../support/until';
import { executionsOf } from './cluster';
import type { SharedFile } from './files';
import { executionIds, startOne, uploadOne } from './one';
import type { Queue } from './queue';

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

export async function killInMidUpload(queue: Queue, file: SharedFile): Promise<KillReport> {
	const { api, cloud, cluster } = queue;
	const workerOf = (executionId: string) =>
		cluster.workers.find((worker) => executionsOf(worker).includes(executionId));

	cloud.reset();
	const firstId = await startOne(queue, file);
	await until(() => cloud.counters().bytesReceived > file.sizeBytes / 3, 5 * MINUTE_MS);
	const killed = workerOf(firstId);
	if (!killed) throw new Error('No worker says that it has begun the execution');
	await killed.kill();
	await cloud.idle();
	const killedAtMs = Date.now();
	const atKill = cloud.counters();
	const first = await api.finished(firstId, 10 * MINUTE_MS);
	const noticedAfterMs = Date.now() - killedAtMs;
	const executionsByThemselves = (await executionIds(queue)).length - 1;
	const requestsByThemselves = cloud.counters().requests - atKill.requests;

	const second = await uploadOne(queue, file);
	const other = workerOf(second.id);
	return {
		status: first.status,
		reason: first.data.resultData.error?.message,
		noticedAfterMs,
		sentBeforeBytes: atKill.bytesReceived,
		requestsByThemselves,
		executionsByThemselves,
		secondStatus: second.status,
		ranOnTheOther: other !== undefined && other !== killed,
		sentAfterBytes: cloud.counters().bytesReceived - atKill.bytesReceived,
		stored: cloud.dropbox.files(),
	};
}
