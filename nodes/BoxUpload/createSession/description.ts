import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/input/fields';
import { connectionOptions } from '../fields/connection';
import { parentFolderField } from '../fields/parentFolder';

export const properties: readonly INodeProperties[] = [
	parentFolderField,
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. backup.zip',
		description:
			'Name of the file in Box. Leave empty to use the name of the input file, without spaces at its ends and control characters, and with _ for a slash.',
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
				'Upload a new version of this file instead of a new file. Its ID is the number at the end of its address in Box. Parent Folder is not used then.',
		},
	]),
];
