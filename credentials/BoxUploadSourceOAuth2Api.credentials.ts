import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { boxIcon, boxTest } from './common/box';

/** The Box account that files are copied from, where it isn't the one that they go to. */
export class BoxUploadSourceOAuth2Api implements ICredentialType {
	name = 'boxUploadSourceOAuth2Api';

	extends = ['boxUploadOAuth2Api'];

	displayName = 'Box Upload Source OAuth2 API';

	icon = boxIcon;

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [];

	test = boxTest;
}
