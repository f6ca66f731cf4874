import type { INodeProperties } from 'n8n-workflow';

import { maxRetriesOption } from '../../shared/fields/waiting';

/** Options that every Dropbox operation has. */
export const connectionOptions: readonly INodeProperties[] = [
	maxRetriesOption,
	{
		displayName: 'Root',
		name: 'root',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'automatic',
				description:
					"The team space with full access, the app's folder with folder access, as in n8n's own Dropbox node",
			},
			{
				name: 'My Folder',
				value: 'home',
				description: "The member's own folder, or the app's folder",
			},
			{
				name: 'Namespace ID',
				value: 'namespaceId',
				description: 'A shared folder or team folder, by its ID',
			},
		],
		default: 'automatic',
		description: 'Where paths begin. Only matters for accounts that belong to a team.',
	},
	{
		displayName: 'Root Namespace ID',
		name: 'namespaceId',
		type: 'string',
		displayOptions: { show: { root: ['namespaceId'] } },
		default: '',
		placeholder: 'e.g. 1234567890',
		description:
			'The ID of the shared folder or team folder in which paths begin: the parent_shared_folder_id of the files in it',
	},
	{
		displayName: 'Act as Team Admin',
		name: 'selectAdmin',
		type: 'string',
		default: '',
		placeholder: 'e.g. dbmid:AAHhy7WsR0x-u4ZCqiDl5Fz5zvuL3kmspwU',
		description: 'Member ID of a team admin, for credentials of a team app',
	},
	{
		displayName: 'Act as Team Member',
		name: 'selectUser',
		type: 'string',
		default: '',
		placeholder: 'e.g. dbmid:AAHhy7WsR0x-u4ZCqiDl5Fz5zvuL3kmspwU',
		description: 'Member ID of the team member whose files to use, for credentials of a team app',
	},
];
