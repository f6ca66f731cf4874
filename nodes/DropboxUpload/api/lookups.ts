import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import * as shapes from './shapes';
import type { FolderPage, StoredEntry } from './types';

/** What is at a path; fails with `path/not_found` where nothing is. */
export async function getMetadata(
	connection: Connection,
	path: string,
): Promise<CallOutcome<StoredEntry | 'deleted'>> {
	return await connection.rpc({
		name: 'files/get_metadata',
		argument: { path },
		shape: shapes.pathMetadata,
		errorUnion: 'files.GetMetadataError',
	});
}

const FOLDER_PAGE = 2_000;

/** The first page of a folder, without its subfolders' content. The root's path is empty. */
export async function listFolder(
	connection: Connection,
	path: string,
): Promise<CallOutcome<FolderPage>> {
	return await connection.rpc({
		name: 'files/list_folder',
		argument: { path, limit: FOLDER_PAGE },
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderError',
	});
}

/** The next page; `reset` means that the listing has to begin anew. */
export async function listFolderContinue(
	connection: Connection,
	cursor: string,
): Promise<CallOutcome<FolderPage>> {
	return await connection.rpc({
		name: 'files/list_folder/continue',
		argument: { cursor },
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderContinueError',
	});
}
