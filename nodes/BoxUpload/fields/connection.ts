import type { INodeProperties } from 'n8n-workflow';

import { maxRetriesOption } from '../../shared/fields/waiting';
import { asUserOption } from './asUser';

/** Options that every Box operation has. */
export const connectionOptions: readonly INodeProperties[] = [asUserOption, maxRetriesOption];

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'JWT', value: 'jwt', description: 'A server app that signs in with a key' },
		{ name: 'OAuth2', value: 'oAuth2', description: 'A user signs in' },
		{
			name: 'OAuth2 for Servers',
			value: 'serverOAuth2',
			description: 'A server app with client credentials, no user needed',
		},
	],
	default: 'oAuth2',
	description: 'How n8n signs in to Box',
};
