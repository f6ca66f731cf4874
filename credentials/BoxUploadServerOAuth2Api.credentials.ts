import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/**
 * Box for a server with no user at hand: https://developer.box.com/guides/authentication/client-credentials/
 */
export class BoxUploadServerOAuth2Api implements ICredentialType {
	name = 'boxUploadServerOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Box Upload Server OAuth2 API';

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
			default: 'clientCredentials',
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
			default: '',
		},
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'hidden',
			default: 'body',
		},
		{
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
		},
		{
			displayName: 'Enterprise or User ID',
			name: 'boxSubjectId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. 123456789',
			description:
				'For the service account, the Enterprise ID under General Settings in the Box Developer Console. For a user, the ID of the user.',
		},
		{
			displayName: 'Send Additional Body Properties',
			name: 'sendAdditionalBodyProperties',
			type: 'hidden',
			default: true,
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default:
				'={{ JSON.stringify({ box_subject_type: $self["boxSubjectType"], box_subject_id: $self["boxSubjectId"] }) }}',
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.box.com/2.0',
			url: '/users/me',
		},
	};
}
