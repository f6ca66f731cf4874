import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Outcome } from '../failure';
import { descriptionOf } from './errorItem';

/** What a list in the editor is to show; a failure becomes the error that the editor shows instead. */
export function listValue<T>(context: ILoadOptionsFunctions, found: Outcome<T>): T {
	if (found.ok) return found.value;
	throw new NodeOperationError(context.getNode(), found.failure.message, {
		description: descriptionOf(found.failure),
	});
}
