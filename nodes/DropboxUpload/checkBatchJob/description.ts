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
		description: "The async_job_id that 'Finish Upload Batch' returned",
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
				"The files of the job, as 'Finish Upload Batch' returned them. With them, each failure names its file.",
		},
		{
			displayName: 'Wait Until Complete',
			name: 'waitForJob',
			type: 'boolean',
			default: true,
			description:
				'Whether to wait until the job is complete. Without waiting, the node asks once.',
		},
		{
			...deadlineOption,
			displayOptions: { hide: { waitForJob: [false] } },
			description:
				'How long to wait for the job. 0 is automatic: 10 minutes. Afterwards the job continues, and you can ask again.',
		},
	]),
];
