import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { choiceOf, textOf } from '../../shared/fields/parameters';
import { numericId } from './ids';

const CHOICES = ['newFile', 'newVersion'] as const;

/** For what counts only for one of the two. */
export const onlyFor = (uploadAs: (typeof CHOICES)[number]) => ({ show: { uploadAs: [uploadAs] } });

/** Whether a file is new, or another version of one that is named by its ID. */
export const uploadAsFields: readonly INodeProperties[] = [
	{
		displayName: 'Upload As',
		name: 'uploadAs',
		type: 'options',
		options: [
			{ name: 'New File', value: 'newFile', description: 'Add a file to a folder' },
			{
				name: 'New Version',
				value: 'newVersion',
				description: 'Replace the content of a file that you choose by its ID',
			},
		],
		default: 'newFile',
		description: 'Add a file to a folder, or replace the content of a file',
	},
	{
		displayName: 'File ID',
		name: 'fileId',
		type: 'string',
		// Not required: where an expression sets Upload As, n8n would ask for it with New File too.
		displayOptions: onlyFor('newVersion'),
		default: '',
		placeholder: 'e.g. 987654321',
		description:
			"The file to replace. Its ID is the number at the end of the file's URL in Box. It keeps its name unless 'File Name' is set.",
	},
];

/** The file to make a new version of; undefined for a new file. Throws InputProblem. */
export function readReplacedFileId(
	context: IExecuteFunctions,
	itemIndex: number,
): string | undefined {
	const uploadAs = choiceOf(context, itemIndex, 'uploadAs', 'Upload As', CHOICES);
	if (uploadAs === 'newFile') return undefined;
	const fileId = textOf(context, itemIndex, 'fileId', 'File ID');
	if (fileId.trim() !== '') return numericId(fileId, 'fileId', 'File ID');
	throw new InputProblem(
		'fileId',
		"'File ID' is empty",
		"Enter the ID of the file to replace, or set 'Upload As' to New File.",
	);
}
