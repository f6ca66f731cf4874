import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { byteCount, requiredText } from '../../shared/fields/values';
import type { UploadSessionCursor } from '../api/types';

export const sessionIdField: INodeProperties = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	required: true,
	default: '={{ $json.session_id }}',
	placeholder: 'e.g. AAAAAAAAAcQ3yqE9…',
	description: "The session_id that 'Start Session' returned",
};

/** A number field may hold an expression; it is what the previous operation gave. */
const offsetOfInput = '={{ $json.offset }}';

export const offsetField: INodeProperties = {
	displayName: 'Offset',
	name: 'offset',
	type: 'number',
	required: true,
	typeOptions: { minValue: 0 },
	default: offsetOfInput,
	description:
		"How many bytes the session already has. 'Start Session' and 'Append to Session' return it as offset.",
};

/** Throws InputProblem. */
function readSessionId(context: IExecuteFunctions, itemIndex: number): string {
	return requiredText(
		context.getNodeParameter('sessionId', itemIndex, ''),
		'sessionId',
		'Session ID',
		"Use the session_id that 'Start Session' returned.",
	);
}

/** Throws InputProblem. */
export function readCursor(context: IExecuteFunctions, itemIndex: number): UploadSessionCursor {
	return {
		session_id: readSessionId(context, itemIndex),
		offset: byteCount(context.getNodeParameter('offset', itemIndex, 0), 'offset', 'Offset'),
	};
}
