/** n8n is killed in the middle of a large upload, started again, and the file arrives once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { LoopbackCloud } from '../../cloud';
import { startEngine } from '../../engine';
import type { RunHandle, RunResult } from '../../engine/types';
import { repositoryDir } from '../../support/freshBuild';
import type { NodeRun } from '../../support/rig';
import { Rig } from '../../support/rig';
import { Random } from '../campaign/random';
import type { Notes } from './notes';
import { damaged, foreign, readNotes, writeNotes } from './notes';
import type { KillPoint, KillScenario } from './scenario';

const MIB = 1024 * 1024;
const RUN_DEADLINE_MS = 300_000;
const POLL_MS = 2;
const DAY_MS = 24 * 60 * 60 * 1_000;
const PARALLEL = 4;
const NAME = 'large.bin';
const OTHER_NAME = 'other.bin';

export interface KillReport {
	readonly scenario: KillScenario;
	readonly violations: readonly string[];
	/** How often the process was really killed. */
	readonly kills: number;
	/** Content that arrived, over all processes. */
	readonly sentBytes: number;
	readonly durationMs: number;
}

/** In a cloud that is used for this alone. */
export async function runKill(cloud: LoopbackCloud, scenario: KillScenario): Promise<KillReport> {
	const startedAtMs = Date.now();
	const run = new KillRun(cloud, scenario);
	try {
		await run.all();
	} catch (error) {
		run.violations.push(error instanceof Error ? error.message : String(error));
	} finally {
		await run.cleanUp();
	}
	const { violations, kills, sentBytes } = run;
	return { scenario, violations, kills, sentBytes, durationMs: Date.now() - startedAtMs };
}

class KillRun {
	readonly violations: string[] = [];
	kills = 0;
	sentBytes = 0;
	private readonly homeDir = mkdtempSync(join(tmpdir(), 'killed-n8n-'));
	private readonly folder = join(this.homeDir, '.n8n-files', 'notes');
	private readonly random: Random;
	private rig: Rig | undefined;
	private others: Notes = new Map();
	private early: Notes = new Map();
	private skewMs = 0;
	/** Before the process that runs now. */
	private arrivedBytes = 0;

	constructor(
		private readonly cloud: LoopbackCloud,
		private readonly scenario: KillScenario,
	) {
		this.random = new Random(scenario.seed);
	}

	async all(): Promise<void> {
		const { cloud, scenario } = this;
		cloud.reset();
		scenario.vendor.mend(await this.started());
		if (scenario.notes === 'of another file') await this.breakOther();
		const before = cloud.counters().bytesReceived;
		for (const point of scenario.kills) {
			if (!(await this.killedAt(point))) break;
			this.spoilNotes();
			await this.started();
		}
		if (this.kills > 0) await this.lastRun();
		this.sentBytes = cloud.counters().bytesReceived - before;
		this.checkTraffic();
	}

	async cleanUp(): Promise<void> {
		await this.rig?.engine.stop();
		this.cloud.faults.clear();
		this.cloud.clock.advance(-this.skewMs);
		rmSync(this.homeDir, { recursive: true, force: true, maxRetries: 5 });
	}

	/** n8n as it comes up: the same home, the same credential, nothing in memory. */
	private async started(): Promise<Rig> {
		const { cloud, homeDir, scenario } = this;
		await this.rig?.engine.stop();
		const packageDirs = [repositoryDir];
		this.rig = new Rig(cloud, await startEngine({ homeDir, packageDirs, env: cloud.env }));
		await scenario.vendor.connect(this.rig);
		return this.rig;
	}

	private nodeRun(name: string, sizeBytes: number, seed: number, maxRetries?: number): NodeRun {
		const { vendor, notes, skipUnchanged } = this.scenario;
		const options = {
			parallel: PARALLEL,
			...(notes !== 'none' && { resumeFolder: this.folder }),
			...(maxRetries !== undefined && { maxRetries }),
		};
		return {
			resource: 'file',
			operation: 'upload',
			...vendor.parameters('fail', { options, skipUnchanged, strict: false }),
			items: [{ json: {}, binary: { data: { fileName: name, generated: { sizeBytes, seed } } } }],
			timeoutMs: RUN_DEADLINE_MS,
		};
	}

	/** Another upload that broke off, for its notes. */
	private async breakOther(): Promise<void> {
		const { cloud, scenario, rig } = this;
		const { vendor, seed } = scenario;
		const mend = cloud.faults.add({
			route: vendor.partRoute,
			skip: 2,
			times: Infinity,
			action: { kind: 'resetBefore' },
		});
		const handle = await vendor.start(rig!, this.nodeRun(OTHER_NAME, 24 * MIB, seed + 1, 0));
		await handle.finished;
		mend();
		this.others = readNotes(this.folder);
		if (this.others.size === 0) this.violations.push('a broken upload has left no notes');
	}

