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
		hint: 'The name of the input field containing the whole file; its digest (SHA-1) is computed from it',
		description: 'Not needed when the option Digest is given',
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
			description: 'SHA-1 of the whole file, in Base64, when the file itself is not in the input',
		},
		{
			displayName: 'If Match',
			name: 'ifMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Commit a new version only when the file still has this etag, the number that Box gives with it',
		},
		{
			displayName: 'If None Match',
			name: 'ifNoneMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Commit a new version only when the file no longer has this etag, the number that Box gives with it',
		},
		{
			displayName: 'Parts',
			name: 'partsFrom',
			type: 'options',
			options: [
				{ name: 'From Box', value: 'list', description: 'The node lists the parts that Box has' },
				{
					name: 'From the Input Items',
					value: 'items',
					description:
						'Each input item is one part, as Upload Part or List Parts gave it; one commit per session',
				},
				{
					name: 'From JSON',
					value: 'json',
					description: 'A list of parts in the option Parts (JSON)',
				},
			],
			default: 'list',
			description: 'Where the list of parts comes from that the file is made of',
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
			description: 'How long to wait while Box processes the parts. 0 is automatic: 10 minutes.',
		},
	]),
];
