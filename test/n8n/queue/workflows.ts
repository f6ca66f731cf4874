/** The two workflows that docs/scaling.md describes: one hands out the paths, the other uploads. */
import type { NewWorkflow } from '../api';
import { byPath } from '../../support/destination';
import { chain, readFiles, type Step } from '../workflows';

/** Files that are uploaded in one execution. */
export const BATCH_SIZE = 250;

export interface UploadSettings {
	readonly resumeFolder: string;
	readonly credentialId: string;
}

/** Takes `{ paths }`, answers at once, and uploads the files in an execution of its own. */
export function uploadWorkflow(
	webhookPath: string,
	folder: string,
	{ resumeFolder, credentialId }: UploadSettings,
): NewWorkflow {
	return chain(`Upload: ${webhookPath}`, [
		webhook(webhookPath),
		{
			name: 'One Item Per File',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'body.paths', options: { destinationFieldName: 'path' } },
		},
		readFiles('={{ $json.path }}'),
		{
			name: 'Upload Files',
			type: 'n8n-nodes-upload-sessions.dropboxUpload',
			typeVersion: 1,
			parameters: {
				resource: 'file',
				operation: 'upload',
				folder: byPath(folder),
				// Whatever is stored a second time gets a name of its own, so that it can be seen.
				ifExists: 'rename',
				options: { resumeFolder, strictConflict: true },
			},
			credentials: { dropboxUploadOAuth2Api: { id: credentialId, name: 'Dropbox' } },
		},
	]);
}

/** Takes `{ large, small }` and starts one execution for each large file and for each batch of small ones. */
export function handOutWorkflow(webhookPath: string, uploadUrl: string): NewWorkflow {
	return chain(`Hand out: ${webhookPath}`, [
		webhook(webhookPath),
		{
			name: 'Make Batches',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				mode: 'raw',
				jsonOutput: `={{ { batches: $json.body.large.chunk(1).concat($json.body.small.chunk(${BATCH_SIZE})) } }}`,
				options: {},
			},
		},
		{
			name: 'One Item Per Batch',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'batches', options: { destinationFieldName: 'paths' } },
		},
		{
			name: 'Start Upload',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'POST',
				url: uploadUrl,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '={{ { paths: $json.paths } }}',
				options: {},
			},
		},
	]);
}

function webhook(path: string): Step {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		webhookId: path,
	};
}
