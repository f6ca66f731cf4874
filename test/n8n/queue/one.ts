/** One file in an execution of its own. */
import { until } from '../../support/until';
import type { Execution } from '../api';
import type { SharedFile } from './files';
import { callWebhook } from './handOut';
import { UPLOAD_ONE, webhookUrl, type Queue } from './queue';

const MINUTE_MS = 60_000;

/** The id of the execution that n8n has made for it. */
export async function startOne(queue: Queue, { path }: SharedFile): Promise<string> {
	const before = await executionIds(queue);
	await callWebhook(webhookUrl(queue.api, UPLOAD_ONE), { paths: [path] });
	let started: string | undefined;
	const hasStarted = async () => {
		started = (await executionIds(queue)).find((id) => !before.includes(id));
		return started !== undefined;
	};
	await until(hasStarted, MINUTE_MS, 50);
	return started!;
}

export async function uploadOne(queue: Queue, file: SharedFile): Promise<Execution> {
	return await queue.api.finished(await startOne(queue, file), 10 * MINUTE_MS);
}

export async function executionIds({ api, workflowIds }: Queue): Promise<string[]> {
	return (await api.executions(workflowIds.get(UPLOAD_ONE)!)).map(({ id }) => id);
}
