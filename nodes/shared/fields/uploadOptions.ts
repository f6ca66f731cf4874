import type { INodeProperties } from 'n8n-workflow';

import { maxMemoryOption } from './maxMemory';
import type { Parallelism } from './parallel';
import { parallelOption } from './parallel';

const outputOption: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	options: [
		{ name: 'Files', value: 'files', description: 'One item for each file' },
		{
			name: 'Files and Report',
			value: 'filesAndReport',
			description: 'One item for each file, and one more for the whole run',
		},
		{ name: 'Report', value: 'report', description: 'One item for the whole run' },
	],
	default: 'files',
	description:
		'What the node returns. The report counts files, bytes, failures, retries, requests and seconds, for a message or a log sheet. The first item decides.',
};

const planOnlyOption: INodeProperties = {
	displayName: 'Plan Only',
	name: 'planOnly',
	type: 'boolean',
	default: false,
	description:
		'Whether to only show what a run would do with each file. Nothing is sent or changed. The output has the action for each file, and the bytes and requests of the run. The first item decides.',
};

const resumeOptions: readonly INodeProperties[] = [
	{
		displayName: 'Resume Folder',
		name: 'resumeFolder',
		type: 'string',
		default: '',
		placeholder: 'e.g. /home/node/.n8n-files/resume',
		description:
			'Folder on the n8n server for the checkpoints of unfinished uploads, one small file for each large upload. With it, uploads resume after a restart, or on another worker that shares the folder. Without it, they resume only within the running process.',
	},
	{
		displayName: 'Resume Failed Item',
		name: 'resumeFrom',
		type: 'json',
		default: '',
		placeholder: 'e.g. {{ $json.error.resume }}',
		description:
			'What the failed item has in error.resume. The upload resumes there instead of starting over.',
	},
];

export const skipUnchangedField: INodeProperties = {
	displayName: 'Skip Unchanged',
	name: 'skipUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to skip files whose name and content are already there. To find out, each destination folder is listed once.',
};

/** Options of both operations that upload whole files; what they cost stands in their descriptions. */
export function uploadOptions(
	vendor: 'Dropbox' | 'Box',
	parallelism: Parallelism,
): readonly INodeProperties[] {
	return [
		maxMemoryOption,
		outputOption,
		parallelOption(vendor, parallelism),
		planOnlyOption,
		...resumeOptions,
	];
}
