import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../shared/operation/operation';

const onlyFor = (...sources: string[]) => ({ show: { source: sources } });
const FOLDERS = ['dropboxFolder', 'boxFolder'];
const FROM_CLOUDS = ['dropboxFile', 'boxFile', ...FOLDERS];

const choices = [
	{
		name: 'Box File',
		value: 'boxFile',
		description: 'A file in Box, copied without storing it in n8n',
	},
	{
		name: 'Box Folder',
		value: 'boxFolder',
		description: 'All files of a folder in Box, with its subfolders',
	},
	{
		name: 'Dropbox File',
		value: 'dropboxFile',
		description: 'A file in Dropbox, copied without storing it in n8n',
	},
	{
		name: 'Dropbox Folder',
		value: 'dropboxFolder',
		description: 'All files of a folder in Dropbox, with its subfolders',
	},
];

const fields: readonly INodeProperties[] = [
	{
		displayName: 'Dropbox File',
		name: 'dropboxFile',
		type: 'string',
		displayOptions: onlyFor('dropboxFile'),
		default: '',
		placeholder: 'e.g. /Reports/2026/summary.pdf',
		description:
			'Path, ID or shared link of the file to copy. Uses the account of the source credential, which is the same for all items.',
	},
	{
		displayName: 'Dropbox Folder',
		name: 'dropboxFolder',
		type: 'string',
		displayOptions: onlyFor('dropboxFolder'),
		default: '',
		placeholder: 'e.g. /Reports',
		description:
			'Path, ID or shared link of the folder to copy. Use / for everything. Uses the account of the source credential, which is the same for all items.',
	},
	{
		displayName: 'Box File',
		name: 'boxFile',
		type: 'string',
		displayOptions: onlyFor('boxFile'),
		default: '',
		placeholder: 'e.g. https://app.box.com/file/987654321',
		description:
			'URL, ID, path or shared link of the file to copy. Uses the account of the source credential, which is the same for all items.',
	},
	{
		displayName: 'Box Folder',
		name: 'boxFolder',
		type: 'string',
		displayOptions: onlyFor('boxFolder'),
		default: '',
		placeholder: 'e.g. https://app.box.com/folder/123456789',
		description:
			'URL, ID, path or shared link of the folder to copy. Use / for everything. Uses the account of the source credential, which is the same for all items.',
	},
];

const options: readonly INodeProperties[] = [
	{
		displayName: 'Compare Content',
		name: 'compareContent',
		type: 'boolean',
		displayOptions: { show: { '/source': FROM_CLOUDS } },
		default: false,
		description:
			"Whether to read files of another vendor to find out if they are unchanged. Otherwise, 'Skip Unchanged' compares size and modification time.",
	},
	{
		displayName: 'Source Link Password',
		name: 'sourceLinkPassword',
		type: 'string',
		typeOptions: { password: true },
		displayOptions: { show: { '/source': FROM_CLOUDS } },
		default: '',
		description: 'Password of the shared link that is the source',
	},
];

/** Operations that get a file from a source can get it from a cloud, too. */
export function withCloudSources<Run>(
	operations: ReadonlyArray<Operation<Run>>,
): Array<Operation<Run>> {
	return operations.map((operation) => {
		const hasSource = operation.properties.some(({ name }) => name === 'source');
		return hasSource
			? { ...operation, properties: operation.properties.flatMap(extended) }
			: operation;
	});
}

function extended(property: INodeProperties): INodeProperties[] {
	switch (property.name) {
		case 'source':
			return [{ ...property, options: sorted([...(property.options ?? []), ...choices]) }];
		case 'url':
			return [property, ...fields];
		case 'options':
			return [{ ...property, options: sortedFields([...(property.options ?? []), ...options]) }];
		default:
			return [property];
	}
}

type Options = NonNullable<INodeProperties['options']>;

function sorted(list: Options): Options {
	return [...list].sort((one, other) => one.name.localeCompare(other.name));
}

function sortedFields(list: Options): Options {
	const label = (field: Options[number]) => ('displayName' in field ? field.displayName : '');
	return [...list].sort((one, other) => label(one).localeCompare(label(other)));
}
