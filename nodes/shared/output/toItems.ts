import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { descriptionOf, errorItemJson, errorJson } from './errorItem';

/** One output item and the input items that it belongs to. */
export interface ItemResult {
	readonly itemIndexes: readonly number[];
	readonly outcome: Outcome<IDataObject>;
	/** Whether the input item's files go along, for an operation that the next one works on with the same file. */
	readonly keepsBinary?: boolean;
}

const MAX_NAMED_FAILURES = 20;

/** By the first of the input items that each belongs to. */
export function inInputOrder(results: readonly ItemResult[]): ItemResult[] {
	const first = ({ itemIndexes }: ItemResult): number => itemIndexes[0] ?? 0;
	return [...results].sort((one, other) => first(one) - first(other));
}

/**
 * The only place where failures leave as n8n errors. With Continue On Fail or an error output each
 * failed item says so itself; otherwise one error names the first, and lists the others.
 */
export function toItems(
	context: IExecuteFunctions,
	results: readonly ItemResult[],
): INodeExecutionData[] {
	if (!context.continueOnFail()) {
		const failures = results.filter(isFailed);
		if (failures[0] !== undefined) throw nodeError(context, failures, results.length);
	}
	const inputs = context.getInputData();
	return results.map(({ itemIndexes, outcome, keepsBinary }) => {
		const input = keepsBinary ? inputs[itemIndexes[0] ?? -1] : undefined;
		const binary = input?.binary;
		const files = input?.json._files;
		return {
			json: {
				...(outcome.ok ? outcome.value : errorItemJson(outcome.failure)),
				// Where n8n keeps files in workflows with settings.binaryMode "combined".
				...(files !== undefined && { _files: files }),
			},
			...(binary && { binary }),
			pairedItem: pairedItemOf(itemIndexes),
		};
	});
}

type FailedResult = ItemResult & {
	readonly outcome: { readonly ok: false; readonly failure: Failure };
};

function isFailed(result: ItemResult): result is FailedResult {
	return !result.outcome.ok;
}

function nodeError(
	context: IExecuteFunctions,
	failures: readonly FailedResult[],
	total: number,
): NodeApiError {
	const [first] = failures as [FailedResult, ...FailedResult[]];
	const { failure } = first.outcome;
	return new NodeApiError(
		context.getNode(),
		{ error: { ...errorJson(failure) } },
		{
			message: failure.message,
			description: descriptionOfAll(failures, total),
			itemIndex: first.itemIndexes[0],
			...(failure.status !== undefined && { httpCode: String(failure.status) }),
		},
	);
}

function descriptionOfAll(failures: readonly FailedResult[], total: number): string {
	const [first, ...others] = failures as [FailedResult, ...FailedResult[]];
	const description = descriptionOf(first.outcome.failure);
	if (others.length === 0)
		return total > 1 ? `${description} The other items went through.` : description;
	const lines = others.slice(0, MAX_NAMED_FAILURES).map(({ itemIndexes, outcome: { failure } }) => {
		const about = failure.subject === undefined ? '' : ` (${failure.subject})`;
		return `Item ${itemIndexes.join(', ')}${about}: ${failure.message}, ${failure.path}.`;
	});
	const unnamed = others.length - lines.length;
	return [
		description,
		`${failures.length} of ${total} failed. The others are:`,
		...lines,
		...(unnamed > 0 ? [`and ${unnamed} more.`] : []),
	].join(' ');
}

function pairedItemOf(itemIndexes: readonly number[]): INodeExecutionData['pairedItem'] {
	const [only] = itemIndexes;
	return itemIndexes.length === 1 && only !== undefined
		? { item: only }
		: itemIndexes.map((item) => ({ item }));
}
