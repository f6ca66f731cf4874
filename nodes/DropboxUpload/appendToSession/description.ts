import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { partSizeOption } from '../fields/partSize';
import { offsetField, sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	offsetField,
	{
		...binaryField,
		description:
			'Find it in the Binary tab of the input panel. A file of any size is sent, with as many requests as needed.',
	},
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Close Session',
			name: 'closeSession',
			type: 'boolean',
			default: false,
			description:
				"Whether these are the last bytes of the file. 'Finish Upload Batch' needs closed sessions.",
		},
		partSizeOption(
			'How much of a large file goes into one request. 0 is automatic: 16 MiB. Otherwise from 4 to 148, rounded down to a multiple of 4. Up to 4 items are uploaded in parallel, and each takes about four times this much memory.',
		),
	]),
];
