import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { connectionOptions } from './connection';
import { sessionIdField } from './session';

/** For operations that take a session and nothing else. */
export const sessionOnlyProperties: readonly INodeProperties[] = [
	sessionIdField,
	optionsCollection(connectionOptions),
];
