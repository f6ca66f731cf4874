import { installedDir } from './installed';

/** The first call in a clone downloads 12 MB: give it time. */
export const BASE_NODES_TIMEOUT_MS = 300_000;

/** The folder of n8n's own nodes, for the engine's `basePackageDirs`; installed when missing. */
export async function baseNodesDir(): Promise<string> {
	const script = 'test/n8n-nodes-base/install.mjs';
	return await installedDir(script, [], "n8n's own nodes", BASE_NODES_TIMEOUT_MS);
}
