/** An engine with one binary store and a cloud of its own, used for many runs and started anew now and then. */
import type { BinaryMode } from '../engine/types';
import type { IssuedTokens } from '../cloud/core/tokens';
import type { Rig } from '../support/rig';
import { startRig } from '../support/rig';
import { BOX_SETTINGS } from './baseline/box';
import type { FuzzReport } from './finding';
import type { VendorName } from './operations';

/** A zone that no text of the fuzz is in, half an hour off, so that nobody's clock hides in a date. */
const ZONE = 'Pacific/Marquesas';
/** Waits of minutes take seconds; faster, a busy machine would look like a vendor that does not answer. */
export const TIMER_SPEED = 25;
const YEAR_SEC = 365 * 24 * 60 * 60;
const RUNS_PER_ENGINE = 1_500;

export interface StationOptions {
	readonly store: BinaryMode;
	/** Whether clocks and sockets are as fast as timers, as answers that never come need it. */
	readonly isClockFast: boolean;
	/** Another build of the package than this repository's. */
	readonly packageDir?: string;
}

/** What a run works with. */
export interface Bench {
	readonly rig: Rig;
	/** For what is put into the cloud past the node. */
	readonly directTokens: Readonly<Record<VendorName, IssuedTokens>>;
	/** How much of what piles up in a rig has been looked at. */
	readonly noted: { unhandled: number; cloudErrors: number };
	/** An empty cloud, and a sign-in that no run has had. */
	empty(vendor: VendorName, signIn?: { readonly isExpired: boolean }): Promise<void>;
}

export class Station {
	private bench: Bench | undefined;
	private runs = 0;

	constructor(private readonly options: StationOptions) {}

	async run(work: (bench: Bench) => Promise<FuzzReport>): Promise<FuzzReport> {
		if (this.runs >= RUNS_PER_ENGINE) await this.stop();
		this.bench ??= await startBench(this.options);
		this.runs += 1;
		const report = await work(this.bench);
		if (report.isStuck) await this.stop();
		return report;
	}

	async stop(): Promise<void> {
		const { bench } = this;
		this.bench = undefined;
		this.runs = 0;
		if (bench === undefined) return;
		// What was wrong in it has been reported with its run.
		await bench.rig.engine.stop();
		await bench.rig.cloud.stop();
	}
}

async function startBench({ isClockFast, packageDir, store }: StationOptions): Promise<Bench> {
	const rig = await startRig({
		...(packageDir !== undefined && { packageDir }),
		cloud: { box: BOX_SETTINGS },
		engine: {
			binaryMode: store,
			env: { TZ: ZONE, GENERIC_TIMEZONE: ZONE },
		},
		pace: isClockFast ? { clockSpeed: TIMER_SPEED } : { timerSpeed: TIMER_SPEED },
	});
	const forLong = { expiresInSec: YEAR_SEC };
	const directTokens = {
		Dropbox: rig.cloud.issueToken('dropbox', forLong),
		Box: rig.cloud.issueToken('box', forLong),
	};
	return {
		rig,
		directTokens,
		noted: { unhandled: 0, cloudErrors: 0 },
		async empty(vendor, { isExpired } = { isExpired: false }) {
			rig.cloud.reset();
			Object.assign(rig.cloud.box.settings, BOX_SETTINGS);
			rig.secrets.forgetTokens();
			for (const tokens of Object.values(directTokens)) rig.secrets.remember(tokens);
			const options = isExpired ? { expiresInSec: -1 } : {};
			if (vendor === 'Dropbox') await rig.connectDropbox(options);
			else await rig.connectBox(options);
		},
	};
}
