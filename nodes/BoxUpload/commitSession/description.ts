import type { INodeProperties } from 'n8n-workflow';

import { binaryField, deadlineOption, optionsCollection } from '../../shared/input/fields';
import { connectionOptions } from '../fields/connection';
import { sessionIdField } from '../fields/session';

const attributes: INodeProperties = {
	displayName: 'Attributes',
	name: 'attributes',
	type: 'collection',
	placeholder: 'Add attribute',
	default: {},
	options: [
		{
			displayName: 'Content Created At',
			name: 'contentCreatedAt',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2026-05-12T15:50:38Z',
			description: 'When the content was made. A date without a zone is read as UTC.',
		},
		{
			displayName: 'Content Modified At',
			name: 'contentModifiedAt',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2026-05-12T15:50:38Z',
			description: 'When the content was last changed. A date without a zone is read as UTC.',
		},
		{
			displayName: 'Description',
			name: 'description',
			type: 'string',
			default: '',
			placeholder: 'e.g. Contract for Q1 renewal',
			description: 'Text shown with the file in Box, up to 256 characters',
		},
	],
};

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	{
		...binaryField,
		required: false,
		hint: 'The name of the input field containing the whole file; its digest (SHA-1) is computed from it',
		description: 'Not needed when the option Digest is given',
	},
	attributes,
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
			description: 'Commit a new version only when the file still has this etag',
		},
		{
			displayName: 'If None Match',
			name: 'ifNoneMatch',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description: 'Commit a new version only when the file no longer has this etag',
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
			description: 'How long to wait while Box is still processing the parts',
		},
	]),
];
