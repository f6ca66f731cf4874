import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { commitOptions, pathField } from '../fields/commit';
import { connectionOptions } from '../fields/connection';
import { optionalBinaryField } from '../fields/optionalBinary';
import { offsetField, sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	sessionIdField,
	offsetField,
	pathField,
	optionalBinaryField,
	...simplifyForAgentsFields,
	optionsCollection([...connectionOptions, ...commitOptions]),
];
