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
			'Each input item is one file of the batch. Its session must be closed: append its last bytes with the option Close Session. Items with the same path are saved one after the other, in the order of the items.',
		name: 'batchNotice',
		type: 'notice',
		default: '',
	},
	sessionIdField,
	{ ...offsetField, description: 'The size of the file: how many bytes are in the session' },
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
					description: 'Dropbox answers when the files are in place',
				},
				{
					name: 'Start a Job',
					value: 'job',
					description: 'Dropbox works in the background and answers with a job ID',
				},
			],
			default: 'commit',
			description: 'How the batch is committed. The first item decides for all.',
		},
		{
			displayName: 'Wait for the Job',
			name: 'waitForJob',
			type: 'boolean',
			displayOptions: { show: { commitMethod: ['job'] } },
			default: true,
			description:
				'Whether to wait until the job is complete. Without waiting, the output is the job ID for Check Batch Job. Of more than 1,000 files, or several with the same path, only the last job is not waited for.',
		},
		{
			...deadlineOption,
			displayOptions: { show: { commitMethod: ['job'] }, hide: { waitForJob: [false] } },
			description:
				'How long to wait for a job. 0 is automatic: 10 minutes. The job goes on afterwards, and Check Batch Job can ask for it.',
		},
	]),
];
