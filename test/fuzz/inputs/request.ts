/** A scenario as n8n gets it: parameters with expressions, and items with the values for them. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ItemSpec } from '../../engine/types';
import type { NodeRun } from '../../support/rig';
import type { PlannedItem } from '../baseline/baseline';
import type { FuzzedItem, InputScenario } from './scenario';
import { isLocator } from './scenario';
import type { HostileValue } from './values';

const RUN_DEADLINE_MS = 20_000;
const ITEM_DEADLINE_MS = 300;

/** Of runs in which nothing is hostile but the answers, too. */
type RequestedScenario = Omit<InputScenario, 'items' | 'ownNames' | 'store'> & {
	readonly items: ReadonlyArray<PlannedItem & Partial<Pick<FuzzedItem, 'binary' | 'hostile'>>>;
	readonly ownNames?: readonly string[];
};

type RequestedItem = RequestedScenario['items'][number];

/** `prepared`: what is known of each item only after the cloud was prepared, such as its session. */
export function requestOf(
	scenario: RequestedScenario,
	prepared: ReadonlyArray<IDataObject>,
): NodeRun {
	const { items, onError, operation, resource } = scenario;
	const values = items.map((item, index) => ({ ...item.values, ...prepared[index] }));
	const names = new Set([
		...Object.keys(scenario.common),
		...(scenario.ownNames ?? []),
		...values.flatMap((own) => Object.keys(own)),
		...Object.keys(scenario.nodeWide),
		...items.flatMap(({ hostile = {} }) => Object.keys(hostile)),
	]);
	const parameters: Record<string, unknown> = {};
	// A collection first, then its fields.
	for (const name of [...names].sort())
		setAt(parameters, name, parameterOf(scenario, values, name));
	return {
		resource,
		operation,
		parameters: parameters as INodeParameters,
		onError,
		items: items.map((item, index) => itemOf(scenario, item, values[index] ?? {})),
		timeoutMs: RUN_DEADLINE_MS + items.length * ITEM_DEADLINE_MS,
		workflowId: `fuzz-${scenario.seed}`,
	};
}

function parameterOf(
	{ common, items, modes, nodeWide, ownNames = [], parameters }: RequestedScenario,
	values: ReadonlyArray<Readonly<Record<string, unknown>>>,
	name: string,
): unknown {
	const property = parameters.find((parameter) => parameter.name === name)?.property;
	const isLocated = property !== undefined && isLocator(property);
	const whole = nodeWide[name];
	if (whole !== undefined) {
		if (!isLocated || whole.label.startsWith('locator: ')) return literal(whole);
		return { __rl: true, mode: modes[name], value: literal(whole) };
	}
	const isOwn =
		ownNames.includes(name) ||
		values.some((own) => name in own) ||
		items.some(({ hostile = {} }) => name in hostile);
	if (!isOwn) return common[name];
	const expression = perItem(items, name);
	if (!isLocated) return expression;
	const { mode = 'path' } = (common[name] ?? {}) as { mode?: string };
	return { __rl: true, mode, value: expression };
}

/** Saved with the workflow as it is, unless only an expression can make it. */
function literal({ expression, json }: HostileValue): unknown {
	return expression === undefined ? json : `={{ ${expression} }}`;
}

function perItem(items: readonly RequestedItem[], name: string): string {
	const indexes = new Map<string, number[]>();
	for (const [index, { hostile = {} }] of items.entries()) {
		const expression = hostile[name]?.expression;
		if (expression === undefined) continue;
		indexes.set(expression, [...(indexes.get(expression) ?? []), index]);
	}
	const worked = [...indexes].map(
		([expression, own]) => `${JSON.stringify(own)}.includes($itemIndex) ? ${expression} : `,
	);
	return `={{ ${worked.join('')}$json.v[${JSON.stringify(name)}] }}`;
}

function itemOf(
	{ common, samples }: RequestedScenario,
	{ binary, carriesFile, file, hostile = {} }: RequestedItem,
	values: Readonly<Record<string, unknown>>,
): ItemSpec {
	const given: Record<string, unknown> = {};
	for (const [name, value] of Object.entries({ ...samples, ...common, ...values }))
		given[name] = plain(value);
	for (const [name, { expression, json }] of Object.entries(hostile)) {
		if (expression === undefined) given[name] = json;
		else delete given[name];
	}
	const content = file.large
		? { generated: file.large }
		: { base64: Buffer.from(file.content).toString('base64') };
	const spec = { ...content, fileName: file.fileName, ...binary?.change };
	return { json: { v: given }, ...(carriesFile && { binary: { data: spec } }) };
}

/** Of a locator the value, as its mode stands in the node. */
function plain(value: unknown): unknown {
	const isLocated = typeof value === 'object' && value !== null && '__rl' in value;
	return isLocated ? (value as { value?: unknown }).value : value;
}

/** `options.rev` goes into the collection, unless that is hostile as a whole. */
function setAt(parameters: Record<string, unknown>, name: string, value: unknown): void {
	const [first = '', field] = name.split('.');
	if (field === undefined) {
		parameters[first] = value;
		return;
	}
	if (!(first in parameters)) parameters[first] = {};
	const collection = parameters[first];
	const isPlain =
		typeof collection === 'object' && collection !== null && !Array.isArray(collection);
	if (isPlain) (collection as Record<string, unknown>)[field] = value;
}
