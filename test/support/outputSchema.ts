/** JSON Schemas of output items, as n8n's own nodes have them below __schema__: types and fields, nothing else. */
import type { IDataObject } from 'n8n-workflow';

export interface OutputSchema {
	type: string;
	properties?: Record<string, OutputSchema>;
	items?: OutputSchema;
}

/** The schema of one value, by an example; undefined for what tells no type, such as null and an empty list. */
function schemaOf(value: unknown): OutputSchema | undefined {
	if (value === null || value === undefined) return undefined;
	if (Array.isArray(value)) {
		const items = value.map(schemaOf).reduce(merged, undefined);
		return items && { type: 'array', items };
	}
	if (typeof value === 'object') return schemaOfObject(value);
	return { type: Number.isInteger(value) ? 'integer' : typeof value };
}

function schemaOfObject(value: object): OutputSchema {
	const properties = Object.entries(value)
		.map(([name, field]) => [name, schemaOf(field)] as const)
		.filter((entry): entry is [string, OutputSchema] => entry[1] !== undefined);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

/** What both examples have, and what either has; they may not disagree. */
function merged(one: OutputSchema | undefined, other: OutputSchema | undefined) {
	if (one === undefined || other === undefined) return one ?? other;
	if (one.type !== other.type)
		throw new Error(`A field is ${one.type} here and ${other.type} there`);
	const both: OutputSchema = { type: one.type };
	const items = merged(one.items, other.items);
	if (items !== undefined) both.items = items;
	if (one.properties !== undefined || other.properties !== undefined) {
		const [first, second] = [one.properties ?? {}, other.properties ?? {}];
		const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
		both.properties = Object.fromEntries(
			names.map((name) => [name, merged(first[name], second[name])!]),
		);
	}
	return both;
}

/** Fields in alphabetical order; `version` is n8n's, of the form of the file. */
export function schemaOfItems(items: readonly IDataObject[]): OutputSchema & { version: number } {
	const schema = items.map(schemaOf).reduce(merged, undefined);
	if (schema === undefined) throw new Error('No item tells a type');
	return { ...inOrder(schema), version: 1 };
}

function inOrder({ type, properties, items }: OutputSchema): OutputSchema {
	const names = Object.keys(properties ?? {}).sort();
	return {
		type,
		...(items && { items: inOrder(items) }),
		...(properties && {
			properties: Object.fromEntries(names.map((name) => [name, inOrder(properties[name]!)])),
		}),
	};
}
