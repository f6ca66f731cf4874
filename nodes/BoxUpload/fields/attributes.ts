import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readDate } from '../../shared/fields/dates';
import { InputProblem } from '../../shared/fields/inputProblem';
import { added, optionText } from '../../shared/fields/parameters';

const MAX_DESCRIPTION_CHARACTERS = 256;

export const attributesField: INodeProperties = {
	displayName: 'File Details',
	name: 'attributes',
	type: 'collection',
	placeholder: 'Add attribute',
	default: {},
	options: [
		{
			displayName: 'Content Created At',
			name: 'contentCreatedAt',
			type: 'dateTime',
			default: '',
			description:
				'When the content was created. Box keeps the date of the first version. A date without a time zone is read as UTC.',
		},
		{
			displayName: 'Content Modified At',
			name: 'contentModifiedAt',
			type: 'dateTime',
			default: '',
			description: 'When the content was last changed. A date without a time zone is read as UTC.',
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

/** As Box names them. */
export interface FileAttributes {
	readonly content_created_at?: string;
	readonly content_modified_at?: string;
	readonly description?: string;
}

/** The collection File Details; throws InputProblem. */
export function readAttributes(given: IDataObject): FileAttributes {
	const created = added(given, 'contentCreatedAt', '');
	const modified = added(given, 'contentModifiedAt', '');
	const text = optionText(given, 'description', 'Description');
	const createdAt = readDate(created, 'contentCreatedAt', 'Content Created At');
	const modifiedAt = readDate(modified, 'contentModifiedAt', 'Content Modified At');
	if (text.length > MAX_DESCRIPTION_CHARACTERS) {
		throw new InputProblem(
			'description',
			"'Description' is too long for Box",
			`Use up to ${MAX_DESCRIPTION_CHARACTERS} characters.`,
		);
	}
	return {
		...(createdAt !== undefined && { content_created_at: createdAt }),
		...(modifiedAt !== undefined && { content_modified_at: modifiedAt }),
		...(text !== '' && { description: text }),
	};
}
