import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { descriptionOf, documentationUrl, errorItemJson, errorJson } from './errorItem';

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
	const [first, ...others] = results.filter(isFailed);
	if (first !== undefined) {
		const failures: Failures = [first, ...others];
		if (!context.continueOnFail()) throw nodeError(context, failures, results.length);
		warnOf(context, failures.length, results.length);
	}
	const inputs = context.getInputData();
	return results.map(({ itemIndexes, outcome, keepsBinary }) => {
		const input = keepsBinary ? inputs[itemIndexes[0] ?? -1] : undefined;
		const binary = input?.binary;
		const files = input?.json._files;
		return {
			json: {
				...(outcome.ok ? outcome.value : errorItemJson(outcome.failure)),
				// Where n8n keeps files in workflows with settings.binaryMode "combined". An item with another field beside
				// its error counts as successful in n8n, and would not reach the error output.
				...(outcome.ok && files !== undefined && { _files: files }),
			},
			...(binary && { binary }),
			pairedItem: pairedItemOf(itemIndexes),
		};
	});
}

/** n8n shows a node that continues after failures in green. */
function warnOf(context: IExecuteFunctions, failures: number, total: number): void {
	const message = `${failures} of ${total} items failed. The output says why, under error.`;
	context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
}

type FailedResult = ItemResult & {
	readonly outcome: { readonly ok: false; readonly failure: Failure };
};

type Failures = readonly [FailedResult, ...FailedResult[]];

function isFailed(result: ItemResult): result is FailedResult {
	return !result.outcome.ok;
}

function nodeError(context: IExecuteFunctions, failures: Failures, total: number): NodeApiError {
	const [first] = failures;
	const { failure } = first.outcome;
	const description = descriptionOfAll(failures, total);
	const error = new NodeApiError(
		context.getNode(),
		{ error: { ...errorJson(failure) } },
		{
			message: failure.message,
			// n8n shows a description as HTML, as its own nodes use it for links.
			description: `${description} <a href="${documentationUrl(failure)}" target="_blank">About this error</a>`,
			itemIndex: first.itemIndexes[0],
			...(failure.status !== undefined && { httpCode: String(failure.status) }),
		},
	);
	// Not given to n8n's constructor, which replaces a message that names a system error by one of its own.
	if (isTool(context)) error.message = `${failure.message}. ${description}`;
	return error;
}

/** Of an agent's tool n8n makes a node of this name, and its model gets the message of an error alone. */
function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

/** n8n shows the index of the failed item, and numbers its panels from 1. */
const COUNTED_FROM_0 = 'n8n counts items from 0.';

/** The first failure in full, then which other items failed and why, each reason once. */
function descriptionOfAll(failures: Failures, total: number): string {
	const [first, ...others] = failures;
	const description = closed(descriptionOf(first.outcome.failure), total);
	if (others.length === 0)
		return total > 1 ? `${description} The other items succeeded. ${COUNTED_FROM_0}` : description;
	const isSame = groupsOf(failures).size === 1;
	const areAll = failures.length === total;
	const count = areAll
		? `All ${total} items failed`
		: `${failures.length} of ${total} items failed`;
	// A wrong option: which items those are is no question then.
	if (isSame && areAll && others.every((other) => subjectOf(other) === subjectOf(first))) {
		return `${description} ${count} for this reason.`;
	}
	const groups = [...groupsOf(others).values()];
	const [group] = groups;
	if (group !== undefined && isSame) {
		return `${description} ${count} for this reason. ${COUNTED_FROM_0} The others are: ${itemsOf(group)}.`;
	}
	const lines = groups.flatMap((group) => (group.named.length === 0 ? [] : [lineOf(group)]));
	const unnamed = groups
		.filter(({ named }) => named.length === 0)
		.reduce((sum, group) => sum + group.unnamed, 0);
	return [
		description,
		`${count}. ${COUNTED_FROM_0} The others are:`,
		...lines,
		...(unnamed > 0 ? [`and ${unnamed} more.`] : []),
	].join(' ');
}

/** A request ID ends a description, and nothing may run into it. */
function closed(description: string, total: number): string {
	return total === 1 || /[.!?…]$/.test(description) ? description : `${description}.`;
}

/** Items that failed for one reason. */
interface Group {
	readonly failure: Failure;
	readonly named: string[];
	unnamed: number;
}

function subjectOf({ outcome: { failure } }: FailedResult): string | undefined {
	return failure.subject;
}

function reasonOf({ outcome: { failure } }: FailedResult): string {
	return `${failure.message}, ${failure.code}`;
}

function groupsOf(failures: readonly FailedResult[]): Map<string, Group> {
	const groups = new Map<string, Group>();
	let named = 0;
	for (const result of failures) {
		const { failure } = result.outcome;
		const group = groups.get(reasonOf(result)) ?? { failure, named: [], unnamed: 0 };
		groups.set(reasonOf(result), group);
		if (named >= MAX_NAMED_FAILURES) {
			group.unnamed += 1;
			continue;
		}
		named += 1;
		const { subject } = failure;
		const about = subject === undefined ? '' : ` (${shortened(subject)})`;
		group.named.push(`${result.itemIndexes.slice(0, MAX_NAMED_FAILURES).join(', ')}${about}`);
	}
	return groups;
}

function lineOf(group: Group): string {
	return `${itemsOf(group)}: ${group.failure.message}, ${group.failure.code}.`;
}

/** E.g. `Items 3 (/a.txt), 5 (/b.txt) and 281 more`. */
function itemsOf({ named, unnamed }: Group): string {
	const items = named.length + unnamed === 1 ? 'Item' : 'Items';
	return `${items} ${named.join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`;
}

const MAX_SUBJECT_CHARACTERS = 120;

function shortened(text: string): string {
	return text.length > MAX_SUBJECT_CHARACTERS
		? `${text.slice(0, MAX_SUBJECT_CHARACTERS).toWellFormed()}…`
		: text;
}

function pairedItemOf(itemIndexes: readonly number[]): INodeExecutionData['pairedItem'] {
	const [only] = itemIndexes;
	return itemIndexes.length === 1 && only !== undefined
		? { item: only }
		: itemIndexes.map((item) => ({ item }));
}
