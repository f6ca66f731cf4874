import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { readDate } from '../../shared/fields/dates';
import { InputProblem } from '../../shared/fields/inputProblem';
import {
	added,
	collectionOf,
	optionChoice,
	optionFlag,
	textOf,
} from '../../shared/fields/parameters';
import { singleLine } from '../../shared/fields/readers';
import { printable, requiredJson, requiredText } from '../../shared/fields/values';
import { isObject, isString } from '../../shared/json';
import type { CommitInfo, PropertyGroup, WriteMode } from '../api/types';
import { checkedPath } from './path';

export const pathField: INodeProperties = {
	displayName: 'Destination Path',
	name: 'path',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /Reports/2026/summary.pdf',
	description:
		'Folder and name of the file in Dropbox, beginning with a slash. Missing folders are created. The ID of a file or a path in a namespace (ns:123/name) works too.',
};

/** What a commit can be told; Dropbox's CommitInfo. */
export const commitOptions: readonly INodeProperties[] = [
	{
		displayName: 'Autorename',
		name: 'autorename',
		type: 'boolean',
		default: false,
		description: 'Whether to rename the file if the name is taken, such as to name (1).pdf',
	},
	{
		displayName: 'File Date',
		name: 'clientModified',
		type: 'dateTime',
		default: '',
		description:
			"When the file was last changed, to the second. Dropbox shows it as the file's date. A date without a time zone is read as UTC.",
	},
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{
				name: 'Add',
				value: 'add',
				description: 'Never replace a file. Fail or rename if the name is taken.',
			},
			{ name: 'Overwrite', value: 'overwrite', description: 'Replace the existing file' },
			{
				name: 'Update',
				value: 'update',
				description: 'Replace the file only if it still has the given revision',
			},
		],
		default: 'add',
		description: 'What to do if a file already exists at the path',
	},
	{
		displayName: 'Mute Notifications',
		name: 'mute',
		type: 'boolean',
		default: false,
		description:
			'Whether to store the file without a desktop notification to the people who see the folder',
	},
	{
		displayName: 'File Properties',
		name: 'propertyGroups',
		type: 'json',
		default: '',
		placeholder:
			'e.g. [{"template_id": "ptid:1a5n2i6d3OYEAAAAAAAAAYa", "fields": [{"name": "Case", "value": "42"}]}]',
		description:
			'Custom properties of the file, for apps that have created property templates in Dropbox: a list of template_id and fields',
	},
	{
		displayName: 'Revision',
		name: 'rev',
		type: 'string',
		displayOptions: { show: { mode: ['update'] } },
		default: '',
		placeholder: 'e.g. a1c10ce0dd78',
		description:
			'Replace only if the file has this revision, the rev that Dropbox returns with each file',
	},
	{
		displayName: 'Treat Same Content as Conflict',
		name: 'strictConflict',
		type: 'boolean',
		default: false,
		description:
			'Whether to treat an existing file as a conflict even if its content is the same. If off, Dropbox keeps that file and reports no conflict.',
	},
];

/** CommitInfo of one item; throws InputProblem. */
export function readCommit(context: IExecuteFunctions, itemIndex: number): CommitInfo {
	const given = textOf(context, itemIndex, 'path', 'Destination Path');
	const path = checkedPath(
		/^id:/.test(given) ? singleLine(given, 'path', 'Destination Path') : given,
	);
	return commitInfo(path, collectionOf(context, itemIndex));
}

/** CommitInfo from the values of `commitOptions`; throws InputProblem. */
export function commitInfo(path: string, options: IDataObject): CommitInfo {
	const clientModified = readDate(
		added(options, 'clientModified', ''),
		'clientModified',
		'File Date',
	);
	const propertyGroups = readPropertyGroups(added(options, 'propertyGroups', ''));
	return {
		path,
		mode: readMode(options),
		autorename: optionFlag(options, 'autorename', 'Autorename'),
		mute: optionFlag(options, 'mute', 'Mute Notifications'),
		strict_conflict: optionFlag(options, 'strictConflict', 'Treat Same Content as Conflict'),
		...(clientModified !== undefined && { client_modified: clientModified }),
		...(propertyGroups && { property_groups: propertyGroups }),
	};
}

function readMode(options: IDataObject): WriteMode {
	const mode = optionChoice(options, 'mode', 'Mode', ['add', 'overwrite', 'update']);
	if (mode !== 'update') return mode;
	const rev = requiredText(
		options.rev,
		'rev',
		'Revision',
		"Add the option 'Revision', or set 'Mode' to Overwrite. Update needs the revision (rev) of the file to replace.",
	);
	if (!/^[0-9a-f]{9,}$/.test(rev)) {
		throw new InputProblem(
			'rev',
			"'Revision' isn't a Dropbox revision",
			'Use the rev field of the file: 9 or more characters 0–9 and a–f.',
			printable(rev),
		);
	}
	return { '.tag': 'update', update: rev };
}

function readPropertyGroups(value: unknown): PropertyGroup[] | undefined {
	const groups = requiredJson(value, 'propertyGroups', 'File Properties');
	if (groups === undefined) return undefined;
	if (Array.isArray(groups) && groups.every(isPropertyGroup))
		return groups.length > 0 ? groups : undefined;
	throw new InputProblem(
		'propertyGroups',
		"'File Properties' doesn't have the format that Dropbox expects",
		'Enter a list like [{"template_id": "ptid:…", "fields": [{"name": "…", "value": "…"}]}].',
		printable(value),
	);
}

function isPropertyGroup(value: unknown): value is PropertyGroup {
	return (
		isObject(value) &&
		isString(value.template_id) &&
		/^(\/|ptid:)/.test(value.template_id) &&
		Array.isArray(value.fields) &&
		value.fields.every((field) => isObject(field) && isString(field.name) && isString(field.value))
	);
}
