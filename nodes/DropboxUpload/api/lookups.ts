import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Page } from '../../shared/http/pages';
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

/**
 * A page of a folder, the first one without a cursor, without its subfolders' content. The root's path is
 * empty. `reset` means that the listing has to begin anew.
 */
export async function pageOf(
	connection: Connection,
	path: string,
	cursor: string | undefined,
): Promise<Outcome<Page<StoredEntry>>> {
	const page =
		cursor === undefined
			? await listFolder(connection, path)
			: await listFolderContinue(connection, cursor);
	if (!page.ok) return page;
	const { cursor: next, entries, hasMore } = page.value;
	return success({ entries, next: hasMore ? next : undefined });
}

async function listFolder(connection: Connection, path: string): Promise<CallOutcome<FolderPage>> {
	return await connection.rpc({
		name: 'files/list_folder',
		argument: { path, limit: FOLDER_PAGE },
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderError',
	});
}

async function listFolderContinue(
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
