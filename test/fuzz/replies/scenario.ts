/** One run whose answers are meddled with; follows from its seed alone. */
import type { FaultAction } from '../../cloud/core/contract';
import type { NodeUnderTest } from '../../engine/types';
import { Random } from '../../faults/campaign/random';
import { baselineOf } from '../baseline';
import type { Baseline } from '../baseline/baseline';
import type { Operation } from '../operations';
import { REPLY_KINDS } from './mutations';

export interface PlannedTrouble {
	readonly label: string;
	readonly action: FaultAction;
	/** Calls let through first. */
	readonly skip: number;
	/** Of `Infinity`: this one and all that follow. */
	readonly times: number;
}

export interface ReplyScenario extends Baseline {
	readonly seed: number;
	readonly onError: NonNullable<NodeUnderTest['onError']>;
	readonly retryOnFail: boolean;
	readonly troubles: readonly PlannedTrouble[];
	/** The access token has run out, so the first call asks for another one. */
	readonly isExpired: boolean;
}

const MIB = 1024 * 1024;
/** The smallest file that each vendor's upload sends in parts. */
const LARGE_BYTES = { Dropbox: 5 * MIB, Box: 20 * MIB + 1 };
/** A few, as their hashes are worked out once each. */
const LARGE_SEEDS = [1, 2, 3];

export function replyScenarioOf(seed: number, operations: readonly Operation[]): ReplyScenario {
	const random = new Random(seed);
	const weighted = operations.map((operation) => ({
		operation,
		weight: weightOf(operation),
	}));
	const { operation } = random.weighted(weighted);
	const baseline = baselineOf(operation, random, random.skewed(1, 5), seed);
	const isLarge = operation.operation === 'upload' && random.chance(0.05);
	const kinds = Array.from({ length: random.chance(0.85) ? 1 : 2 }, () =>
		random.weighted(REPLY_KINDS),
	);
	return {
		...baseline,
		...(isLarge && { items: withLargeFile(baseline, random) }),
		seed,
		onError: random.pick([
			'continueRegularOutput',
			'continueRegularOutput',
			'continueErrorOutput',
			'stopWorkflow',
		]),
		retryOnFail: random.chance(0.2),
		troubles: kinds.map((kind) => ({
			...kind.make(random),
			skip: random.whole(0, mostCalls(baseline)),
			times: random.pick([1, 1, 1, 2, Infinity]),
		})),
		isExpired: random.chance(0.08),
	};
}

function weightOf({ operation }: Operation): number {
	if (operation === 'upload') return 6;
	return operation === 'finish' || operation === 'finishBatch' || operation === 'commit' ? 2 : 1;
}

/** An upload makes about so many calls before it ends; a single step one for each item. */
function mostCalls({ items, operation }: Baseline): number {
	return operation === 'upload' ? 5 : Math.min(3, items.length);
}

function withLargeFile({ items, vendor }: Baseline, random: Random): Baseline['items'] {
	const large = { sizeBytes: LARGE_BYTES[vendor], seed: random.pick(LARGE_SEEDS) };
	return items.map((item, index) =>
		index === 0 ? { ...item, isTaken: false, file: { ...item.file, large } } : item,
	);
}
