import { isObject, isString } from '../../shared/json';
import type {
	FileMetadata,
	FinishBatchEntry,
	FinishBatchJob,
	FinishBatchResult,
	SharedFileBatchEntry,
	SharedFileMetadata,
} from './types';

/** Each takes what a reply held and gives it typed, or `undefined` when it is something else. */
export type Shape<T> = (value: unknown) => T | undefined;

export const nothing: Shape<null> = () => null;

export const sessionId: Shape<string> = (value) =>
	isObject(value) && isString(value.session_id) && value.session_id !== ''
		? value.session_id
		: undefined;

export const fileMetadata: Shape<FileMetadata> = (value) =>
	isObject(value) && isString(value.name) ? (value as FileMetadata) : undefined;

export const rootNamespaceId: Shape<string> = (value) =>
	isObject(value) && isObject(value.root_info) && isString(value.root_info.root_namespace_id)
		? value.root_info.root_namespace_id
		: undefined;

function isBatchEntry(value: unknown): value is FinishBatchEntry {
	return isObject(value) && (value['.tag'] === 'success' || value['.tag'] === 'failure');
}

export const finishBatchResult: Shape<FinishBatchResult> = (value) =>
	isObject(value) && Array.isArray(value.entries) && value.entries.every(isBatchEntry)
		? { entries: value.entries }
		: undefined;

export const finishBatchJob: Shape<FinishBatchJob> = (value) => {
	if (!isObject(value)) return undefined;
	if (value['.tag'] === 'in_progress') return { '.tag': 'in_progress' };
	if (value['.tag'] === 'async_job_id' && isString(value.async_job_id)) {
		return { '.tag': 'async_job_id', async_job_id: value.async_job_id };
	}
	const result = value['.tag'] === 'complete' ? finishBatchResult(value) : undefined;
	return result && { '.tag': 'complete', entries: result.entries };
};

export const sharedFileMetadata: Shape<SharedFileMetadata> = (value) =>
	isObject(value) && isString(value.id) ? (value as SharedFileMetadata) : undefined;

function isSharedFileEntry(value: unknown): value is SharedFileBatchEntry {
	if (!isObject(value) || !isString(value.file) || !isObject(value.result)) return false;
	const tag = value.result['.tag'];
	return tag === 'metadata' || tag === 'access_error';
}

export const sharedFileEntries: Shape<readonly SharedFileBatchEntry[]> = (value) =>
	Array.isArray(value) && value.every(isSharedFileEntry) ? value : undefined;
