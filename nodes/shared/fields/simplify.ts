import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { flagOf } from './parameters';

/** n8n's own name, label and description: docs.n8n.io, UX guidelines, "Simplifying output parameters". */
const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: false,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** On for the operations that people use most. */
export const simplifyFields: readonly INodeProperties[] = [{ ...simplifyField, default: true }];

/** Off, as a response is what such an operation is for; on where an AI agent reads it. */
export const simplifyForAgentsFields: readonly INodeProperties[] = [
	{ ...simplifyField, displayOptions: { hide: { '@tool': [true] } } },
	{ ...simplifyField, default: true, displayOptions: { show: { '@tool': [true] } } },
];

/** What each item of a run wants, of those operations alone that have the parameter. */
const linkRequests = new WeakMap<IExecuteFunctions, Map<number, boolean>>();

/** Has the parameter read with the others of each item. */
export function offerSimplify(context: IExecuteFunctions): void {
	linkRequests.set(context, new Map());
}

/** Reads the parameter of one item, where it is offered. Throws InputProblem. */
export function readSimplify(context: IExecuteFunctions, itemIndex: number): void {
	linkRequests.get(context)?.set(itemIndex, flagOf(context, itemIndex, 'simplify', 'Simplify'));
}

/** As it was read. */
export function isSimplified(context: IExecuteFunctions, itemIndex: number): boolean {
	return linkRequests.get(context)?.get(itemIndex) ?? false;
}
