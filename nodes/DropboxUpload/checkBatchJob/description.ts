import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { connectionOptions } from '../fields/connection';

export const properties: readonly INodeProperties[] = [
	{
		displayName: 'Job ID',
		name: 'asyncJobId',
		type: 'string',
		required: true,
		default: '={{ $json.async_job_id }}',
		placeholder: 'e.g. 34g93hh34h04y384084',
		description: 'The async_job_id that Finish Upload Batch gave',
	},
	...simplifyForAgentsFields,
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Submitted Entries',
			name: 'submitted',
			type: 'json',
			default: '={{ $json.submitted }}',
			description:
				'What the job was asked to commit, as Finish Upload Batch gave it. With it each failure names its file.',
		},
		{
			displayName: 'Wait Until Complete',
			name: 'waitForJob',
			type: 'boolean',
			default: true,
			description: 'Whether to ask again until the job is complete, or only once',
		},
		{
			...deadlineOption,
			displayOptions: { hide: { waitForJob: [false] } },
			description:
				'How long to wait for the job. 0 is automatic: 10 minutes. The job goes on afterwards, and you can ask again.',
		},
	]),
];
