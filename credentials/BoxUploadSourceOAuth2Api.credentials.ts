import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** The Box account that files are copied from, where it isn't the one that they go to. */
export class BoxUploadSourceOAuth2Api implements ICredentialType {
	name = 'boxUploadSourceOAuth2Api';

	extends = ['boxUploadOAuth2Api'];

	displayName = 'Box Upload Source OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/BoxUpload/boxUpload.svg',
		dark: 'file:../nodes/BoxUpload/boxUpload.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.box.com/2.0',
			url: '/users/me',
		},
	};
}
