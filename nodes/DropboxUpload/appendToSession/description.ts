import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { offsetField, sessionIdField } from '../fields/session';

export const DEFAULT_PART_SIZE_MIB = 16;

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	offsetField,
	{
		...binaryField,
		description:
			'Find it in the Binary tab of the input panel. A file of any size is sent in as many requests as it needs.',
	},
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Close Session',
			name: 'closeSession',
			type: 'boolean',
			default: false,
			description:
				'Whether these are the last bytes of the file. Finish Upload Batch takes closed sessions only.',
		},
		{
			displayName: 'Part Size (MiB)',
			name: 'partSizeMib',
			type: 'number',
			typeOptions: { minValue: 4, maxValue: 148, numberPrecision: 0 },
			default: DEFAULT_PART_SIZE_MIB,
			description:
				'How much of a large file goes into one request. Up to 4 items are under way at once, and each takes about four times this much memory. Rounded down to a multiple of 4 MiB.',
		},
	]),
];
