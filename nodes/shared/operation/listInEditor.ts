import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { failed } from '../failure';
import { problemOf } from '../fields/readItems';
import { isObject, toJson } from '../json';
import { descriptionOf } from '../output/errorItem';

/**
 * What a list in the editor is to show, with the options that are set there; a failure becomes the error that
 * the editor shows instead.
 */
export async function listInEditor<T>(
	context: ILoadOptionsFunctions,
	vendor: Failure['vendor'],
	find: (options: IDataObject) => Promise<Outcome<T>>,
): Promise<T> {
	const options: unknown = context.getCurrentNodeParameter('options');
	let found: Outcome<T>;
	try {
		found = await find(isObject(options) ? toJson(options) : {});
	} catch (error) {
		found = failed(problemOf(error, vendor));
	}
	if (found.ok) return found.value;
	throw new NodeOperationError(context.getNode(), found.failure.message, {
		description: descriptionOf(found.failure),
	});
}
