import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Simplifier } from '../output/simplify';
import type { ItemResult } from '../output/toItems';

/** One row of a node's table: list entry, parameters and dispatch derive from it. */
export interface Operation<Run> {
	readonly resource: string;
	/** Stored in workflows; never changes. */
	readonly value: string;
	readonly name: string;
	readonly action: string;
	readonly description: string;
	readonly properties: readonly INodeProperties[];
	execute(run: Run): Promise<ItemResult[]>;
	/** For an operation with the parameter Simplify. */
	readonly simplify?: Simplifier;
}

export interface Resource {
	readonly value: string;
	readonly name: string;
}

/** The node's parameters: resource, one operation list per resource, then each operation's own. */
export function propertiesOf<Run>(
	resources: readonly Resource[],
	operations: ReadonlyArray<Operation<Run>>,
	defaults: { readonly resource: string; readonly operation: Readonly<Record<string, string>> },
): INodeProperties[] {
	const { resource: defaultResource } = defaults;
	const resourceList: INodeProperties = {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: defaultResource,
	};
	const operationList = (resource: string, defaultOperation: string): INodeProperties => ({
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.filter((operation) => operation.resource === resource).map(listEntry),
		default: defaultOperation,
	});
	const operationLists = resources.map(({ value }) =>
		operationList(value, defaults.operation[value] ?? ''),
	);
	return [resourceList, ...operationLists, ...operations.flatMap(shownFor)];
}

export function findOperation<Run>(
	operations: ReadonlyArray<Operation<Run>>,
	resource: string,
	value: string,
): Operation<Run> | undefined {
	return operations.find(
		(operation) => operation.resource === resource && operation.value === value,
	);
}

function listEntry<Run>({
	name,
	value,
	action,
	description,
}: Operation<Run>): INodePropertyOptions {
	return { name, value, action, description };
}

function shownFor<Run>({ resource, value, properties }: Operation<Run>): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: {
			...property.displayOptions,
			show: { ...property.displayOptions?.show, resource: [resource], operation: [value] },
		},
	}));
}
