import type { INodeProperties } from 'n8n-workflow';

import { maxRetriesOption } from '../../shared/fields/waiting';
import { rootOptions } from './root';
import { teamMemberOptions } from './teamMember';

/** Options that every Dropbox operation has. */
export const connectionOptions: readonly INodeProperties[] = [
	maxRetriesOption,
	...rootOptions,
	...teamMemberOptions,
];
