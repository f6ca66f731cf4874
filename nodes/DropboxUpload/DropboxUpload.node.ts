import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { executeNode } from '../shared/operation/executeNode';
import { propertiesOf } from '../shared/operation/operation';
import { cloudSources } from '../cloudSources/cloudSources';
import { withCloudSources } from '../cloudSources/description';
import { defaults, operations as ownOperations, resources } from './operations';
import { createRun } from './run';
import { searchFolders } from './searchFolders';
import { searchMembers, searchNamespaces } from './searchTeam';

const operations = withCloudSources(ownOperations);

export class DropboxUpload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dropbox Upload',
		name: 'dropboxUpload',
		icon: { light: 'file:dropboxUpload.svg', dark: 'file:dropboxUpload.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Upload files of any size and any number to Dropbox through upload sessions',
		defaults: { name: 'Dropbox Upload' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Uploads files of any size and number to Dropbox: large files, many files, uploads that must resume. Each item is one file, from a binary field, a URL, or a file or folder of Dropbox or Box. To list, download, move or delete files, use the Dropbox node.',
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'dropboxUploadOAuth2Api', required: true },
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
		properties: propertiesOf(resources, operations, defaults),
	};

	methods = { listSearch: { searchFolders, searchMembers, searchNamespaces } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeNode(this, 'Dropbox', operations, (context) =>
			createRun(context, cloudSources(context)),
		);
	}
}
