import type { INodeProperties } from 'n8n-workflow';

export const binaryField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the file',
	description: 'Find it in the Binary tab of the input panel',
};

/** The name apart from the folder, so that no slash at an end decides what is what. */
export function fileNameField(vendor: 'Dropbox' | 'Box'): INodeProperties {
	return {
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. backup.zip',
		description: `Name of the file in ${vendor}. Leave empty to use the name of the input file. Slashes become underscores. Control characters and spaces at the ends are removed.`,
	};
}

/** An Options collection, its entries in alphabetical order as n8n wants them. */
export function optionsCollection(fields: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}
