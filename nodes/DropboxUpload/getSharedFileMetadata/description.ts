import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { connectionOptions } from '../fields/connection';
import { actionsOption, fileField } from '../fields/sharedFile';

/** Get Shared File Metadata and Get Many take the same. */
export const properties: readonly INodeProperties[] = [
	{
		...fileField,
		description: `${fileField.description}. Apps with App Folder access get no sharing information.`,
	},
	...simplifyForAgentsFields,
	optionsCollection([...connectionOptions, actionsOption]),
];
