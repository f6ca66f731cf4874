import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { executeNode } from '../shared/operation/executeNode';
import { propertiesOf } from '../shared/operation/operation';
import { authenticationField } from './fields/connection';
import { defaults, operations, resources } from './operations';
import { createRun } from './run';
import { searchFolders } from './searchFolders';
import { searchUsers } from './searchUsers';

export class BoxUpload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Box Upload',
		name: 'boxUpload',
		icon: { light: 'file:boxUpload.svg', dark: 'file:boxUpload.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Upload files of any size to Box, large ones through upload sessions',
		defaults: { name: 'Box Upload' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Uploads files of any size and number to Box: large files, many files, uploads that must resume. Each item is one file, from a binary field or a URL. To list, download, move or delete files, use the Box node.',
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'boxUploadOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{
				name: 'boxUploadServerOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['serverOAuth2'] } },
			},
			{
				name: 'boxUploadJwtApi',
				required: true,
				displayOptions: { show: { authentication: ['jwt'] } },
			},
		],
		properties: [authenticationField, ...propertiesOf(resources, operations, defaults)],
	};

	methods = { listSearch: { searchFolders, searchUsers } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, operations, createRun);
	}
}
