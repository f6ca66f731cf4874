/** What the built nodes say about themselves: a new operation or parameter is fuzzed as soon as it is described. */
import { join } from 'node:path';

import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { repositoryDir } from '../support/freshBuild';

export type VendorName = 'Dropbox' | 'Box';

/** One parameter, or one field of a collection. */
export interface Parameter {
	/** `options.rev` for a field of Options. */
	readonly name: string;
	readonly property: INodeProperties;
	/** What has to be set beside it, or n8n drops its value. */
	readonly beside: Readonly<Record<string, unknown>>;
}

export interface Operation {
	readonly vendor: VendorName;
	readonly resource: string;
	readonly operation: string;
	readonly parameters: readonly Parameter[];
}

/**
 * They decide which operation runs with which sign-in. Simplify decides only what comes out: half of the seeds have
 * it, and test/nodes/everyParameter.test.ts gives it hostile values.
 */
const NOT_FUZZED = ['resource', 'operation', 'authentication', 'simplify'];

interface NodeClass {
	new (): { readonly description: INodeTypeDescription };
}

export function builtOperations(): Operation[] {
	return (['Dropbox', 'Box'] as const).flatMap((vendor) => {
		const name = `${vendor}Upload`;
		const file = join(repositoryDir, 'dist', 'nodes', name, `${name}.node.js`);
		// eslint-disable-next-line @typescript-eslint/no-require-imports
		const module = require(file) as Record<string, NodeClass>;
		const Node = module[name];
		if (Node === undefined) throw new Error(`${file} exports no ${name}`);
		return operationsOf(vendor, new Node().description.properties);
	});
}

function operationsOf(vendor: VendorName, properties: readonly INodeProperties[]): Operation[] {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			valuesOf(displayOptions?.show?.resource).flatMap((resource) =>
				options.flatMap((option) => {
					const operation = 'value' in option ? String(option.value) : '';
					const parameters = parametersOf(properties, { resource, operation });
					return [{ vendor, resource, operation, parameters }];
				}),
			),
		);
}

function parametersOf(
	properties: readonly INodeProperties[],
	chosen: Readonly<Record<string, string>>,
): Parameter[] {
	return properties
		.filter(({ name, type }) => type !== 'notice' && !NOT_FUZZED.includes(name))
		.filter(({ displayOptions }) =>
			Object.entries(chosen).every(([name, value]) => {
				const shown = valuesOf(displayOptions?.show?.[name]);
				return shown.length === 0 || shown.includes(value);
			}),
		)
		.flatMap((property) => [
			{ name: property.name, property, beside: besideOf(property, chosen) },
			...(property.type === 'collection' ? fieldsOf(property) : []),
		]);
}

function fieldsOf(collection: INodeProperties): Parameter[] {
	return ((collection.options ?? []) as INodeProperties[]).map((property) => ({
		name: `${collection.name}.${property.name}`,
		property,
		beside: Object.fromEntries(
			Object.entries(besideOf(property, {})).map(([name, value]) => [
				name.startsWith('/') ? name.slice(1) : `${collection.name}.${name}`,
				value,
			]),
		),
	}));
}

function besideOf(
	{ displayOptions }: INodeProperties,
	chosen: Readonly<Record<string, string>>,
): Record<string, unknown> {
	const conditions = Object.entries(displayOptions?.show ?? {});
	return Object.fromEntries(
		conditions
			.filter(([name]) => !(name.replace('/', '') in chosen) && !name.startsWith('@'))
			.map(([name, values]) => [name, values?.[0] as unknown]),
	);
}

function valuesOf(condition: unknown): string[] {
	return Array.isArray(condition) ? condition.map(String) : [];
}
