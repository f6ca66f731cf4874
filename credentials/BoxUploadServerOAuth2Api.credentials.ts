import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { actAsField, boxIcon, boxTest, boxToken } from './common/box';
import { hidden } from './common/hidden';

/**
 * Box for a server with no user at hand: https://developer.box.com/guides/authentication/client-credentials/
 */
export class BoxUploadServerOAuth2Api implements ICredentialType {
	name = 'boxUploadServerOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Box Upload Server OAuth2 API';

	icon = boxIcon;

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [
		hidden('Grant Type', 'grantType', 'clientCredentials'),
		...boxToken,
		actAsField,
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
		hidden('Send Additional Body Properties', 'sendAdditionalBodyProperties', true),
		hidden(
			'Additional Body Properties',
			'additionalBodyProperties',
			'={{ JSON.stringify({ box_subject_type: $self["boxSubjectType"], box_subject_id: $self["boxSubjectId"] }) }}',
		),
	];

	test = boxTest;
}
