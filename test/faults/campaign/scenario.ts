/** What one run does and what goes wrong in it; follows from its seed alone. */
import type { INodeParameters } from 'n8n-workflow';

import type { GeneratedContent } from '../../engine/types';
import { Random } from './random';
import type { Refusal } from '../../cloud/refusedRoutes';
import type { FaultKind, FaultVendor, Shape } from '../vendors/vendor';

/** `replace` is Overwrite at Dropbox and New Version at Box. */
export type IfExists = 'fail' | 'rename' | 'replace' | 'skip';

export interface PlannedFile {
	readonly name: string;
	readonly content: GeneratedContent;
	/** What lies at its path before the run. */
	readonly there?: 'same' | 'other';
	/** Position of an earlier item with the same name and other content. */
	readonly twinOf?: number;
}

export interface PlannedFault {
	readonly kind: string;
	readonly route: string;
	/** Matching requests let through first. */
	readonly skip: number;
	readonly times: number | 'always';
	/** From 0 up to 1: how much, how long, which one. */
	readonly amount: number;
}

/** A route that the vendor refuses through the whole first execution, although another does the same. */
export interface MissingRoute {
	readonly route: string;
	readonly refusal: Refusal;
}

export interface Scenario {
	readonly seed: number;
	readonly vendor: string;
	readonly files: readonly PlannedFile[];
	readonly ifExists: IfExists;
	readonly skipUnchanged: boolean;
	/** Also what has the same content is a conflict. */
	readonly strict: boolean;
	readonly options: INodeParameters;
	readonly onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	readonly retryOnFail: boolean;
	readonly faults: readonly PlannedFault[];
	readonly missing?: MissingRoute;
	/** Two executions of the same account share the files between them. */
	readonly executionsAtOnce: 1 | 2;
	/** How far the vendor's clock is ahead of ours. */
	readonly skewMs: number;
	/** The execution is cancelled when so many requests have arrived. */
	readonly cancelAfterRequests?: number;
	/** Something does not pass by itself, so files may fail; all others must arrive. */
	readonly hopeless: boolean;
}

/** Fewer than the retries of a call, so that the node has no excuse. */
const MOST_STRIKES = 5;
const HOUR_MS = 60 * 60 * 1_000;

export function scenarioOf(seed: number, vendor: FaultVendor): Scenario {
	const random = new Random(seed);
	const hopeless = random.chance(0.28);
	const canceled = !hopeless && random.chance(0.06);
	const onError = random.pick([
		'continueRegularOutput',
		'continueRegularOutput',
		'continueErrorOutput',
		...(hopeless ? [] : (['stopWorkflow'] as const)),
	] as const);
	const { sizes, options } = vendor.plan(random, hopeless);
	// Whoever runs a rename again without knowing what became of it asks for a second copy.
	const modes = ['fail', 'replace', 'replace', 'skip'] as const;
	const ifExists = random.pick(
		canceled || onError === 'stopWorkflow' ? modes : ([...modes, 'rename', 'rename'] as const),
	);
	const retryOnFail = random.chance(0.2);
	// Only a strict rename would store the same content a second time.
	const strictly = retryOnFail && ifExists === 'rename' ? 0.6 : 0.2;
	const strict = vendor.hasStrictConflict && !canceled && random.chance(strictly);
	const executionsAtOnce = random.chance(0.12) ? 2 : 1;
	const mayRerun = hopeless || canceled;
	const files = filesOf(sizes, random, {
		mayHaveTwins: executionsAtOnce === 1 && !(mayRerun && ifExists === 'rename'),
		// What is in the way is what these two are for.
		thereShare: ifExists === 'replace' || ifExists === 'rename' ? 0.5 : 0.12,
	});
	const shape: Shape = {
		seed,
		vendor: vendor.name,
		files,
		ifExists,
		skipUnchanged: random.chance(0.25),
		strict,
		options,
		onError,
		retryOnFail,
		executionsAtOnce,
		skewMs: random.chance(0.5) ? random.whole(-48, 48) * HOUR_MS : 0,
		hopeless,
	};
	const missing = hopeless || canceled ? undefined : missingRoute(shape, vendor);
	const faults = hopeless
		? [...faultsOf(shape, vendor, random, random.whole(0, 1)), hopelessFault(shape, vendor, random)]
		: faultsOf(shape, vendor, random, random.whole(1, MOST_STRIKES));
	return {
		...shape,
		faults,
		...(missing && { missing }),
		...(canceled && { cancelAfterRequests: random.whole(1, 12) }),
	};
}

