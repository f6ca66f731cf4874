import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** Box OAuth 2 for a user who signs in: https://developer.box.com/guides/authentication/oauth2/ */
export class BoxUploadOAuth2Api implements ICredentialType {
	name = 'boxUploadOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Box Upload OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/BoxUpload/boxUpload.svg',
		dark: 'file:../nodes/BoxUpload/boxUpload.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default: 'https://account.box.com/api/oauth2/authorize',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: 'https://api.box.com/oauth2/token',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			// Box takes the scopes from the app's configuration.
			default: '',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'authQueryParameters',
			type: 'hidden',
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.box.com/2.0',
			url: '/users/me',
		},
	};
}
