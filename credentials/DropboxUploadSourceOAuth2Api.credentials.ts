import type { ICredentialTestRequest, ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

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
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: 'account_info.read files.metadata.read files.content.read sharing.read',
		},
		{
			displayName: 'Shared Links',
			name: 'sharedLinks',
			type: 'hidden',
			// Nothing is shared in the account that is read.
			default: false,
		},
		{
			displayName: 'Team Members',
			name: 'teamMembers',
			type: 'hidden',
			// It reads as whoever has signed in.
			default: false,
		},
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: 'https://api.dropboxapi.com/2',
			url: '/users/get_current_account',
			method: 'POST',
		},
	};
}
