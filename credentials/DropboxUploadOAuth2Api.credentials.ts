import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import { hidden } from './common/hidden';

const SCOPES = 'account_info.read files.metadata.read files.content.write sharing.read';

/**
 * Dropbox OAuth 2 with offline access: https://www.dropbox.com/developers/documentation/http/documentation#authorization
 */
export class DropboxUploadOAuth2Api implements ICredentialType {
	name = 'dropboxUploadOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Dropbox Upload OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/DropboxUpload/dropboxUpload.svg',
		dark: 'file:../nodes/DropboxUpload/dropboxUpload.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-dropbox';

	properties: INodeProperties[] = [
		hidden('Grant Type', 'grantType', 'authorizationCode'),
		hidden('Authorization URL', 'authUrl', 'https://www.dropbox.com/oauth2/authorize'),
		hidden('Access Token URL', 'accessTokenUrl', 'https://api.dropboxapi.com/oauth2/token'),
		// Dropbox refuses a sign-in that asks for a permission which the app does not have.
		hidden(
			'Scope',
			'scope',
			`={{ "${SCOPES}" + ($self["sharedLinks"] ? " sharing.write" : "") + ($self["teamMembers"] ? " team_data.member members.read" : "") }}`,
		),
		// Without offline access Dropbox gives no refresh token, and the sign-in ends after 4 hours.
		hidden(
			'Auth URI Query Parameters',
			'authQueryParameters',
			'token_access_type=offline&force_reapprove=true',
		),
		hidden('Authentication', 'authentication', 'header'),
		{
			displayName: 'App Access Type',
			name: 'accessType',
			type: 'options',
			options: [
				{
					name: 'App Folder',
					value: 'folder',
					description: 'The app sees only its own folder',
				},
				{
					name: 'Full Dropbox',
					value: 'full',
					description: 'The app sees everything that the account sees',
				},
			],
			default: 'full',
			description:
				'The access type that you chose when you created the app in the Dropbox App Console',
		},
		{
			displayName: 'Shared Links',
			name: 'sharedLinks',
			type: 'boolean',
			default: false,
			description:
				'Whether to allow links to uploaded files. First select sharing.write under Permissions of the app, then connect the credential again.',
		},
		{
			displayName: 'Team Members',
			name: 'teamMembers',
			type: 'boolean',
			default: false,
			description:
				'Whether to act for members of a Dropbox team. First select team_data.member and members.read under Permissions of the app. Then connect the credential again as a team admin.',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.dropboxapi.com/2',
			// A team's token is nobody's: it can be asked for the team only.
			url: '={{$credentials?.teamMembers ? "/team/members/list_v2" : "/users/get_current_account"}}',
			method: 'POST',
			body: '={{$credentials?.teamMembers ? { limit: 1 } : undefined}}',
		},
	};
}
