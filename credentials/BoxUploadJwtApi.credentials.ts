import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import { actAsField, boxIcon, boxTest } from './common/box';
import { signInWithJwt } from '../nodes/BoxUpload/api/jwt/signIn';

const ofFile = { show: { appSettings: ['configFile'] } };
const ofFields = { show: { appSettings: ['fields'] } };

/**
 * Box for a server whose app signs in with a key: https://developer.box.com/guides/authentication/jwt/
 */
export class BoxUploadJwtApi implements ICredentialType {
	name = 'boxUploadJwtApi';

	displayName = 'Box Upload JWT API';

	icon = boxIcon;

	documentationUrl =
		'https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions#connect-box';

	properties: INodeProperties[] = [
		{
			displayName: 'App Settings',
			name: 'appSettings',
			type: 'options',
			options: [
				{
					name: 'Configuration File',
					value: 'configFile',
					description: 'The JSON file that Box downloads when you generate the key',
				},
				{
					name: 'Separate Fields',
					value: 'fields',
					description: 'Each value in its own field, for a key that you have generated yourself',
				},
			],
			default: 'configFile',
			description: 'How to enter the app and its key',
		},
		{
			displayName: 'Configuration File',
			name: 'privateKeyFile',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: ofFile,
			default: '',
			placeholder: 'e.g. {"boxAppSettings":{"clientID":"…","appAuth":{"publicKeyID":"…"}}}',
			description:
				'The whole content of the JSON file. In the Box Developer Console, open the app > Configuration > Generate a Public/Private Keypair.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			required: true,
			displayOptions: ofFields,
			default: '',
			placeholder: 'e.g. ly1nj6n11vionaie65emwzk575hnnmrk',
			description: 'The client ID under Configuration in the Box Developer Console',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: ofFields,
			default: '',
			placeholder: 'e.g. hOzsTeFlT6ko0dme22uGbQal04SBPYc1',
			description: 'The client secret under Configuration in the Box Developer Console',
		},
		{
			displayName: 'Public Key ID',
			name: 'publicKeyId',
			type: 'string',
			required: true,
			displayOptions: ofFields,
			default: '',
			placeholder: 'e.g. qbxu3frf',
			description: 'The ID under Add and Manage Public Keys in the Box Developer Console',
		},
		{
			displayName: 'Private Key',
			name: 'privateKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			displayOptions: ofFields,
			default: '',
			placeholder: 'e.g. -----BEGIN ENCRYPTED PRIVATE KEY-----…',
			description:
				'The RSA key that belongs to the public key, as PEM. Line breaks can be missing or written as \\n.',
		},
		{
			displayName: 'Passphrase',
			name: 'passphrase',
			type: 'string',
			typeOptions: { password: true },
			displayOptions: ofFields,
			default: '',
			placeholder: 'e.g. 3c98e0e8f1d2a5b7',
			description: 'The passphrase of the private key, if it is encrypted',
		},
		actAsField,
		{
			displayName: 'Box Enterprise ID',
			name: 'enterpriseId',
			type: 'string',
			required: true,
			displayOptions: { show: { appSettings: ['fields'], boxSubjectType: ['enterprise'] } },
			default: '',
			placeholder: 'e.g. 123456789',
			description: 'The Enterprise ID under General Settings in the Box Developer Console',
		},
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			required: true,
			displayOptions: { show: { boxSubjectType: ['user'] } },
			default: '',
			placeholder: 'e.g. 12345678',
			description:
				"The ID of the user, which is in the URL of the user's page in the Box Admin Console",
		},
		{
			displayName: 'Algorithm',
			name: 'algorithm',
			type: 'options',
			options: [
				{ name: 'RS256', value: 'RS256', description: 'Signs with SHA-256, the usual choice' },
				{ name: 'RS384', value: 'RS384', description: 'Signs with SHA-384' },
				{ name: 'RS512', value: 'RS512', description: 'Signs with SHA-512' },
			],
			default: 'RS256',
			description: 'How the sign-in is signed. Box accepts all three.',
		},
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'hidden',
			// n8n keeps it here, and asks for another one when Box says 401.
			typeOptions: { expirable: true, password: true },
			default: '',
		},
	];

	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return { accessToken: await signInWithJwt(this.helpers, credentials) };
	}

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.accessToken}}' } },
	};

	test = boxTest;
}
