import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

import { hidden } from './common/hidden';

/** The Dropbox account that files are copied from: it also asks for the permission to read them. */
export class DropboxUploadSourceOAuth2Api implements ICredentialType {
	name = 'dropboxUploadSourceOAuth2Api';

	extends = ['dropboxUploadOAuth2Api'];

	displayName = 'Dropbox Upload Source OAuth2 API';

	icon: Icon = {
		light: 'file:../nodes/DropboxUpload/dropboxUpload.svg',
		dark: 'file:../nodes/DropboxUpload/dropboxUpload.dark.svg',
	};

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-dropbox';

	properties: INodeProperties[] = [
		hidden(
			'Scope',
			'scope',
			'account_info.read files.metadata.read files.content.read sharing.read',
		),
		// Nothing is shared in the account that is read.
		hidden('Shared Links', 'sharedLinks', false),
		// It reads as whoever has signed in.
		hidden('Team Members', 'teamMembers', false),
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.dropboxapi.com/2',
			url: '/users/get_current_account',
			method: 'POST',
		},
	};
}
