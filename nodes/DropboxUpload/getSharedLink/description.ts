import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { linkSettings } from '../../shared/fields/sharedLink';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { connectionOptions } from '../fields/connection';
import { linkAudiences } from '../fields/linkAudiences';
import { fileField } from '../fields/sharedFile';

export const properties: readonly INodeProperties[] = [
	{
		displayName:
			"The app needs the permission sharing.write: see 'Shared Links' in the credential. An existing link stays unchanged.",
		name: 'linkNotice',
		type: 'notice',
		default: '',
	},
	fileField,
	...simplifyForAgentsFields,
	optionsCollection([...connectionOptions, ...linkSettings(linkAudiences)]),
];
