import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { firstReadable, textOf } from '../fields/parameters';
import { isSimplified, offerSimplify } from '../fields/simplify';
import { simplifyResults } from '../output/simplify';
import type { ItemResult } from '../output/toItems';
import { toItems } from '../output/toItems';
import type { Operation } from './operation';
import { findOperation } from './operation';

/** Runs the chosen operation over all input items and turns its outcomes into output items. */
export async function executeNode<Run>(
	context: IExecuteFunctions,
	operations: ReadonlyArray<Operation<Run>>,
	createRun: (context: IExecuteFunctions) => Run | Promise<Run>,
): Promise<INodeExecutionData[][]> {
	const { resource, value } = firstReadable(context, (itemIndex) => ({
		resource: textOf(context, itemIndex, 'resource', 'Resource'),
		value: textOf(context, itemIndex, 'operation', 'Operation'),
	})) ?? { resource: '', value: '' };
	const operation = findOperation(operations, resource, value);
	if (operation === undefined) {
		throw new NodeOperationError(
			context.getNode(),
			"This version of the node doesn't have the chosen operation",
			{
				description: `Resource "${resource}", operation "${value}". Update the package n8n-nodes-upload-sessions, or choose another operation.`,
			},
		);
	}
	return [toItems(context, await resultsOf(operation, context, createRun))];
}

/** What an operation makes of all input items, simplified where an item asks for it. */
export async function resultsOf<Run>(
	operation: Operation<Run>,
	context: IExecuteFunctions,
	createRun: (context: IExecuteFunctions) => Run | Promise<Run>,
): Promise<ItemResult[]> {
	const { simplify } = operation;
	if (simplify === undefined) return await operation.execute(await createRun(context));
	offerSimplify(context);
	const results = await operation.execute(await createRun(context));
	return await simplifyResults(results, simplify, (itemIndex) => isSimplified(context, itemIndex));
}
