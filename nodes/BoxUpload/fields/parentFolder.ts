import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import type { JsonObject } from '../../shared/json';
import { isObject, isString } from '../../shared/json';
import { checkedFileName } from './fileName';
import { numericId } from './ids';

/**
 * As browsers show a folder: at any host of Box, also seen through a shared link (`/s/…/folder/123`), with whatever
 * follows its ID. n8n matches all of an entry with it.
 */
const FOLDER_URL =
	'^\\s*https?://(?:[a-zA-Z0-9-]+\\.)*box\\.com/(?:[^?#]*/)?folder/[0-9]+(?:[/?#].*)?\\s*';

/** A folder that exists. */
export const parentFolderField: INodeProperties = {
	displayName: 'Parent Folder',
	name: 'parentFolderId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '0', cachedResultName: 'All Files' },
	required: true,
	description: 'The folder in Box that the file goes into. All Files has the ID 0.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a folder',
			typeOptions: { searchListMethod: 'searchFolders', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 123456789',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '^[0-9]+$',
						errorMessage: "A folder ID has only digits: it ends the folder's URL",
					},
				},
			],
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://app.box.com/folder/123456789',
			extractValue: { type: 'regex', regex: FOLDER_URL.replace('[0-9]+', '([0-9]+)') },
			validation: [
				{
					type: 'regex',
					properties: {
						regex: FOLDER_URL,
						errorMessage: 'Copy the URL of the folder from your browser',
					},
				},
			],
		},
	],
};

/** A folder, which may also be named by a path that is made when it is missing. */
export const parentFolderOrPathField: INodeProperties = {
	...parentFolderField,
	description:
		'The folder in Box that the file goes into. All Files has the ID 0 and the path /. Missing folders of a path are created.',
	modes: [
		...(parentFolderField.modes ?? []),
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. /Reports/2026',
			hint: 'Missing folders are created',
		},
	],
};

/** A folder by its ID, and the names of folders below it. */
export interface FolderRef {
	readonly rootId: string;
	readonly names: readonly string[];
}

const ALL_FILES = '0';
const ALL_FILES_NAME = 'all files';

/** Throws InputProblem. */
export function readParentFolderId(context: IExecuteFunctions, itemIndex: number): string {
	return numericId(
		context.getNodeParameter('parentFolderId', itemIndex, ALL_FILES, { extractValue: true }),
		'parentFolderId',
		'Parent Folder',
	);
}

/** Throws InputProblem. */
export function readParentFolder(context: IExecuteFunctions, itemIndex: number): FolderRef {
	const given: unknown = context.getNodeParameter('parentFolderId', itemIndex, ALL_FILES);
	if (isObject(given) && isPath(given)) return folderOfPath(given.value);
	return { rootId: readParentFolderId(context, itemIndex), names: [] };
}

/** By Path, or a new folder that the list has offered; an ID has no slash. */
function isPath({ mode, value }: JsonObject): boolean {
	return mode === 'path' || (mode === 'list' && isString(value) && value.startsWith('/'));
}

function folderOfPath(path: unknown): FolderRef {
	const text = typeof path === 'string' || typeof path === 'number' ? String(path) : '';
	if (text.trim() === '') {
		throw new InputProblem(
			'parentFolderId',
			"'Parent Folder' is empty",
			'Enter a path like /Reports/2026, or / for All Files.',
		);
	}
	const names = text
		.split('/')
		.map((name) => name.trim())
		.filter((name) => name !== '');
	// Box shows the root under this name at the beginning of each path.
	const fromRoot = names[0]?.toLowerCase() === ALL_FILES_NAME ? names.slice(1) : names;
	return {
		rootId: ALL_FILES,
		names: fromRoot.map((name) => checkedFileName(name, 'parentFolderId', 'A folder name')),
	};
}
