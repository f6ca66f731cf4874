import type { INodeProperties } from 'n8n-workflow';

import { keepFoldersBelowOption } from '../../shared/fields/keepFoldersBelow';
import { fileNameField, optionsCollection } from '../../shared/fields/optionsCollection';
import { linkOptions } from '../../shared/fields/sharedLink';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyFields } from '../../shared/fields/simplify';
import { sourceFields } from '../../shared/fields/source';
import type { Parallelism } from '../../shared/fields/parallel';
import { skipUnchangedField, uploadOptions } from '../../shared/fields/uploadOptions';
import { commitOptions } from '../fields/commit';
import { connectionOptions } from '../fields/connection';
import { partSizeOption } from '../fields/partSize';
import { folderField } from '../fields/folder';
import { linkAudiences } from '../fields/linkAudiences';

/** How many requests at once when nothing else is chosen. */
export const PARALLELISM: Parallelism = { startLimit: 8, maxLimit: 16 };

/** As many as one call takes. */
export const DEFAULT_COMMIT_SIZE = 1_000;

const whereConflictsCount = { show: { '/ifExists': ['fail', 'rename', 'update'] } };

/** Mode, revision and autorename follow from If File Exists, and so does whether a conflict matters. */
const commitOptionsOfUpload = commitOptions
	.filter(({ name }) => !['autorename', 'mode', 'rev'].includes(name))
	.map((option) =>
		option.name === 'strictConflict' ? { ...option, displayOptions: whereConflictsCount } : option,
	);

export const properties: readonly INodeProperties[] = [
	...sourceFields,
	{
		displayName: 'Let Dropbox Fetch It',
		name: 'letDropboxFetch',
		type: 'boolean',
		displayOptions: { show: { source: ['url'] } },
		default: false,
		description:
			'Whether to let Dropbox download the file itself, so that no byte passes through n8n. Dropbox must be able to reach the link.',
	},
	{
		displayName:
			"Files that Dropbox downloads aren't verified and never replace a file. You can't use 'Skip Unchanged', 'File Date', 'Mute Notifications', 'Treat Same Content as Conflict' and 'File Properties' with them.",
		name: 'fetchNotice',
		type: 'notice',
		displayOptions: { show: { source: ['url'], letDropboxFetch: [true] } },
		default: '',
	},
	folderField,
	fileNameField('Dropbox'),
	{
		displayName: 'If File Exists',
		name: 'ifExists',
		type: 'options',
		options: [
			{
				name: 'Fail',
				value: 'fail',
				description: 'Keep the existing file and report an error, unless the content is the same',
			},
			{
				name: 'Overwrite',
				value: 'overwrite',
				description: 'Replace the existing file. Dropbox keeps the old version.',
			},
			{
				name: 'Rename',
				value: 'rename',
				description: 'Store the new file as name (1), name (2) and so on',
			},
			{ name: 'Skip', value: 'skip', description: 'Keep the existing file and send nothing' },
			{
				name: 'Update If Unchanged',
				value: 'update',
				description: 'Replace the existing file only if it has the given revision',
			},
		],
		default: 'fail',
		description: 'What to do if a file already exists at the path',
	},
	{
		displayName: 'Revision',
		name: 'rev',
		type: 'string',
		displayOptions: { show: { ifExists: ['update'] } },
		default: '',
		placeholder: 'e.g. a1c10ce0dd78',
		description:
			'Replace only if the file has this revision, the rev that Dropbox returns with each file',
	},
	skipUnchangedField,
	...simplifyFields,
	optionsCollection([
		...connectionOptions,
		...commitOptionsOfUpload,
		{
			displayName: 'Max Files per Save',
			name: 'commitSize',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 1_000, numberPrecision: 0 },
			default: DEFAULT_COMMIT_SIZE,
			description:
				'How many files to save with one call. Smaller numbers mean more calls, and each locks the account for a moment.',
		},
		keepFoldersBelowOption,
		...uploadOptions('Dropbox', PARALLELISM),
		partSizeOption(
			'How much of a large file goes into one request. 0 is automatic: 4 MiB for files under 128 MiB, 8 MiB for larger ones, more for files over 80 GB. Each parallel request holds this much in memory while it is sent. From 4 to 148, rounded down to a multiple of 4.',
		),
		...linkOptions(
			linkAudiences,
			"Needs the permission sharing.write: see 'Shared Links' in the credential.",
		),
		{
			...deadlineOption,
			displayOptions: { show: { '/source': ['url'], '/letDropboxFetch': [true] } },
			description:
				'How long to wait for Dropbox to download the file. 0 is automatic: 10 minutes. Afterwards the download continues.',
		},
	]),
];
