import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isObject, isString } from '../json';

/** A collection of one item, such as Options; empty when nothing was added to it. */
export function collectionOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name = 'options',
): IDataObject {
	const value: unknown = context.getNodeParameter(name, itemIndex, {});
	return isObject(value) ? (value as IDataObject) : {};
}

/** A text of one item; empty when it is not set. An expression may give a number, such as a year. */
export function textOf(context: IExecuteFunctions, itemIndex: number, name: string): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '');
	return isString(value) || typeof value === 'number' ? String(value) : '';
}
