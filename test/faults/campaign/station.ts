/** An engine and a cloud of its own, used for many runs and started anew now and then. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Usage } from '../../engine/types';
import type { Rig } from '../../support/rig';
import { startRig } from '../../support/rig';
import type { RunReport } from './run';
import { runScenario } from './run';
import type { Scenario } from './scenario';
import type { FaultVendor } from '../vendors/vendor';

export interface StationOptions {
	/** Another build of the package than this repository's. */
	readonly packageDir?: string;
}

/** Runs between two starts of n8n. */
const RUNS_PER_ENGINE = 40;
/** The first runs, which load code and warm caches up, set the level. */
const MEMORY_CHECK_EVERY = 8;
const MOST_WAITS = 40;
const WAIT_MS = 50;
const MIB = 1024 * 1024;

export class Station {
	private rig: Rig | undefined;
	private runs = 0;
	private startLevel: Usage | undefined;

	constructor(private readonly options: StationOptions = {}) {}

	async run(vendor: FaultVendor, scenario: Scenario): Promise<RunReport> {
		if (this.runs >= RUNS_PER_ENGINE) await this.stop();
		this.rig ??= await startRig(this.options);
		this.runs += 1;
		const report = await runScenario(this.rig, vendor, scenario);
		const memory = await this.memoryViolations();
		return { ...report, violations: [...report.violations, ...memory] };
	}

	async stop(): Promise<void> {
		const { rig } = this;
		this.rig = undefined;
		this.startLevel = undefined;
		this.runs = 0;
		await rig?.stop();
	}

	/** Memory is back to where it was before, or this says by how much it is not. */
	private async memoryViolations(): Promise<string[]> {
		const { rig, runs } = this;
		if (rig === undefined || runs % MEMORY_CHECK_EVERY > 0) return [];
		this.startLevel ??= await settledUsage(rig);
		let usage = await settledUsage(rig);
		const growth = (name: 'arrayBuffersBytes' | 'heapUsedBytes'): number =>
			usage[name] - (this.startLevel?.[name] ?? 0);
		// What just ended may still be on its way out.
		for (let wait = 0; wait < MOST_WAITS && isTooMuch(growth); wait++) {
			await sleep(WAIT_MS);
			usage = await settledUsage(rig);
		}
		if (process.env.SHOW_MEMORY)
			console.log(runs, growth('arrayBuffersBytes'), growth('heapUsedBytes'));
		if (!isTooMuch(growth)) return [];
		const [buffers, heap] = [growth('arrayBuffersBytes'), growth('heapUsedBytes')];
		return [`after ${runs} runs ${buffers} bytes of buffers and ${heap} of heap are still held`];
	}
}

/** n8n itself keeps a little of each execution. */
function isTooMuch(growth: (name: 'arrayBuffersBytes' | 'heapUsedBytes') => number): boolean {
	return growth('arrayBuffersBytes') > MIB || growth('heapUsedBytes') > 12 * MIB;
}

async function settledUsage(rig: Rig): Promise<Usage> {
	await rig.engine.collectGarbage();
	return await rig.engine.usage();
}
