import type { JsonObject } from '../../shared/json';
import { isCount, isObject, isString } from '../../shared/json';
import type {
	AppendBatchResultEntry,
	FileMetadata,
	FinishBatchEntry,
	FinishBatchJob,
	FinishBatchResult,
	FolderPage,
	LinkedEntry,
	SaveUrlJob,
	SharedFileBatchEntry,
	SharedFileMetadata,
	StoredEntry,
	StoredFile,
	StoredFolder,
} from './types';

/**
 * Each takes what a reply held and gives it typed, or `undefined` when it is something else. Entries
 * that failed keep the ID of the request, which Dropbox's support asks for.
 */
export type Shape<T> = (value: unknown, requestId?: string) => T | undefined;

export const nothing: Shape<null> = (value) => (value === null ? null : undefined);

export const sessionId: Shape<string> = (value) =>
	isObject(value) && isString(value.session_id) && value.session_id !== ''
		? value.session_id
		: undefined;

export const fileMetadata: Shape<FileMetadata> = (value) =>
	isObject(value) && isString(value.name) ? { ...value, name: value.name } : undefined;

/** Of `users/get_current_account`. */
interface CurrentAccount {
	readonly rootNamespaceId: string;
	readonly accountId: string | undefined;
}

export const currentAccount: Shape<CurrentAccount> = (value) =>
	isObject(value) && isObject(value.root_info) && isString(value.root_info.root_namespace_id)
		? {
				rootNamespaceId: value.root_info.root_namespace_id,
				accountId: isString(value.account_id) ? value.account_id : undefined,
			}
		: undefined;

function isBatchEntry(value: unknown): value is FinishBatchEntry {
	return isObject(value) && isString(value['.tag']);
}

function traced<T extends { readonly '.tag': string }>(entry: T, requestId: string | undefined): T {
	const isFine = entry['.tag'] === 'success' || entry['.tag'] === 'metadata';
	return isFine || requestId === undefined ? entry : { ...entry, requestId };
}

export const finishBatchResult: Shape<FinishBatchResult> = (value, requestId) =>
	isObject(value) && Array.isArray(value.entries) && value.entries.every(isBatchEntry)
		? { entries: value.entries.map((entry) => traced(entry, requestId)) }
		: undefined;

/** `async.AsyncJobId` has one character at least, and goes back as it came. */
const MAX_JOB_ID_CHARACTERS = 4_096;

function isJobId(value: unknown): value is string {
	return isString(value) && value !== '' && value.length <= MAX_JOB_ID_CHARACTERS;
}

export const finishBatchJob: Shape<FinishBatchJob> = (value, requestId) => {
	if (!isObject(value)) return undefined;
	if (value['.tag'] === 'in_progress') return { '.tag': 'in_progress' };
	if (value['.tag'] === 'async_job_id' && isJobId(value.async_job_id)) {
		return { '.tag': 'async_job_id', async_job_id: value.async_job_id };
	}
	const result = value['.tag'] === 'complete' ? finishBatchResult(value, requestId) : undefined;
	return result && { '.tag': 'complete', entries: result.entries };
};

export const sharedLink: Shape<JsonObject> = (value) =>
	isObject(value) && isString(value.url) ? value : undefined;

export const sharedLinks: Shape<readonly JsonObject[]> = (value) =>
	isObject(value) && Array.isArray(value.links)
		? value.links.filter((link): link is JsonObject => sharedLink(link) !== undefined)
		: undefined;

export const saveUrlJob: Shape<SaveUrlJob> = (value) => {
	if (!isObject(value)) return undefined;
	const { '.tag': tag, async_job_id: id } = value;
	if (tag === 'async_job_id') return isJobId(id) ? { '.tag': tag, async_job_id: id } : undefined;
	if (tag === 'in_progress') return { '.tag': tag };
	if (tag === 'failed') return { '.tag': tag, failed: value.failed };
	return tag === 'complete' && isString(value.name)
		? { ...value, '.tag': tag, name: value.name }
		: undefined;
};

export const sharedFileMetadata: Shape<SharedFileMetadata> = (value) =>
	isObject(value) && isString(value.id) ? { ...value, id: value.id } : undefined;

function isSharedFileEntry(value: unknown): value is SharedFileBatchEntry {
	if (!isObject(value) || !isString(value.file) || !isObject(value.result)) return false;
	const tag = value.result['.tag'];
	return tag === 'metadata' || tag === 'access_error';
}

export const sharedFileEntries: Shape<readonly SharedFileBatchEntry[]> = (value, requestId) =>
	Array.isArray(value) && value.every(isSharedFileEntry)
		? value.map((entry) => ({ ...entry, result: traced(entry.result, requestId) }))
		: undefined;

export const sessionIds: Shape<readonly string[]> = (value) =>
	isObject(value) && Array.isArray(value.session_ids) && areApart(value.session_ids)
		? value.session_ids
		: undefined;

/** Two files in one session would become one. */
function areApart(ids: readonly unknown[]): ids is readonly string[] {
	return ids.every((id) => isString(id) && id !== '') && new Set(ids).size === ids.length;
}

function isAppendResult(value: unknown): value is AppendBatchResultEntry {
	return isObject(value) && (value['.tag'] === 'success' || value['.tag'] === 'failure');
}

export const appendBatchEntries: Shape<readonly AppendBatchResultEntry[]> = (value, requestId) =>
	isObject(value) && Array.isArray(value.entries) && value.entries.every(isAppendResult)
		? value.entries.map((entry) => traced(entry, requestId))
		: undefined;

function isStoredFile(value: unknown): value is StoredFile {
	return isObject(value) && value['.tag'] === 'file' && isString(value.name) && isCount(value.size);
}

function isStoredFolder(value: unknown): value is StoredFolder {
	return isObject(value) && value['.tag'] === 'folder' && isString(value.name);
}

/** `deleted` is nothing that is there. */
export const pathMetadata: Shape<StoredEntry | 'deleted'> = (value) => {
	if (isStoredFile(value) || isStoredFolder(value)) return value;
	return isObject(value) && isString(value['.tag']) ? 'deleted' : undefined;
};

export const folderPage: Shape<FolderPage> = (value) =>
	isObject(value) &&
	Array.isArray(value.entries) &&
	isString(value.cursor) &&
	typeof value.has_more === 'boolean'
		? {
				entries: value.entries.filter((entry) => isStoredFile(entry) || isStoredFolder(entry)),
				cursor: value.cursor,
				hasMore: value.has_more,
			}
		: undefined;

export const temporaryLink: Shape<string> = (value) =>
	isObject(value) && isString(value.link) && URL.canParse(value.link) ? value.link : undefined;

export const linkedEntry: Shape<LinkedEntry> = (value) => {
	if (!isObject(value) || !isString(value.name)) return undefined;
	const { '.tag': tag, name, size } = value;
	if (tag === 'folder') return { ...value, '.tag': tag, name };
	return tag === 'file' && isCount(size) ? { ...value, '.tag': tag, name, size } : undefined;
};
