import type { Operation, Resource } from '../shared/operation/operation';
import { execute as abortSession } from './abortSession/execute';
import { properties as commitSessionProperties } from './commitSession/description';
import { execute as commitSession } from './commitSession/execute';
import { properties as createSessionProperties } from './createSession/description';
import { execute as createSession } from './createSession/execute';
import { sessionOnlyProperties } from './fields/sessionOnly';
import { execute as getSession } from './getSession/execute';
import { execute as listParts } from './listParts/execute';
import { properties as planSessionProperties } from './planSession/description';
import { execute as planSession } from './planSession/execute';
import type { BoxRun } from './run';
import { simplifiedCommit, simplifiedFile } from './simplify';
import { properties as uploadFileProperties } from './uploadFile/description';
import { execute as uploadFile } from './uploadFile/execute';
import { properties as uploadPartProperties } from './uploadPart/description';
import { execute as uploadPart } from './uploadPart/execute';

export const resources: readonly Resource[] = [
	{ value: 'file', name: 'File' },
	{ value: 'uploadSession', name: 'Upload Session' },
];

export const defaults = {
	resource: 'file',
	operation: { file: 'upload', uploadSession: 'create' },
};

export const operations: ReadonlyArray<Operation<BoxRun>> = [
	{
		resource: 'file',
		value: 'upload',
		name: 'Upload File',
		action: 'Upload file',
		description: 'Upload files of any size and number, or new versions of them',
		properties: uploadFileProperties,
		execute: uploadFile,
		simplify: simplifiedFile,
	},
	{
		resource: 'uploadSession',
		value: 'abort',
		name: 'Abort',
		action: 'Abort upload session',
		description: 'Discard an upload session and its parts',
		properties: sessionOnlyProperties,
		execute: abortSession,
	},
	{
		resource: 'uploadSession',
		value: 'commit',
		name: 'Commit Box Session',
		action: 'Commit Box session',
		description: 'Save the parts of an upload session as a file',
		properties: commitSessionProperties,
		execute: commitSession,
		simplify: simplifiedCommit,
	},
	{
		resource: 'uploadSession',
		value: 'create',
		name: 'Create',
		action: 'Create upload session',
		description: 'Open an upload session for a new file or a new version',
		properties: createSessionProperties,
		execute: createSession,
	},
	{
		resource: 'uploadSession',
		value: 'get',
		name: 'Get',
		action: 'Get upload session',
		description: 'Get part size, progress and expiry of an upload session',
		properties: sessionOnlyProperties,
		execute: getSession,
	},
	{
		resource: 'uploadSession',
		value: 'listParts',
		name: 'List Parts',
		action: 'List parts of upload session',
		description: 'Get all parts of an upload session that Box has received',
		properties: sessionOnlyProperties,
		execute: listParts,
	},
	{
		resource: 'uploadSession',
		value: 'plan',
		name: 'Plan Session',
		action: 'Plan upload session',
		description: 'Find out which parts of a file Box already has',
		properties: planSessionProperties,
		execute: planSession,
	},
	{
		resource: 'uploadSession',
		value: 'uploadPart',
		name: 'Upload Part',
		action: 'Upload part of file',
		description: 'Send one part of a file to an upload session',
		properties: uploadPartProperties,
		execute: uploadPart,
	},
];
