import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/fields/optionsCollection';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { attributesField } from '../fields/attributes';
import { connectionOptions } from '../fields/connection';
import { sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	{
		...binaryField,
		required: false,
		hint: 'The name of the input field containing the whole file. Its SHA-1 is computed from it.',
		description: "Not needed if you add the option 'Digest'",
	},
	attributesField,
	...simplifyForAgentsFields,
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Digest',
			name: 'digest',
			type: 'string',
			default: '',
			placeholder: 'e.g. fpRyg5eVQletdZqEKaFlqwBXJzM=',
			description: "SHA-1 of the whole file, in Base64, if the input doesn't have the file",
		},
		{
			displayName: 'Unchanged Since (ETag)',
			name: 'ifMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Commit a new version only if the file has this etag, which Box returns with each file',
		},
		{
			displayName: 'If None Match',
			name: 'ifNoneMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Commit a new version only if the file no longer has this etag, which Box returns with each file',
		},
		{
			displayName: 'Parts',
			name: 'partsFrom',
			type: 'options',
			options: [
				{ name: 'From Box', value: 'list', description: 'Ask Box for its list of parts' },
				{
					name: 'From the Input Items',
					value: 'items',
					description: "Each input item is one part, as 'Upload Part' or 'List Parts' returned it",
				},
				{
					name: 'From JSON',
					value: 'json',
					description: "A list of parts in the option 'Parts (JSON)'",
				},
			],
			default: 'list',
			description: 'Where the list of parts comes from',
		},
		{
			displayName: 'Parts (JSON)',
			name: 'partsJson',
			type: 'json',
			displayOptions: { show: { partsFrom: ['json'] } },
			default: '',
			placeholder:
				'e.g. [{"part_id": "BFDF5379", "offset": 0, "size": 8388608, "sha1": "134b6599…"}]',
			description: 'All parts of the file, each with part_id, offset, size and sha1',
		},
		{
			...deadlineOption,
			description: 'How long to wait for Box to process the parts. 0 is automatic: 10 minutes.',
		},
	]),
];
