import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { printable } from '../../shared/fields/values';
import { isString } from '../../shared/json';
import { storedForm } from '../api/paths';
import { checkNames, namesOf } from './path';

export const folderField: INodeProperties = {
	displayName: 'Folder',
	name: 'folder',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description:
		'The folder in Dropbox that the file goes into. Missing folders are created. Leave empty for the top folder.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a folder',
			hint: 'Search for /Reports/ to list the folders in Reports',
			typeOptions: { searchListMethod: 'searchFolders', searchable: true },
		},
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. /Reports/2026',
			hint: 'Missing folders are created',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '^((ns:[0-9]+)?/.*|ns:[0-9]+)?$',
						errorMessage: 'Begin with a slash: /Reports/2026',
					},
				},
			],
		},
	],
};

/** Without a slash at its end; empty for the top folder. Throws InputProblem. */
export function readFolder(context: IExecuteFunctions, itemIndex: number): string {
	const value: unknown = context.getNodeParameter('folder', itemIndex, '', { extractValue: true });
	if (!isString(value) && typeof value !== 'number') {
		throw new InputProblem(
			'folder',
			"'Folder' isn't a path",
			'Check the expression, choose the folder from the list, or leave the field empty for the top folder.',
			printable(value),
		);
	}
	const folder = String(value).trim().replace(/\/+$/, '');
	if (folder === '' || /^ns:[0-9]+$/.test(folder)) return folder;
	const names = namesOf(folder);
	if (names === undefined) {
		throw new InputProblem(
			'folder',
			"'Folder' doesn't begin with a slash",
			'Write it as /Reports/2026, or choose it from the list.',
			printable(folder),
		);
	}
	checkNames(names, folder, 'folder', 'Folder');
	return storedForm(folder);
}
