import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection } from '../../shared/fields/optionsCollection';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyForAgentsFields } from '../../shared/fields/simplify';
import { commitOptions, pathField } from '../fields/commit';
import { connectionOptions } from '../fields/connection';
import { offsetField, sessionIdField } from '../fields/session';

export const properties: readonly INodeProperties[] = [
	{
		displayName:
			"Each input item is one file of the batch. Its session must be closed: use 'Close Session' when you append its last bytes. Items with the same path are saved one after the other, in their order.",
		name: 'batchNotice',
		type: 'notice',
		default: '',
	},
	sessionIdField,
	{ ...offsetField, description: 'Size of the file: the number of bytes in the session' },
	pathField,
	...simplifyForAgentsFields,
	optionsCollection([
		...connectionOptions,
		...commitOptions,
		{
			displayName: 'Finish By',
			name: 'commitMethod',
			type: 'options',
			options: [
				{
					name: 'Commit and Return Results',
					value: 'commit',
					description: 'Wait for Dropbox to save the files',
				},
				{
					name: 'Start a Job',
					value: 'job',
					description: 'Let Dropbox save the files in the background, and get a job ID',
				},
			],
			default: 'commit',
			description: 'How to commit the batch. The first item decides for all.',
		},
		{
			displayName: 'Wait for the Job',
			name: 'waitForJob',
			type: 'boolean',
			displayOptions: { show: { commitMethod: ['job'] } },
			default: true,
			description:
				"Whether to wait until the job is complete. Without waiting, the output is the job ID for 'Check Batch Job'. With more than 1,000 files, or several with the same path, the node waits for all jobs but the last.",
		},
		{
			...deadlineOption,
			displayOptions: { show: { commitMethod: ['job'] }, hide: { waitForJob: [false] } },
			description:
				"How long to wait for a job. 0 is automatic: 10 minutes. Afterwards the job continues, and 'Check Batch Job' can ask for it.",
		},
	]),
];
