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
import { cloudSources } from '../cloudSources/cloudSources';
import { withCloudSources } from '../cloudSources/description';
import { defaults, operations as ownOperations, resources } from './operations';
import { createRun } from './run';
import { searchFolders } from './searchFolders';
import { searchUsers } from './searchUsers';

const operations = withCloudSources(ownOperations);

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
				'Uploads files of any size and number to Box: large files, many files, uploads that must resume. Each item is one file, from a binary field, a URL, or a file or folder of Dropbox or Box. To list, download, move or delete files, use the Box node.',
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
			{
				name: 'dropboxUploadSourceOAuth2Api',
				required: true,
				displayOptions: { show: { source: ['dropboxFile', 'dropboxFolder'] } },
			},
			{
				name: 'boxUploadSourceOAuth2Api',
				required: true,
				displayOptions: { show: { source: ['boxFile', 'boxFolder'] } },
			},
		],
		properties: [authenticationField, ...propertiesOf(resources, operations, defaults)],
	};

	methods = { listSearch: { searchFolders, searchUsers } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, 'Box', operations, (context) =>
			createRun(context, cloudSources(context)),
		);
	}
}
