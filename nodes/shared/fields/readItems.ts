import type { IExecuteFunctions } from 'n8n-workflow';
import {
	ExpressionError,
	NodeApiError,
	NodeOperationError,
	OperationalError,
	UserError,
	WorkflowOperationError,
} from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { failed, success } from '../failure';
import { isString, quotable } from '../json';
import { Turns } from '../turns';
import { InputProblem } from './inputProblem';
import { readSimplify } from './simplify';

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
	const turns = new Turns();
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		await turns.next();
		try {
			readSimplify(context, itemIndex);
			outcomes.push(success(await read(itemIndex)));
		} catch (error) {
			outcomes.push(failed(problemOf(error, vendor)));
		}
	}
	return outcomes;
}

/** What is wrong with parameters, for whatever reading them threw. */
export function problemOf(error: unknown, vendor: Failure['vendor']): Failure {
	if (error instanceof InputProblem) return error.toFailure(vendor);
	return new InputProblem(
		'parameters',
		"n8n couldn't evaluate this item's parameters",
		'Check the expressions and the input of this item.',
		n8nText(error),
	).toFailure(vendor);
}

const N8N_ERRORS = [
	ExpressionError,
	NodeOperationError,
	NodeApiError,
	OperationalError,
	UserError,
	WorkflowOperationError,
];

/** What n8n says is for people; what JavaScript says is not. */
function n8nText(error: unknown): string | undefined {
	if (!(error instanceof Error) || !N8N_ERRORS.some((type) => error instanceof type))
		return undefined;
	const more = 'description' in error && isString(error.description) ? ` ${error.description}` : '';
	return quotable(`${error.message}${more}`);
}
