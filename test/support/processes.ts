/** n8n processes one after the other, with one home directory, and the cloud and the package of a rig. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FaultAction } from '../cloud';
import { startEngine } from '../engine';
import { Rig } from './rig';

export interface Processes {
	/** For the option Resume Folder. */
	readonly resumeFolder: string;
	/** Another process; all of them end with the test. */
	readonly start: () => Promise<Rig>;
	/** For requests that hang until the process is gone: it gets no further, however busy the machine is. */
	readonly hang: FaultAction;
	/** Ends one with SIGKILL and all faults with it; resolves when the cloud has nothing of it left to do. */
	readonly kill: (rig: Rig) => Promise<void>;
	/** What lies in the resume folder, as text. */
	readonly checkpoints: () => string[];
}

export async function withProcesses(
	{ cloud, engine: { packageDirs } }: Rig,
	work: (processes: Processes) => Promise<void>,
): Promise<void> {
	const homeDir = mkdtempSync(join(tmpdir(), 'killed-n8n-'));
	const resumeFolder = join(homeDir, '.n8n-files', 'notes');
	const started: Rig[] = [];
	let killed = (): void => {};
	const untilKilled = new Promise<void>((resolve) => (killed = resolve));
	try {
		await work({
			resumeFolder,
			start: async () => {
				const engine = await startEngine({
					homeDir,
					packageDirs,
					env: cloud.env,
				});
				const rig = new Rig(cloud, engine);
				started.push(rig);
				return rig;
			},
			hang: { kind: 'unanswered', until: async () => await untilKilled },
			kill: async ({ engine }) => {
				await engine.kill('SIGKILL');
				killed();
				cloud.faults.clear();
				await cloud.idle();
			},
			checkpoints: () =>
				readdirSync(resumeFolder).map((name) => readFileSync(join(resumeFolder, name), 'utf8')),
		});
	} finally {
		for (const { engine } of started) await engine.stop();
		rmSync(homeDir, { recursive: true, force: true });
	}
}

/** What the newest checkpoint says is left to do; null for nothing. */
export function latestRecord(checkpoints: readonly string[]): unknown {
	return checkpoints
		.map((text) => JSON.parse(text) as { sequence: number; record: unknown })
		.sort((one, other) => other.sequence - one.sequence)[0]?.record;
}
