import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { optionalBinaryField } from '../fields/optionalBinary';

export const properties: readonly INodeProperties[] = [
	optionalBinaryField,
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Close Session',
			name: 'closeSession',
			type: 'boolean',
			default: false,
			description: 'Whether these are all bytes of the file. Nothing can be appended afterwards.',
		},
		{
			displayName: 'Session Type',
			name: 'sessionType',
			type: 'options',
			options: [
				{
					name: 'Concurrent',
					value: 'concurrent',
					description: 'Append parts at the same time and in any order',
				},
				{
					name: 'Sequential',
					value: 'sequential',
					description: 'Append parts one after the other',
				},
			],
			default: 'sequential',
			description:
				'How to append parts. A concurrent session takes no bytes here. Its parts must be multiples of 4 MiB, except the last.',
		},
	]),
];
