import type { Operation, Resource } from '../shared/operation/operation';
import { properties as appendToSessionProperties } from './appendToSession/description';
import { execute as appendToSession } from './appendToSession/execute';
import { properties as checkBatchJobProperties } from './checkBatchJob/description';
import { execute as checkBatchJob } from './checkBatchJob/execute';
import { properties as finishSessionProperties } from './finishSession/description';
import { execute as finishSession } from './finishSession/execute';
import { properties as finishUploadBatchProperties } from './finishUploadBatch/description';
import { execute as finishUploadBatch } from './finishUploadBatch/execute';
import { execute as getManySharedFiles } from './getManySharedFiles/execute';
import { properties as sharedFileProperties } from './getSharedFileMetadata/description';
import { execute as getSharedFileMetadata } from './getSharedFileMetadata/execute';
import { properties as getSharedLinkProperties } from './getSharedLink/description';
import { execute as getSharedLink } from './getSharedLink/execute';
import type { DropboxRun } from './run';
import { simplifiedFile, simplifiedLink, simplifiedSharing } from './simplify';
import { properties as startSessionProperties } from './startSession/description';
import { execute as startSession } from './startSession/execute';
import { properties as uploadFilesProperties } from './uploadFiles/description';
import { execute as uploadFiles } from './uploadFiles/execute';

export const resources: readonly Resource[] = [
	{ value: 'file', name: 'File' },
	{ value: 'sharedFile', name: 'Shared File' },
	{ value: 'uploadBatch', name: 'Upload Batch' },
	{ value: 'uploadSession', name: 'Upload Session' },
];

export const defaults = {
	resource: 'file',
	operation: {
		file: 'upload',
		sharedFile: 'get',
		uploadBatch: 'finishBatch',
		uploadSession: 'start',
	},
};

export const operations: ReadonlyArray<Operation<DropboxRun>> = [
	{
		resource: 'file',
		value: 'upload',
		name: 'Upload Files',
		action: 'Upload files',
		description: 'Upload files of any size and number, with few requests',
		properties: uploadFilesProperties,
		execute: uploadFiles,
		simplify: simplifiedFile,
	},
	{
		resource: 'uploadSession',
		value: 'append',
		name: 'Append to Session',
		action: 'Append data to upload session',
		description: 'Append bytes to an upload session, with as many requests as needed',
		properties: appendToSessionProperties,
		execute: appendToSession,
	},
	{
		resource: 'uploadSession',
		value: 'finish',
		name: 'Finish Session',
		action: 'Finish upload session',
		description: 'Save one upload session as a file',
		properties: finishSessionProperties,
		execute: finishSession,
		simplify: simplifiedFile,
	},
	{
		resource: 'uploadSession',
		value: 'start',
		name: 'Start Session',
		action: 'Start upload session',
		description: 'Open an upload session, optionally with its first bytes',
		properties: startSessionProperties,
		execute: startSession,
	},
	{
		resource: 'uploadBatch',
		value: 'checkJob',
		name: 'Check Batch Job',
		action: 'Check batch job',
		description: "Get the results of a job that 'Finish Upload Batch' started",
		properties: checkBatchJobProperties,
		execute: checkBatchJob,
		simplify: simplifiedFile,
	},
	{
		resource: 'uploadBatch',
		value: 'finishBatch',
		name: 'Finish Upload Batch',
		action: 'Finish upload batch',
		description: 'Save many upload sessions as files, up to 1,000 with one call',
		properties: finishUploadBatchProperties,
		execute: finishUploadBatch,
		simplify: simplifiedFile,
	},
	{
		resource: 'sharedFile',
		value: 'getMany',
		name: 'Get Many',
		action: 'Get many shared files',
		description: 'Get the sharing information of many files, 100 with one call',
		properties: sharedFileProperties,
		execute: getManySharedFiles,
		simplify: simplifiedSharing,
	},
	{
		resource: 'sharedFile',
		value: 'get',
		name: 'Get Shared File Metadata',
		action: 'Get sharing metadata of file',
		description: 'Get what you may do with a file, its owners, policy and preview',
		properties: sharedFileProperties,
		execute: getSharedFileMetadata,
		simplify: simplifiedSharing,
	},
	{
		resource: 'sharedFile',
		value: 'getLink',
		name: 'Get Shared Link',
		action: 'Get shared link to file',
		description: 'Get the link to a file, or create one',
		properties: getSharedLinkProperties,
		execute: getSharedLink,
		simplify: simplifiedLink,
	},
];
