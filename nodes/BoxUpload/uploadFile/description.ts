import type { INodeProperties } from 'n8n-workflow';

import { keepFoldersBelowOption } from '../../shared/fields/keepFoldersBelow';
import { fileNameField, optionsCollection } from '../../shared/fields/optionsCollection';
import { linkOptions } from '../../shared/fields/sharedLink';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyFields } from '../../shared/fields/simplify';
import { sourceFields } from '../../shared/fields/source';
import type { Parallelism } from '../../shared/fields/parallel';
import { skipUnchangedField, uploadOptions } from '../../shared/fields/uploadOptions';
import { attributesField } from '../fields/attributes';
import { connectionOptions } from '../fields/connection';
import { linkAudiences } from '../fields/linkAudiences';
import { parentFolderOrPathField } from '../fields/parentFolder';
import { onlyFor, uploadAsFields } from '../fields/uploadAs';

/**
 * How many requests at once when nothing else is chosen. Box recommends 3 to 5 parts, and allows a user 240
 * uploads a minute:
 * https://developer.box.com/guides/uploads/chunked/ and https://developer.box.com/guides/api-calls/permissions-and-errors/rate-limits/
 */
export const PARALLELISM: Parallelism = { startLimit: 4, maxLimit: 12 };

export const properties: readonly INodeProperties[] = [
	...sourceFields,
	...uploadAsFields,
	{ ...parentFolderOrPathField, displayOptions: onlyFor('newFile') },
	fileNameField('Box'),
	{
		displayName: 'If File Exists',
		name: 'ifExists',
		type: 'options',
		displayOptions: onlyFor('newFile'),
		options: [
			{ name: 'Fail', value: 'fail', description: 'Keep the existing file and report an error' },
			{
				name: 'Rename',
				value: 'rename',
				description: 'Store the new file as name (1), name (2) and so on',
			},
			{ name: 'Skip', value: 'skip', description: 'Keep the existing file and send nothing' },
			{
				name: 'Upload New Version',
				value: 'version',
				description: 'Add a new version to the existing file. Box keeps the old one.',
			},
		],
		default: 'fail',
		description: 'What to do if the folder already has a file with this name',
	},
	skipUnchangedField,
	attributesField,
	...simplifyFields,
	optionsCollection([
		...connectionOptions,
		{
			displayName: 'Check Before Upload',
			name: 'checkFirst',
			type: 'options',
			options: [
				{
					name: 'Always',
					value: 'always',
					description: 'For every file, which takes one more request each',
				},
				{
					name: 'Automatic',
					value: 'auto',
					description: 'For files of 4 MiB and more',
				},
				{
					name: 'Never',
					value: 'never',
					description: 'Send the content of every file, even if Box refuses it afterwards',
				},
			],
			default: 'auto',
			description: 'When to ask Box whether it accepts name and size, before the content is sent',
		},
		{
			displayName: 'Unchanged Since (ETag)',
			name: 'ifMatch',
			type: 'string',
			displayOptions: { show: { '/uploadAs': ['newVersion'] } },
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Replace only if the file still has this etag, which Box returns with each file. Leave empty to use its current one.',
		},
		{ ...keepFoldersBelowOption, displayOptions: { show: { '/uploadAs': ['newFile'] } } },
		...uploadOptions('Box', PARALLELISM),
		{
			displayName: 'Resume',
			name: 'resume',
			type: 'boolean',
			default: true,
			description:
				'Whether to keep the parts of a failed large file at Box for up to 7 days. The next run then sends only what is missing.',
		},
		{
			displayName: 'Skip Parts Box Has',
			name: 'skipParts',
			type: 'options',
			options: [
				{
					name: 'Always',
					value: 'always',
					description: 'For every large file, which takes some CPU time and a few requests each',
				},
				{
					name: 'Automatic',
					value: 'auto',
					description: 'For new versions and files whose name is taken',
				},
				{ name: 'Never', value: 'never', description: 'Send every part' },
			],
			default: 'auto',
			description:
				'When to ask Box which parts of a large file it already has. Only the other parts are sent.',
		},
		...linkOptions(linkAudiences, 'Only a link for anyone can have a password.'),
		{
			...deadlineOption,
			description:
				'How long to wait for Box to process the parts of a large file. 0 is automatic: 10 minutes, plus one for each GiB.',
		},
	]),
];
