/** Many seeds, on a few stations at a time. */
import { vendorOf } from '../vendors';
import type { RunReport } from './run';
import { scenarioOf } from './scenario';
import type { StationOptions } from './station';
import { Station } from './station';

export interface CampaignOptions extends StationOptions {
	readonly seeds: readonly number[];
	readonly stations: number;
	onReport?(report: RunReport): void;
	/** After this nothing is begun any more. */
	enough?(report: RunReport): boolean;
}

export function seedsFrom(first: number, count: number): number[] {
	return Array.from({ length: count }, (_, index) => first + index);
}

/** The reports in the order of the seeds; what a station finds wrong at its end is thrown. */
export async function runCampaign(options: CampaignOptions): Promise<RunReport[]> {
	const { seeds } = options;
	const reports = new Map<number, RunReport>();
	const waiting = [...seeds];
	let isEnough = false;
	const work = async (): Promise<void> => {
		const station = new Station(options);
		try {
			for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
				const vendor = vendorOf(seed);
				const report = await station.run(vendor, scenarioOf(seed, vendor));
				reports.set(seed, report);
				options.onReport?.(report);
				isEnough ||= options.enough?.(report) ?? false;
				if (isEnough) return;
			}
		} finally {
			await station.stop();
		}
	};
	const stations = Math.min(options.stations, seeds.length);
	const ended = await Promise.allSettled(Array.from({ length: stations }, work));
	const broken = ended.find((end) => end.status === 'rejected');
	if (broken !== undefined) throw broken.reason;
	return seeds.flatMap((seed) => reports.get(seed) ?? []);
}
