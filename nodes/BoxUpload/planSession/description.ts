import type { INodeProperties } from 'n8n-workflow';

import { binaryField, optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from '../fields/connection';
import { sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	{
		...binaryField,
		description:
			'Find it in the Binary tab of the input panel. It must hold the whole file, which is read and not sent.',
	},
	optionsCollection(connectionOptions),
];
