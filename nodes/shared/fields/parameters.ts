import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../json';
import { choice, flag, text, wrongKind } from './readers';

/** n8n works expressions out anew at each reading, and thousands of items have one collection each. */
const collections = new WeakMap<IExecuteFunctions, Map<string, IDataObject>>();

const LABELS: Readonly<Record<string, string>> = { options: 'Options', attributes: 'File Details' };

/**
 * A collection of one item, such as Options; empty when nothing was added to it. What was added and
 * worked out to nothing is there, as undefined: see `added`. Throws InputProblem.
 */
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
	if (!isObject(value)) throw wrongKind(value, name, LABELS[name] ?? name, 'an object');
	// Not a copy: only the options that an operation reads are read.
	const collection = value as IDataObject;
	ofContext.set(key, collection);
	return collection;
}

/** What n8n has for an option, undefined and null among it; the default only where it was not added. */
export function added(options: IDataObject, name: string, byDefault: unknown): unknown {
	return Object.hasOwn(options, name) ? options[name] : byDefault;
}

/** Empty when it was not added. Throws InputProblem. */
export function optionText(options: IDataObject, name: string, label: string): string {
	return text(added(options, name, ''), name, label);
}

/** Throws InputProblem. */
export function optionFlag(
	options: IDataObject,
	name: string,
	label: string,
	byDefault = false,
): boolean {
	return flag(added(options, name, byDefault), name, label);
}

/** The first of the choices is the default. Throws InputProblem. */
export function optionChoice<T extends string>(
	options: IDataObject,
	name: string,
	label: string,
	choices: readonly [T, ...T[]],
): T {
	return choice(added(options, name, choices[0]), name, label, choices);
}

/** A text of one item; empty when it was left empty. Throws InputProblem. */
export function textOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): string {
	return text(context.getNodeParameter(name, itemIndex, ''), name, label);
}

/** False when it is not there. Throws InputProblem. */
export function flagOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
): boolean {
	return flag(context.getNodeParameter(name, itemIndex, false), name, label);
}

/** The first of the choices is the default. Throws InputProblem. */
export function choiceOf<T extends string>(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	label: string,
	choices: readonly [T, ...T[]],
): T {
	const value: unknown = context.getNodeParameter(name, itemIndex, choices[0]);
	return choice(value, name, label, choices);
}

/** What one item decides for all: the first one that can be read. Undefined where none can. */
export function firstReadable<T>(
	context: IExecuteFunctions,
	read: (itemIndex: number) => T,
): T | undefined {
	const count = Math.max(1, context.getInputData().length);
	for (let itemIndex = 0; itemIndex < count; itemIndex++) {
		try {
			return read(itemIndex);
		} catch {
			// It is told as the failure of its item.
		}
	}
	return undefined;
}
