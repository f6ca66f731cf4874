import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { requiredText } from '../../shared/fields/values';

export const sessionIdField: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	required: true,
	default: '={{ $json.session_id ?? $json.id }}',
	placeholder: 'e.g. F971964745A5CD0C001BBE4E58196BFD',
	description: "The ID of the upload session that 'Create' returned",
};

/** Throws InputProblem. */
export function readSessionId(context: IExecuteFunctions, itemIndex: number): string {
	return requiredText(
		context.getNodeParameter('sessionId', itemIndex, ''),
		'sessionId',
		'Session ID',
		'Use the ID of the upload session that Create returned.',
	);
}
