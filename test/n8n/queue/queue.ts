/** Everything of one run: the services, the cloud, the processes, and the workflows in them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCloud, type LoopbackCloud } from '../../cloud';
import { assertFreshBuild } from '../../support/freshBuild';
import { N8nApi } from '../api';
import { startCluster, type Cluster } from './cluster';
import { connectAccounts, packed } from '../stage';
import { startServices } from './services';
import { handOutWorkflow, uploadWorkflow } from './workflows';

/** The last parts of the webhooks' addresses. */
export const HAND_OUT = 'hand-out';
export const UPLOAD_BATCH = 'upload-batch';
export const UPLOAD_ONE = 'upload-one';

export interface Queue {
	readonly binaryMode: 'filesystem' | 'database';
	readonly cloud: LoopbackCloud;
	readonly cluster: Cluster;
	readonly api: N8nApi;
	/** By the last part of the webhook's address. */
	readonly workflowIds: ReadonlyMap<string, string>;
	/** The disk that all processes have. */
	readonly sharedDir: string;
	stop(): Promise<void>;
}

export async function startQueue(binaryMode: 'filesystem' | 'database'): Promise<Queue> {
	assertFreshBuild();
	const folder = mkdtempSync(join(tmpdir(), 'n8n-queue-'));
	const sharedDir = join(folder, 'shared');
	mkdirSync(sharedDir);
	const started: Array<{ stop(): Promise<void> }> = [];
	const stop = async () => {
		for (const one of started.reverse()) await one.stop();
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const cloud = await startCloud();
		started.push(cloud);
		const { manifest, tarball } = packed(join(folder, 'packed'));
		cloud.npm.publish(manifest, tarball);
		const services = await startServices(folder);
		started.push(services);
		const cluster = await startCluster({ folder, sharedDir, services, cloud, binaryMode });
		started.push(cluster);
		const api = new N8nApi(cluster.main.url);
		await api.setUpOwner();
		await api.installPackage(manifest.name);
		const workflowIds = await publishWorkflows(api, cloud, sharedDir);
		await cluster.startWorkers();
		return { binaryMode, cloud, cluster, api, workflowIds, sharedDir, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

async function publishWorkflows(
	api: N8nApi,
	cloud: LoopbackCloud,
	sharedDir: string,
): Promise<Map<string, string>> {
	const accounts = await connectAccounts(api, cloud);
	const credentialId = accounts.dropboxUploadOAuth2Api!;
	const resumeFolder = join(sharedDir, 'resume');
	const workflows = new Map([
		// A folder for each execution: what two of them stored stays apart.
		[
			UPLOAD_BATCH,
			uploadWorkflow(UPLOAD_BATCH, '=/{{ $execution.id }}', { resumeFolder, credentialId }),
		],
		[UPLOAD_ONE, uploadWorkflow(UPLOAD_ONE, '/One', { resumeFolder, credentialId })],
		[HAND_OUT, handOutWorkflow(HAND_OUT, webhookUrl(api, UPLOAD_BATCH))],
	]);
	const ids = new Map<string, string>();
	for (const [webhookPath, workflow] of workflows) {
		const id = await api.createWorkflow(workflow);
		await api.activate(id);
		ids.set(webhookPath, id);
	}
	return ids;
}

export function webhookUrl({ url }: N8nApi, path: string): string {
	return `${url}/webhook/${path}`;
}
