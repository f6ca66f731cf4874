import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	{
		...binaryField,
		description:
			'Find it in the Binary tab of the input panel. The part that begins at Offset is taken from it.',
	},
	{
		displayName: 'Offset',
		name: 'offset',
		type: 'number',
		required: true,
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			"Where the part begins in the file, in bytes: a multiple of the session's part size",
	},
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'File Size',
			name: 'fileSize',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 0,
			description:
				"Size of the whole file in bytes, if 'Input Binary Field' has only this part. Leave at 0 if it has the whole file.",
		},
	]),
];
