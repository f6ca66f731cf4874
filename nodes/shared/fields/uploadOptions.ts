import type { INodeProperties } from 'n8n-workflow';

/** Options of the operations that upload whole files; what they cost stands in their descriptions. */
export const keepFoldersBelowOption: INodeProperties = {
	displayName: 'Keep Folders Below',
	name: 'keepFoldersBelow',
	type: 'string',
	default: '',
	placeholder: 'e.g. /data/outbox',
	description:
		'Keep the folders that the files lie in below this one: with /data/outbox, a file of /data/outbox/2026/june goes to 2026/june under the chosen folder',
};

export function memoryLimitOption(defaultMib: number): INodeProperties {
	return {
		displayName: 'Memory Limit (MiB)',
		name: 'memoryLimitMib',
		type: 'number',
		typeOptions: { minValue: 4, numberPrecision: 0 },
		default: defaultMib,
		description:
			'How much file content is held in memory at once, counted over all uploads of this n8n process. Sending adds a few MiB. A file from the database store counts with its whole size, and goes alone when it is larger.',
	};
}

export const outputOption: INodeProperties = {
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
		'What the node gives. The report counts files, bytes, failures by their class, retries, requests and seconds, for a message or a log sheet. The first item decides.',
};

export const planOnlyOption: INodeProperties = {
	displayName: 'Plan Only',
	name: 'planOnly',
	type: 'boolean',
	default: false,
	description:
		'Whether to send nothing, and say for each file what a run would do: new, replace, rename, unchanged, skip, or refuse and why; how many bytes and requests it takes. The first item decides.',
};

export const resumeOptions: readonly INodeProperties[] = [
	{
		displayName: 'Resume Folder',
		name: 'resumeFolder',
		type: 'string',
		default: '',
		placeholder: 'e.g. /home/node/.n8n-files/resume',
		description:
			'Folder on the n8n server for notes on unfinished uploads, so that they go on after a restart or on another worker that shares the folder. Costs one small file per large upload. Without it they go on within the running process only.',
	},
	{
		displayName: 'Resume From',
		name: 'resumeFrom',
		type: 'json',
		default: '',
		placeholder: 'e.g. {{ $json.error.resume }}',
		description: 'What a failed item gave as error.resume, to go on with its upload session',
	},
];

export const skipUnchangedField: INodeProperties = {
	displayName: 'Skip Unchanged',
	name: 'skipUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to send nothing when the same content is there already under this name. The target folders are listed once each to find out.',
};
