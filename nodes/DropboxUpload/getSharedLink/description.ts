import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/input/fields';
import { linkSettings } from '../../shared/input/linkFields';
import { simplifyForAgentsFields } from '../../shared/input/simplify';
import { connectionOptions } from '../fields/connection';
import { linkAudiences } from '../fields/linkAudiences';
import { fileField } from '../fields/sharedFile';

export const properties: readonly INodeProperties[] = [
	{
		displayName:
			'The app needs the permission sharing.write: see Shared Links in the credential. A file that has a link keeps it as it is.',
		name: 'linkNotice',
		type: 'notice',
		default: '',
	},
	fileField,
	...simplifyForAgentsFields,
	optionsCollection([...connectionOptions, ...linkSettings(linkAudiences)]),
];
