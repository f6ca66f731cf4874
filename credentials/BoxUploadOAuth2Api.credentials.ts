import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { boxIcon, boxTest, boxToken } from './common/box';
import { hidden } from './common/hidden';

/** Box OAuth 2 for a user who signs in: https://developer.box.com/guides/authentication/oauth2/ */
export class BoxUploadOAuth2Api implements ICredentialType {
	name = 'boxUploadOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Box Upload OAuth2 API';

	icon = boxIcon;

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [
		hidden('Grant Type', 'grantType', 'authorizationCode'),
		hidden('Authorization URL', 'authUrl', 'https://account.box.com/api/oauth2/authorize'),
		...boxToken,
		hidden('Auth URI Query Parameters', 'authQueryParameters', ''),
	];

	test = boxTest;
}
