/** Many seeds, each in an engine with the store that it wants. */
import type { BinaryMode } from '../engine/types';
import type { FuzzReport } from './finding';
import { runInputs } from './inputs/run';
import { inputScenarioOf } from './inputs/scenario';
import { runReplies } from './replies/run';
import { replyScenarioOf } from './replies/scenario';
import type { Operation } from './operations';
import { builtOperations } from './operations';
import { Station } from './station';
import { STORES, storeOf } from './stores';

export type Kind = 'inputs' | 'replies';

export interface FuzzOptions {
	readonly kind: Kind;
	readonly seeds: readonly number[];
	/** Engines at a time. */
	readonly stations: number;
	/** Another build of the package than this repository's. */
	readonly packageDir?: string;
	onReport?(report: FuzzReport): void;
	/** After this nothing is begun any more. */
	enough?(report: FuzzReport): boolean;
}

export async function runFuzz(options: FuzzOptions): Promise<FuzzReport[]> {
	const { packageDir, seeds } = options;
	const operations = builtOperations();
	const reports = new Map<number, FuzzReport>();
	let isEnough = false;
	const waiting = queuesOf(options);
	const work = async (): Promise<void> => {
		for (let queue = waiting.shift(); queue !== undefined; queue = waiting.shift()) {
			const station = new Station({
				isClockFast: options.kind === 'replies',
				store: queue.store,
				...(packageDir !== undefined && { packageDir }),
			});
			try {
				for (const seed of queue.seeds) {
					if (isEnough) return;
					const report = await station.run((bench) =>
						runSeed(bench, options.kind, seed, operations),
					);
					reports.set(seed, report);
					options.onReport?.(report);
					isEnough ||= options.enough?.(report) ?? false;
				}
			} finally {
				await station.stop();
			}
		}
	};
	const ended = await Promise.allSettled(Array.from({ length: options.stations }, work));
	const broken = ended.find((end) => end.status === 'rejected');
	if (broken !== undefined) throw broken.reason;
	return seeds.flatMap((seed) => reports.get(seed) ?? []);
}

interface Queue {
	readonly store: BinaryMode;
	readonly seeds: readonly number[];
}

/** An engine has one store; what comes back from a vendor is the same in front of each. */
function queuesOf({ kind, seeds, stations }: FuzzOptions): Queue[] {
	const queues =
		kind === 'inputs'
			? STORES.map((store) => ({ store, seeds: seeds.filter((seed) => storeOf(seed) === store) }))
			: Array.from({ length: stations }, (_, at) => ({
					store: 'filesystem' as const,
					seeds: seeds.filter((_seed, index) => index % stations === at),
				}));
	return queues.filter((queue) => queue.seeds.length > 0);
}

async function runSeed(
	bench: Parameters<typeof runInputs>[0],
	kind: Kind,
	seed: number,
	operations: readonly Operation[],
): Promise<FuzzReport> {
	if (kind === 'inputs') return await runInputs(bench, inputScenarioOf(seed, operations));
	return await runReplies(bench, replyScenarioOf(seed, operations));
}
