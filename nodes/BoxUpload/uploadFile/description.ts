import type { INodeProperties } from 'n8n-workflow';

import { fileNameField, optionsCollection } from '../../shared/fields/optionsCollection';
import { linkOptions } from '../../shared/fields/sharedLink';
import { deadlineOption } from '../../shared/fields/waiting';
import { simplifyFields } from '../../shared/fields/simplify';
import { sourceFields } from '../../shared/fields/source';
import {
	keepFoldersBelowOption,
	memoryLimitOption,
	outputOption,
	planOnlyOption,
	resumeOptions,
	skipUnchangedField,
} from '../../shared/fields/uploadOptions';
import { attributesField } from '../fields/attributes';
import { connectionOptions } from '../fields/connection';
import { linkAudiences } from '../fields/linkAudiences';
import { parallelOption } from '../../shared/fields/parallel';
import type { Parallelism } from '../../shared/fields/parallel';
import { parentFolderOrPathField } from '../fields/parentFolder';
import { onlyFor, uploadAsFields } from '../fields/uploadAs';

/**
 * Box recommends 3 to 5 parts at once, and takes 240 uploads a minute of a user:
 * https://developer.box.com/guides/uploads/chunked/ and https://developer.box.com/guides/api-calls/permissions-and-errors/rate-limits/
 */
export const PARALLELISM: Parallelism = { startLimit: 4, maxLimit: 12 };

/** Values of the options when they are not added. */
export const DEFAULTS = {
	memoryLimitMib: 96,
	checkFirst: 'auto',
} as const;

const { checkFirst, memoryLimitMib } = DEFAULTS;

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
			{ name: 'Fail', value: 'fail', description: 'Leave it and say so' },
			{
				name: 'Rename',
				value: 'rename',
				description: 'Store the new file as name (1), name (2) and so on',
			},
			{ name: 'Skip', value: 'skip', description: 'Leave it and send nothing' },
			{
				name: 'Upload New Version',
				value: 'version',
				description: 'Make the file a new version of it; Box keeps the old one',
			},
		],
		default: 'fail',
		description: 'What to do when the folder has a file of this name already',
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
				{ name: 'Always', value: 'always', description: 'Costs one more request for each file' },
				{
					name: 'Automatic',
					value: 'auto',
					description: 'For files of 4 MiB and more; large ones are checked in any case',
				},
				{
					name: 'Never',
					value: 'never',
					description: 'A file that Box refuses has been sent in vain',
				},
			],
			default: checkFirst,
			description: 'Whether Box is asked if it will take name and size before the content is sent',
		},
		{
			displayName: 'If Match',
			name: 'ifMatch',
			type: 'string',
			displayOptions: { show: { '/uploadAs': ['newVersion'] } },
			default: '',
			placeholder: 'e.g. 1',
			description:
				'Replace only if the file still has this etag, the number that Box gives with it. Leave empty to take the one it has now.',
		},
		{ ...keepFoldersBelowOption, displayOptions: { show: { '/uploadAs': ['newFile'] } } },
		memoryLimitOption(memoryLimitMib),
		outputOption,
		parallelOption('Box', PARALLELISM),
		planOnlyOption,
		{
			displayName: 'Resume',
			name: 'resume',
			type: 'boolean',
			default: true,
			description:
				'Whether the parts of a large file that failed stay at Box for up to 7 days, so that the next run sends only what is missing. When off, they are given up.',
		},
		...linkOptions(linkAudiences, 'Only a link for anyone can have a password.'),
		...resumeOptions,
		{
			...deadlineOption,
			description:
				'How long to wait while Box processes the parts of a large file. 0 is automatic: 10 minutes, and one more for each GiB.',
		},
	]),
];
