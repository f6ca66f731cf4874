import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALLER = join(__dirname, '..', 'n8n-nodes-base', 'install.mjs');

/** The first call in a clone downloads 12 MB: give it time. */
export const BASE_NODES_TIMEOUT_MS = 300_000;

/** The folder of n8n's own nodes, for the engine's `basePackageDirs`; installed when missing. */
export async function baseNodesDir(): Promise<string> {
	const options = { timeout: BASE_NODES_TIMEOUT_MS, windowsHide: true };
	try {
		const { stdout } = await promisify(execFile)(process.execPath, [INSTALLER], options);
		return stdout.trim();
	} catch (error) {
		const { stderr } = error as { stderr?: string };
		throw new Error(`n8n's own nodes could not be installed with npm.\n${stderr ?? ''}`, {
			cause: error,
		});
	}
}
