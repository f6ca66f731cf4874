import { installedDir } from '../support/installed';

const INSTALL_TIMEOUT_MS = 1_800_000;

export interface InstalledN8n {
	/** The folder whose node_modules n8n is in. */
	readonly n8nDir: string;
	/** A Node.js that is new enough for it. */
	readonly nodePath: string;
}

let installed: Promise<InstalledN8n> | undefined;

/** Minutes the first time, and nothing afterwards. */
export function installedN8n(): Promise<InstalledN8n> {
	installed ??= installedDir('test/n8n/install.mjs', [], 'n8n', INSTALL_TIMEOUT_MS).then(
		(answer) => JSON.parse(answer) as InstalledN8n,
	);
	return installed;
}
