import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/input/fields';
import { connectionOptions } from '../fields/connection';

export const properties: readonly INodeProperties[] = [
	{
		displayName: 'Parent Folder',
		name: 'parentFolderId',
		type: 'resourceLocator',
		default: { mode: 'id', value: '0' },
		required: true,
		description: 'The folder in Box that the file goes into. All Files has the ID 0.',
		modes: [
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 123456789',
				validation: [
					{
						type: 'regex',
						properties: { regex: '^[0-9]+$', errorMessage: 'A folder ID has digits only' },
					},
				],
			},
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://app.box.com/folder/123456789',
				extractValue: { type: 'regex', regex: '^https://[a-z0-9.-]*box\\.com/folder/([0-9]+)' },
				validation: [
					{
						type: 'regex',
						properties: {
							regex: '^https://[a-z0-9.-]*box\\.com/folder/[0-9]+',
							errorMessage: 'Copy the address of the folder from your browser',
						},
					},
				],
			},
		],
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. backup.zip',
		description: 'Name of the file in Box. Leave empty to use the name of the input file.',
	},
	{
		...binaryField,
		required: false,
		description:
			'Find it in the Binary tab of the input panel. Its name and size are used; no bytes are sent yet.',
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
				'Size of the whole file in bytes. Leave at 0 to take it from the input file. Sessions take files from 20,000,000 bytes on.',
		},
		{
			displayName: 'New Version of File ID',
			name: 'fileId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 987654321',
			description:
				'Upload a new version of this file instead of a new file; Parent Folder is not used then',
		},
	]),
];