const MISSING_SHARE = 0.2;

/** By numbers of its own, so that all else of a seed stays as it was. */
function missingRoute(shape: Shape, vendor: FaultVendor): MissingRoute | undefined {
	const random = new Random(shape.seed + 2 ** 24);
	const routes = vendor.replaceableRoutes(shape);
	if (routes.length === 0 || !random.chance(MISSING_SHARE)) return undefined;
	return { route: random.pick(routes), refusal: random.pick(vendor.refusals) };
}

function filesOf(
	sizes: readonly number[],
	random: Random,
	{ mayHaveTwins, thereShare }: { mayHaveTwins: boolean; thereShare: number },
): readonly PlannedFile[] {
	const endings = ['.bin', '.tar.gz', '', ' å.txt', ' 日本.txt'];
	const files: PlannedFile[] = [];
	for (const [index, sizeBytes] of sizes.entries()) {
		const content = { sizeBytes, seed: random.whole(1, 2 ** 30) };
		const earlier = random.chance(0.04) && index > 0 ? random.whole(0, index - 1) : undefined;
		const twin = mayHaveTwins && earlier !== undefined ? files[earlier] : undefined;
		if (twin !== undefined && twin.twinOf === undefined) {
			files.push({ name: twin.name, content, twinOf: earlier });
			continue;
		}
		const there = random.chance(thereShare) ? random.pick(['same', 'other'] as const) : undefined;
		files.push({ name: `${index}${random.pick(endings)}`, content, ...(there && { there }) });
	}
	return files;
}

function faultsOf(
	shape: Shape,
	vendor: FaultVendor,
	random: Random,
	strikes: number,
): PlannedFault[] {
	const faults: PlannedFault[] = [];
	const strikesByKind = new Map<string, number>();
	const kinds = choiceOf(shape, vendor, ({ recoversFrom }) => recoversFrom > 0);
	let strikesLeft = strikes;
	while (strikesLeft > 0) {
		const { kind } = random.weighted(kinds);
		const before = strikesByKind.get(kind.usesUp ?? kind.name) ?? 0;
		const times = Math.min(strikesLeft, kind.recoversFrom - before, random.whole(1, 2));
		strikesLeft -= Math.max(1, times);
		if (times <= 0) continue;
		strikesByKind.set(kind.usesUp ?? kind.name, before + times);
		const { route, mostCalls } = random.weighted(kind.routes(shape));
		faults.push({
			kind: kind.name,
			route,
			skip: random.whole(0, Math.max(0, mostCalls - 1)),
			times,
			amount: random.share(),
		});
	}
	return faults;
}

function choiceOf(
	shape: Shape,
	{ faultKinds }: FaultVendor,
	isMeant: (kind: FaultKind) => boolean,
): Array<{ readonly kind: FaultKind; readonly weight: number }> {
	return faultKinds
		.filter((kind) => isMeant(kind) && kind.routes(shape).length > 0)
		.map((kind) => ({ kind, weight: kind.weight ?? 1 }));
}

function hopelessFault(shape: Shape, vendor: FaultVendor, random: Random): PlannedFault {
	const { kind } = random.weighted(choiceOf(shape, vendor, ({ mayLast }) => mayLast));
	const { route, mostCalls } = random.weighted(kind.routes(shape));
	const skip = random.whole(0, Math.max(0, mostCalls - 1));
	return { kind: kind.name, route, skip, times: 'always', amount: random.share() };
}
