/** One run with something hostile in it; follows from its seed alone, and from what the nodes say about themselves. */
import { personalAccount } from '../../cloud/dropbox/accounts';
import { Random } from '../../faults/campaign/random';
import type { BinaryMode, NodeUnderTest } from '../../engine/types';
import type { Baseline, PlannedItem } from '../baseline/baseline';
import { baselineOf } from '../baseline';
import type { Operation, Parameter } from '../operations';
import { storeOf } from '../stores';
import type { HostileBinary } from './binaries';
import { hostileBinary } from './binaries';
import type { HostileValue } from './values';
import { hostileDate, hostileValue, oddCollections, oddLocators } from './values';

export type HostileValues = Readonly<Record<string, HostileValue>>;

export interface FuzzedItem extends PlannedItem {
	readonly hostile: HostileValues;
	readonly binary?: HostileBinary;
}

export interface InputScenario extends Omit<Baseline, 'items'> {
	readonly seed: number;
	readonly store: BinaryMode;
	readonly onError: NonNullable<NodeUnderTest['onError']>;
	readonly parameters: readonly Parameter[];
	/** Set in the node itself, for all items. */
	readonly nodeWide: HostileValues;
	/** Mode of a resource locator whose value is hostile. */
	readonly modes: Readonly<Record<string, string>>;
	readonly items: readonly FuzzedItem[];
	/** What a hostile parameter is for the other items, where the baseline has nothing for it. */
	readonly samples: Readonly<Record<string, unknown>>;
	/** Parameters that differ from item to item. */
	readonly ownNames: readonly string[];
}

interface Mutation {
	readonly parameter: Parameter | undefined;
	readonly value: HostileValue | undefined;
	readonly binary: HostileBinary | undefined;
	readonly isNodeWide: boolean;
	readonly indexes: ReadonlySet<number>;
}

export function inputScenarioOf(seed: number, operations: readonly Operation[]): InputScenario {
	const random = new Random(seed);
	// Uploads have most of the parameters and most to lose.
	const weighted = operations.map((operation) => ({
		operation,
		weight: operation.operation === 'upload' ? 5 : 1,
	}));
	const { operation } = random.weighted(weighted);
	const count = itemCount(random);
	const baseline = baselineOf(operation, random, Math.max(1, count), seed);
	const mutations = withoutFieldsOfWholes(
		Array.from({ length: mutationCount(random) }, () =>
			mutationOf(operation, baseline, random),
		).filter(reachesNode),
	);
	const locators = operation.parameters.filter(({ property }) => isLocator(property));
	return {
		...baseline,
		seed,
		store: storeOf(seed),
		onError: random.pick([
			'continueRegularOutput',
			'continueRegularOutput',
			'continueErrorOutput',
			'stopWorkflow',
		]),
		parameters: operation.parameters,
		common: Object.assign({}, baseline.common, ...mutations.map(besideOf)) as Baseline['common'],
		nodeWide: valuesOf(mutations.filter(({ isNodeWide }) => isNodeWide)),
		modes: Object.fromEntries(
			locators.map(({ name, property }): [string, string] => [
				name,
				random.pick((property.modes ?? []).map((mode) => mode.name)),
			]),
		),
		samples: Object.fromEntries(
			mutations.flatMap(({ parameter }) =>
				parameter ? [[parameter.name, sampleOf(parameter)]] : [],
			),
		),
		ownNames: Object.keys(baseline.items[0]?.values ?? {}),
		items: baseline.items.slice(0, count).map((item, index) => {
			const own = mutations.filter(({ indexes, isNodeWide }) => !isNodeWide && indexes.has(index));
			const binary = own.find((mutation) => mutation.binary !== undefined)?.binary;
			return { ...item, hostile: valuesOf(own), ...(binary && { binary }) };
		}),
	};
}

/** A field has no place in a collection that is none. */
function withoutFieldsOfWholes(mutations: readonly Mutation[]): Mutation[] {
	const wholes = mutations.map(({ parameter }) => `${parameter?.name}.`);
	return mutations.filter(
		({ parameter }) => !wholes.some((whole) => parameter?.name.startsWith(whole)),
	);
}

