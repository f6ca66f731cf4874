import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { located } from '../../shared/fields/locator';
import { optionChoice } from '../../shared/fields/parameters';
import { requiredText } from '../../shared/fields/values';
import type { Root } from '../api/pathRoot';

export const rootOptions: readonly INodeProperties[] = [
	{
		displayName: 'Paths Begin In',
		name: 'root',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					"The team space, or the app's folder with folder access, as in n8n's own Dropbox node",
			},
			{
				name: 'My Folder',
				value: 'home',
				description: "The member's own folder, or the app's folder",
			},
			{
				name: 'Team or Shared Folder',
				value: 'namespaceId',
				description: "A shared folder or team folder, chosen in 'Paths Begin In Folder'",
			},
		],
		default: 'automatic',
		description:
			'Which folder counts as the top folder. Only matters for accounts that belong to a team.',
	},
	{
		displayName: 'Paths Begin In Folder',
		name: 'namespaceId',
		type: 'resourceLocator',
		displayOptions: { show: { root: ['namespaceId'] } },
		default: { mode: 'list', value: '' },
		description: 'The team folder or shared folder that counts as the top folder',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a folder',
				typeOptions: { searchListMethod: 'searchNamespaces', searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: 'e.g. 1234567890',
				hint: 'The parent_shared_folder_id of the files in it',
				validation: [
					{
						type: 'regex',
						properties: {
							regex: '^[-_0-9a-zA-Z:]+$',
							errorMessage: 'Use the ID of the shared folder, which is a number',
						},
					},
				],
			},
		],
	},
];

/** Throws InputProblem. */
export function readRoot(options: IDataObject, accessType: string | undefined): Root {
	const root = optionChoice(options, 'root', 'Paths Begin In', [
		'automatic',
		'home',
		'namespaceId',
	]);
	if (root === 'home') return { kind: 'home' };
	if (root === 'automatic') return { kind: accessType === 'folder' ? 'home' : 'teamSpace' };
	const namespaceId = requiredText(
		located(options.namespaceId),
		'namespaceId',
		'Paths Begin In Folder',
		"Choose the folder in 'Paths Begin In Folder' in Options, or set 'Paths Begin In' to Automatic.",
	);
	if (!/^[-_0-9a-zA-Z:]+$/.test(namespaceId)) {
		throw new InputProblem(
			'namespaceId',
			"'Paths Begin In Folder' isn't a namespace ID",
			'Choose the folder from the list, or use the number that Dropbox gives for the shared folder.',
			namespaceId,
		);
	}
	return { kind: 'namespace', namespaceId };
}