	/** False when the run was over before. */
	private async killedAt(point: KillPoint): Promise<boolean> {
		const { cloud, scenario, rig } = this;
		const { sizeBytes, vendor } = scenario;
		const atStart = cloud.counters().bytesReceived;
		const isDue = this.dueAt(point, () => cloud.counters().bytesReceived - atStart);
		const handle = await vendor.start(rig!, this.nodeRun(NAME, sizeBytes, scenario.seed));
		const ended = await this.waitFor(handle, isDue);
		if (ended !== undefined) {
			this.checkEnd(ended);
			return false;
		}
		await rig!.engine.kill('SIGKILL');
		this.kills += 1;
		cloud.faults.clear();
		await cloud.idle();
		this.arrivedBytes += cloud.counters().bytesReceived - atStart;
		return true;
	}

	private dueAt(point: KillPoint, receivedBytes: () => number): () => boolean {
		const { cloud, scenario } = this;
		if ('share' in point) {
			const goesOn = scenario.notes === 'kept' || scenario.notes === 'old';
			const leftBytes = goesOn ? scenario.sizeBytes - this.arrivedBytes : scenario.sizeBytes;
			const dueBytes = point.share * Math.max(0, leftBytes);
			return () => {
				if (this.early.size === 0 && receivedBytes() > dueBytes / 2) {
					this.early = readNotes(this.folder);
				}
				return receivedBytes() >= dueBytes;
			};
		}
		cloud.faults.add({
			route: scenario.vendor.commitRoute,
			action:
				point.atCommit === 'before'
					? { kind: 'delay', delayMs: 1_000 }
					: { kind: 'slowReply', bytesPerSecond: 50 },
		});
		return () => {
			const { delay = 0, slowReply = 0 } = cloud.counters().faultsStruck;
			return delay + slowReply > 0;
		};
	}

	private async waitFor(handle: RunHandle, isDue: () => boolean): Promise<RunResult | undefined> {
		let result: RunResult | undefined;
		const finished = handle.finished.then((ended) => (result = ended));
		// Whoever kills the process does not wait for it.
		finished.catch(() => {});
		const deadlineMs = Date.now() + RUN_DEADLINE_MS;
		while (result === undefined && !isDue()) {
			if (Date.now() > deadlineMs) throw new Error('the run did not end');
			await Promise.race([finished, sleep(POLL_MS)]);
		}
		return result;
	}

	private spoilNotes(): void {
		const { folder, random, scenario, others } = this;
		const all = readNotes(folder);
		const own = new Map([...all].filter(([name]) => !others.has(name)));
		if (scenario.notes === 'damaged') {
			writeNotes(folder, new Map([...own].map(([name, bytes]) => [name, damaged(bytes, random)])));
		} else if (scenario.notes === 'of another file') {
			writeNotes(folder, foreign(own, others));
		} else if (scenario.notes === 'old') {
			writeNotes(folder, this.early);
		} else if (scenario.notes === 'session gone') {
			this.skewMs += 8 * DAY_MS;
			this.cloud.clock.advance(8 * DAY_MS);
		}
	}

	private async lastRun(): Promise<void> {
		const { scenario } = this;
		const { vendor, sizeBytes, seed } = scenario;
		const rig = this.rig!;
		const handle = await vendor.start(rig, this.nodeRun(NAME, sizeBytes, seed));
		const result = await this.waitFor(handle, () => false);
		if (result !== undefined) this.checkEnd(result);
		this.violations.push(...(await rig.engine.unhandledErrors()));
	}

	/** It says that the file is there, and the file is there, once, as it was. */
	private checkEnd({ status, error, outputs }: RunResult): void {
		const { cloud, scenario, violations } = this;
		const { vendor, sizeBytes, seed } = scenario;
		if (status !== 'success') {
			violations.push(`ended as ${status}: ${error?.message} ${error?.description ?? ''}`);
		}
		const stored = vendor.stored(this.rig!);
		const hash = vendor.hashOf({ sizeBytes, seed });
		const said = outputs[0]?.[0]?.json;
		if (stored.length !== 1) violations.push(`${stored.length} files are there instead of one`);
		if (stored[0]?.hash !== hash) violations.push('the file is not the one that was sent');
		if (said !== undefined && vendor.claimOf(said).hash !== hash) {
			violations.push('the item tells of another file');
		}
		for (const problem of cloud.errors) violations.push(`the cloud failed: ${String(problem)}`);
	}

	/** With its notes an upload sends little again, whatever else happens to them it sends all at most. */
	private checkTraffic(): void {
		const { kills, scenario, sentBytes, violations } = this;
		const { notes, sizeBytes, vendor } = scenario;
		const again = (PARALLEL + 3) * vendor.partBytesOf(sizeBytes) * Math.max(1, kills);
		const sendsOnce = notes === 'kept' && scenario.kills.every((point) => 'share' in point);
		const mostBytes = (sendsOnce ? 1 : kills + 1) * sizeBytes + again;
		if (sentBytes > mostBytes) {
			violations.push(`${sentBytes} bytes arrived of a file of ${sizeBytes} (${notes})`);
		}
	}
}
