import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { InputProblem } from './inputProblem';
import { collectionOf } from './parameters';

/**
 * Reads the parameters of every item before the first request. A mistake in one item is that item's
 * failure alone.
 */
export async function readItems<T>(
	context: IExecuteFunctions,
	vendor: Failure['vendor'],
	read: (itemIndex: number) => T | Promise<T>,
): Promise<Array<Outcome<T>>> {
	const outcomes: Array<Outcome<T>> = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			outcomes.push(success(await read(itemIndex)));
		} catch (error) {
			outcomes.push(failed(problemOf(error, vendor)));
		}
	}
	return outcomes;
}

/** An option that holds for the whole run: the first item decides whose options can be worked out. */
export function optionOf(context: IExecuteFunctions, name: string): unknown {
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			return collectionOf(context, itemIndex)[name];
		} catch {
			// It is told as the failure of its item.
		}
	}
	return undefined;
}

/** What is wrong with parameters, for whatever reading them threw. */
export function problemOf(error: unknown, vendor: Failure['vendor']): Failure {
	if (error instanceof InputProblem) return error.toFailure(vendor);
	const isNodeError = error instanceof NodeOperationError || error instanceof NodeApiError;
	const text = error instanceof Error ? error.message : 'Unknown reason';
	return new InputProblem(
		'parameters',
		'n8n could not work out the parameters of this item',
		'Check the expressions and the input of this item.',
		isNodeError && error.description ? `${text} ${error.description}` : text,
	).toFailure(vendor);
}
