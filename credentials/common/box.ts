import type { ICredentialTestRequest, Icon, INodeProperties } from 'n8n-workflow';

import { hidden } from './hidden';

/** What the credential types of Box have in common. */
export const boxIcon: Icon = {
	light: 'file:../nodes/BoxUpload/boxUpload.svg',
	dark: 'file:../nodes/BoxUpload/boxUpload.dark.svg',
};

export const boxTest: ICredentialTestRequest = {
	request: {
		baseURL: 'https://api.box.com/2.0',
		url: '/users/me',
	},
};

export const boxToken: readonly INodeProperties[] = [
	hidden('Access Token URL', 'accessTokenUrl', 'https://api.box.com/oauth2/token'),
	// Box takes the scopes from the app's configuration.
	hidden('Scope', 'scope', ''),
	hidden('Authentication', 'authentication', 'body'),
];

/** For an app that signs in without a user. */
export const actAsField: INodeProperties = {
	displayName: 'Act As',
	name: 'boxSubjectType',
	type: 'options',
	options: [
		{
			name: 'Service Account',
			value: 'enterprise',
			description: "The app's own account in the enterprise",
		},
		{
			name: 'User',
			value: 'user',
			description:
				'A user of the enterprise. The app needs permission to generate user access tokens.',
		},
	],
	default: 'enterprise',
	description: 'Whose files the app works with',
};
