import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { repositoryDir } from './freshBuild';

/** Runs a script of this repository that prints a folder when it has installed what belongs there. */
export async function installedDir(
	script: string,
	args: string[],
	what: string,
	timeoutMs: number,
): Promise<string> {
	const options = { timeout: timeoutMs, windowsHide: true };
	try {
		const command = [join(repositoryDir, script), ...args];
		const { stdout } = await promisify(execFile)(process.execPath, command, options);
		return stdout.trim();
	} catch (error) {
		const { stderr } = error as { stderr?: string };
		throw new Error(`${what} could not be installed with npm.\n${stderr ?? ''}`, { cause: error });
	}
}
