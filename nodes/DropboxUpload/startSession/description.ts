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
			description:
				'Whether these are all the bytes of the file, so that nothing can be appended any more',
		},
		{
			displayName: 'Session Type',
			name: 'sessionType',
			type: 'options',
			options: [
				{
					name: 'Concurrent',
					value: 'concurrent',
					description: 'Pieces may be appended at the same time and in any order',
				},
				{
					name: 'Sequential',
					value: 'sequential',
					description: 'Pieces are appended one after the other',
				},
			],
			default: 'sequential',
			description:
				'How pieces are appended. A concurrent session takes no bytes here, and its pieces must be multiples of 4 MiB except the last.',
		},
	]),
];
