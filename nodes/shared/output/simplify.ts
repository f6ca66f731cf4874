import type { IDataObject } from 'n8n-workflow';

import { success } from '../failure';
import { isCount, isObject, isString, toJson } from '../json';
import { Turns } from '../turns';
import type { ItemResult } from './toItems';

/** The few fields of a response that workflows go on with; undefined for what is none, which stays as it is. */
export type Simplifier = (response: IDataObject) => IDataObject | undefined;

/** The results whose item asks for it, simplified. Failures, reports, plans and jobs stay as they are. */
export async function simplifyResults(
	results: readonly ItemResult[],
	simplifier: Simplifier,
	isAskedBy: (itemIndex: number) => boolean,
): Promise<ItemResult[]> {
	const turns = new Turns();
	const simplified: ItemResult[] = [];
	for (const result of results) {
		await turns.next();
		const { itemIndexes, outcome } = result;
		const isAsked = outcome.ok && isAskedBy(itemIndexes[0] ?? -1);
		const value = isAsked ? simplifier(outcome.value) : undefined;
		simplified.push(value === undefined ? result : { ...result, outcome: success(value) });
	}
	return simplified;
}

/** What became of a file; `skipped` is the node's own note in the whole response. */
export function statusOf({ skipped }: IDataObject): 'uploaded' | 'unchanged' | 'skipped' {
	if (skipped === 'unchanged') return 'unchanged';
	return skipped === undefined ? 'uploaded' : 'skipped';
}

/** The URL of a file's shared link, and why there is none where one was wanted. */
export function linkOf({ shared_link: link, shared_link_error: error }: IDataObject): IDataObject {
	if (isObject(link) && isString(link.url)) return { link: link.url };
	return error === undefined ? {} : { link: null, shared_link_error: error };
}

/** Texts, counts and lists; a response may lack any, or hold something else. */
export function fieldsOf(fields: Readonly<Record<string, unknown>>): IDataObject {
	const isUsual = (value: unknown): boolean =>
		isString(value) || isCount(value) || Array.isArray(value);
	return toJson(Object.fromEntries(Object.entries(fields).filter(([, value]) => isUsual(value))));
}