/** Few as a rule; rarely so many that whatever is done for each shows. */
function itemCount(random: Random): number {
	if (random.chance(0.0004)) return 10_000;
	if (random.chance(0.003)) return 1_000;
	if (random.chance(0.03)) return random.whole(20, 60);
	if (random.chance(0.01)) return 0;
	return random.skewed(1, 7);
}

/** Now and then nothing is wrong, so that a baseline that fails is noticed. */
function mutationCount(random: Random): number {
	if (random.chance(0.04)) return 0;
	return random.chance(0.7) ? 1 : random.whole(2, 3);
}

function mutationOf(operation: Operation, { items }: Baseline, random: Random): Mutation {
	const indexes = hitBy(items.length, random);
	if (items[0]?.carriesFile && random.chance(0.22)) {
		const binary = hostileBinary(random);
		return { parameter: undefined, value: undefined, binary, isNodeWide: false, indexes };
	}
	const { parameter } = random.weighted(
		operation.parameters.map((candidate) => ({
			parameter: candidate,
			weight: DESTINATIONS.has(candidate.name) ? 4 : 1,
		})),
	);
	const all = new Set(items.keys());
	const isWhole = parameter.property.type === 'collection' || isOddLocator(parameter, random);
	const isNodeWide = random.chance(0.2) || isWhole;
	return {
		parameter,
		value: valueFor(parameter, isWhole, random),
		binary: undefined,
		isNodeWide,
		indexes: needsAll(parameter) ? all : indexes,
	};
}

/** A mistake with them puts a file where nobody looks for it. */
const DESTINATIONS = new Set(['folder', 'path', 'parentFolderId', 'fileName']);

/** What it needs beside it leaves the others without a value that works. */
function needsAll({ beside }: Parameter): boolean {
	return Object.keys(beside).some((other) => CHOICES.has(other));
}

/** Each makes n8n or the node ask for another parameter. */
const CHOICES = new Set(['source', 'ifExists', 'uploadAs', 'options.mode', 'options.partsFrom']);

/** A value that changes nothing. */
function sampleOf({ name, property }: Parameter): unknown {
	if (name === 'options.namespaceId') return personalAccount.homeNamespaceId;
	const { default: fallback } = property;
	// An expression stands in the field of the locator, not in its place.
	if (property.type === 'resourceLocator') return (fallback as { value?: unknown }).value ?? '';
	return typeof fallback === 'string' && fallback.startsWith('=') ? '' : fallback;
}

function hitBy(count: number, random: Random): ReadonlySet<number> {
	if (count === 0) return new Set();
	if (random.chance(0.15)) return new Set(Array.from({ length: count }, (_, index) => index));
	const first = random.chance(0.3) ? 0 : random.whole(0, count - 1);
	return new Set(random.chance(0.7) ? [first] : [first, random.whole(0, count - 1)]);
}

function valueFor({ name, property }: Parameter, isWhole: boolean, random: Random): HostileValue {
	if (isWhole) {
		const odd = property.type === 'collection' ? oddCollections : oddLocators;
		return random.chance(0.7) ? random.pick(odd) : hostileValue(random);
	}
	const isDate = property.type === 'dateTime' || /Modified|CreatedAt|Expires/.test(name);
	return isDate && random.chance(0.5) ? hostileDate(random) : hostileValue(random);
}

/**
 * What is saved in the node n8n looks at first: it takes a null for a field that was left empty, and stumbles over an
 * object that cannot become a text.
 */
function reachesNode({ isNodeWide, value }: Mutation): boolean {
	const json = value?.json;
	if (!isNodeWide || json === undefined) return true;
	return json !== null && !(typeof json === 'object' && Object.hasOwn(json, 'toString'));
}

function isOddLocator({ property }: Parameter, random: Random): boolean {
	return isLocator(property) && random.chance(0.3);
}

export function isLocator({ type }: Parameter['property']): boolean {
	return type === 'resourceLocator';
}

function valuesOf(mutations: readonly Mutation[]): HostileValues {
	return Object.fromEntries(
		mutations.flatMap(({ parameter, value }) =>
			parameter && value ? [[parameter.name, value]] : [],
		),
	);
}

function besideOf({ parameter }: Mutation): Readonly<Record<string, unknown>> {
	return parameter?.beside ?? {};
}
