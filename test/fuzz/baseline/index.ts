import { isSimplified } from '../../faults/campaign/claims';
import type { Random } from '../../faults/campaign/random';
import type { Operation } from '../operations';
import type { Baseline, MakeBaseline } from './baseline';
import { nothingToPrepare, plannedFiles } from './baseline';
import { boxBaselines } from './box';
import { dropboxBaselines } from './dropbox';

const BASELINES = { Dropbox: dropboxBaselines, Box: boxBaselines };

export function baselineOf(
	operation: Operation,
	random: Random,
	count: number,
	seed: number,
): Baseline {
	const { vendor, resource, operation: name } = operation;
	const make = BASELINES[vendor][`${resource} ${name}`] ?? described(operation);
	const baseline = make(random, count, seed);
	return { ...baseline, common: { ...baseline.common, simplify: isSimplified(seed) } };
}

/** Whether a run of it is known to succeed. */
export function hasBaseline({ vendor, resource, operation }: Operation): boolean {
	return `${resource} ${operation}` in BASELINES[vendor];
}

/** For an operation that nobody has written a baseline for: what its parameters are when nobody sets them. */
function described({ vendor, resource, operation }: Operation): MakeBaseline {
	return (random, count, seed) => ({
		vendor,
		resource,
		operation,
		common: {},
		items: plannedFiles(random, count, seed).map((file) => ({
			values: {},
			file,
			carriesFile: true,
		})),
		stores: false,
		prepare: nothingToPrepare,
	});
}
