/** What the items of a run say, and whether a failed one says it in the documented form. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { RunResult } from '../../engine/types';

/** Half of the runs say what the node says by default; a seed says the same run with both. */
export const isSimplified = (seed: number): boolean => Math.floor(seed / 8) % 2 === 0;

export interface FailureClaim {
	readonly path: string;
	readonly message: string;
	readonly description: string;
	readonly class: string;
	readonly retryable: boolean;
	readonly stored: 'yes' | 'no' | 'unknown';
	readonly vendor: string;
	readonly status?: number;
	readonly requestId?: string;
	readonly documentationUrl: string;
	readonly resume?: Readonly<Record<string, string | number>>;
}

export type Claim =
	| { readonly kind: 'stored'; readonly json: IDataObject }
	| { readonly kind: 'skipped'; readonly json: IDataObject }
	| { readonly kind: 'failed'; readonly error: FailureClaim }
	/** The run ended without telling: cancelled, stopped by another item, or with a job that goes on. */
	| { readonly kind: 'silent' };

export interface Claims {
	readonly claims: readonly Claim[];
	readonly violations: readonly string[];
}

interface ClaimOptions {
	/** Fields of the input items, which n8n leaves in what goes to an error output. */
	readonly inputFields?: readonly string[];
	/** Whether an item may come out as more than one. */
	readonly hasSeveral?: boolean;
}

/** One claim for each input item, whichever output it left by; of a run that stops, the one item that it tells of. */
export function claimsOf(
	result: RunResult,
	count: number,
	{ inputFields = [], hasSeveral = false }: ClaimOptions = {},
): Claims {
	const violations: string[] = [];
	const claims = new Map<number, Claim>();
	for (const [output, items] of result.outputs.entries()) {
		let last = -1;
		for (const item of items) {
			const claim = claimIn(item.json);
			const indexes = inputsOf(item);
			const isOwn = (index: number): boolean =>
				index < count && (!claims.has(index) || (hasSeveral && index === last));
			if (indexes.length === 0 || !indexes.every(isOwn)) {
				violations.push(`an item leaves output ${output} that belongs to no input item of its own`);
				continue;
			}
			for (const index of indexes) {
				if (index < last) violations.push(`item ${index} comes out of order`);
				last = index;
				claims.set(index, claim);
			}
			if (claim.kind !== 'failed') continue;
			violations.push(...formOf(claim.error, last));
			const fields = Object.keys(item.json).filter((name) => !inputFields.includes(name));
			if (fields.join() !== 'error') violations.push(`item ${last} has more than \`error\``);
		}
	}
	const silent: Claim = { kind: 'silent' };
	const told = result.outputs.flat().length > 0;
	const stop = stopOf(result);
	if (stop !== undefined) {
		const { itemIndex, error } = stop;
		if (itemIndex >= count) violations.push(`the run stopped at item ${itemIndex} of ${count}`);
		claims.set(itemIndex, { kind: 'failed', error });
		violations.push(...formOf(error, itemIndex));
	}
	if (told && claims.size !== count) violations.push(`${claims.size} items came out of ${count}`);
	return {
		claims: Array.from({ length: count }, (_, index) => claims.get(index) ?? silent),
		violations,
	};
}

/** Why a run has stopped, as far as it says so. */
export function stopOf({
	error,
}: RunResult): { readonly itemIndex: number; readonly error: FailureClaim } | undefined {
	const { itemIndex, errorResponse } = (error ?? {}) as {
		itemIndex?: number;
		errorResponse?: { error?: Partial<FailureClaim> };
	};
	const told = errorResponse?.error;
	if (itemIndex === undefined || told?.path === undefined) return undefined;
	return { itemIndex, error: told as FailureClaim };
}

/** Of a job that goes on, all items that it is for. */
function inputsOf({ pairedItem = [] }: INodeExecutionData): number[] {
	return [pairedItem].flat().map((paired) => (typeof paired === 'object' ? paired.item : paired));
}

function claimIn(json: IDataObject): Claim {
	if (json.error !== undefined) {
		return { kind: 'failed', error: json.error as unknown as FailureClaim };
	}
	if (typeof json.async_job_id === 'string') return { kind: 'silent' };
	return { kind: isSkipped(json) ? 'skipped' : 'stored', json };
}

/** In the whole response, or in the simplified one. */
function isSkipped(json: IDataObject): boolean {
	return json.skipped !== undefined || json.status === 'skipped' || isUnchanged(json);
}

/** What is there has the content of the item. */
export function isUnchanged({ skipped, status }: IDataObject): boolean {
	return skipped === 'unchanged' || status === 'unchanged';
}

const CLASSES = ['transient', 'user', 'input', 'internal'];
const REQUIRED = [
	...['path', 'message', 'description', 'class', 'retryable', 'stored', 'vendor'],
	'documentationUrl',
];
const OPTIONAL = ['status', 'requestId', 'resume'];

/** The documented form of `error`. */
function formOf(error: FailureClaim, index: number): string[] {
	const names = Object.keys(error);
	const checks: Array<[boolean, string]> = [
		[REQUIRED.every((name) => names.includes(name)), `lacks a field: ${names.join()}`],
		[names.every((name) => [...REQUIRED, ...OPTIONAL].includes(name)), `has more: ${names.join()}`],
		[/^\S+$/.test(error.path), 'has no path'],
		[
			/^(n8n|'?[A-Z])[^\n]{8,}[^.]$/.test(error.message),
			`has no readable message: ${error.message}`,
		],
		[error.description.length > 10, 'has no description'],
		[CLASSES.includes(error.class), `has an unknown class: ${error.class}`],
		[error.retryable === (error.class === 'transient'), 'is retryable against its class'],
		[['yes', 'no', 'unknown'].includes(error.stored), `has stored: ${error.stored}`],
		[error.status === undefined || Number.isInteger(error.status), 'has a status that is none'],
		[
			Object.values(error.resume ?? {}).every((value) =>
				['string', 'number'].includes(typeof value),
			),
			'has a resume that is no flat record',
		],
	];
	return checks.flatMap(([holds, what]) => (holds ? [] : [`the error of item ${index} ${what}`]));
}
