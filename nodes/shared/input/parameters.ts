import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isObject, isString } from '../json';

/** n8n works expressions out anew at each reading, and thousands of items have one collection each. */
const collections = new WeakMap<IExecuteFunctions, Map<string, IDataObject>>();

/** A collection of one item, such as Options; empty when nothing was added to it. */
export function collectionOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name = 'options',
): IDataObject {
	const ofContext = collections.get(context) ?? new Map<string, IDataObject>();
	collections.set(context, ofContext);
	const key = `${name} ${itemIndex}`;
	const known = ofContext.get(key);
	if (known !== undefined) return known;
	const value: unknown = context.getNodeParameter(name, itemIndex, {});
	const collection = isObject(value) ? (value as IDataObject) : {};
	ofContext.set(key, collection);
	return collection;
}

/** A text of one item; empty when it is not set. An expression may give a number, such as a year. */
export function textOf(context: IExecuteFunctions, itemIndex: number, name: string): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	return isString(value) || typeof value === 'number' ? String(value) : '';
}
