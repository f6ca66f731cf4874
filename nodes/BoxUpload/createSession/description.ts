import type { INodeProperties } from 'n8n-workflow';

import {
	binaryField,
	fileNameField,
	optionsCollection,
} from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { parentFolderField } from '../fields/parentFolder';
import { onlyFor, uploadAsFields } from '../fields/uploadAs';

export const properties: readonly INodeProperties[] = [
	...uploadAsFields,
	{ ...parentFolderField, displayOptions: onlyFor('newFile') },
	fileNameField('Box'),
	{
		...binaryField,
		required: false,
		description:
			'Find it in the Binary tab of the input panel. Only its name and size are used. No bytes are sent yet.',
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
				'Size of the whole file in bytes. Leave at 0 to take it from the input file. Box accepts sessions for files of 20,000,000 bytes or more.',
		},
	]),
];
