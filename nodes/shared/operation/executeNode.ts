import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Failure } from '../failure';
import { failed, success } from '../failure';
import { InputProblem } from '../fields/inputProblem';
import { firstReadable, textOf } from '../fields/parameters';
import { isSimplified, offerSimplify } from '../fields/simplify';
import { internalFailure, outcomeOf } from '../net';
import { simplifyResults } from '../output/simplify';
import type { ItemResult } from '../output/toItems';
import { toItems } from '../output/toItems';
import type { Operation } from './operation';
import { findOperation } from './operation';

/**
 * Runs the chosen operation over all input items and turns its outcomes into output items. With On Error set to
 * Continue it throws nothing: n8n would pass the input items on as if all of them had succeeded.
 */
export async function executeNode<Run>(
	context: IExecuteFunctions,
	vendor: Failure['vendor'],
	operations: ReadonlyArray<Operation<Run>>,
	createRun: (context: IExecuteFunctions) => Run | Promise<Run>,
): Promise<INodeExecutionData[][]> {
	const { resource, value } = firstReadable(context, (itemIndex) => ({
		resource: textOf(context, itemIndex, 'resource', 'Resource'),
		value: textOf(context, itemIndex, 'operation', 'Operation'),
	})) ?? { resource: '', value: '' };
	const operation = findOperation(operations, resource, value);
	const all = (failure: Failure): ItemResult[] =>
		context.getInputData().map((_, item) => ({ itemIndexes: [item], outcome: failed(failure) }));
	if (operation === undefined) {
		const problem = new InputProblem(
			'operation',
			"This version of the node doesn't have the chosen operation",
			'Update the package n8n-nodes-upload-sessions, or choose another operation.',
			`Resource "${resource}", operation "${value}"`,
		);
		return [toItems(context, all(problem.toFailure(vendor)))];
	}
	const work = async () => await resultsOf(operation, context, createRun);
	if (!context.continueOnFail()) return [toItems(context, await work())];
	const ended = await outcomeOf(
		async () => success(await work()),
		(error) => ({ ...internalFailure(vendor, error), stored: 'unknown' }),
	);
	return [toItems(context, ended.ok ? ended.value : all(ended.failure))];
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
