import type { INodeProperties } from 'n8n-workflow';

export const binaryField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	required: true,
	default: 'data',
	placeholder: 'data',
	hint: 'The name of the input field containing the file',
	description: 'Find it in the Binary tab of the input panel',
};

export const maxRetriesOption: INodeProperties = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 20, numberPrecision: 0 },
	default: 6,
	description:
		'How often a request is repeated when the service is busy or the connection breaks. Waits grow from half a second to 30 seconds, or are as long as the service asks for, up to 5 minutes.',
};

export const deadlineOption: INodeProperties = {
	displayName: 'Wait At Most (Minutes)',
	name: 'deadlineMinutes',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 10,
	description: 'How long to wait for the service to finish before giving up',
};

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
