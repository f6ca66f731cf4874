import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Page } from '../../shared/http/pages';
import type { Connection } from './connection';
import { CONTENT_URL } from './connection';
import { headerSafeJson } from './headerSafeJson';
import * as shapes from './shapes';
import type { FolderPage, LinkedEntry, StoredEntry } from './types';

/**
 * An address for one file or revision (`rev:…`) that gives its content to whoever has it, for four hours; 410
 * afterwards: https://www.dropbox.com/developers/documentation/http/documentation#files-get_temporary_link
 */
export async function getTemporaryLink(
	connection: Connection,
	path: string,
): Promise<CallOutcome<string>> {
	return await connection.rpc({
		name: 'files/get_temporary_link',
		argument: { path },
		shape: shapes.temporaryLink,
		errorUnion: 'files.GetTemporaryLinkError',
	});
}

/** A shared link, with the password that it may need. */
export interface GivenLink {
	readonly url: string;
	readonly password: string | undefined;
}

/** What a shared link leads to. `path_lower` only where that is in the account's own Dropbox. */
export async function getSharedLinkMetadata(
	connection: Connection,
	link: GivenLink,
): Promise<CallOutcome<LinkedEntry>> {
	return await connection.rpc({
		name: 'sharing/get_shared_link_metadata',
		argument: linkArgument(link),
		shape: shapes.linkedEntry,
		errorUnion: 'sharing.SharedLinkError',
		secrets: secretsOf(link),
	});
}

/**
 * How a file behind a link is asked for that the account doesn't have itself: with the token, and at Dropbox only.
 * `path`: of a file in a linked folder. https://www.dropbox.com/developers/documentation/http/documentation#sharing-get_shared_link_file
 */
export function sharedLinkFile(link: GivenLink, path: string | undefined) {
	const argument = { ...linkArgument(link), ...(path !== undefined && { path }) };
	return {
		url: `${CONTENT_URL}sharing/get_shared_link_file`,
		headers: { 'Dropbox-API-Arg': headerSafeJson(argument) },
	};
}

/** A folder of the account or of a link. A linked one isn't listed with everything below it. */
export interface ListedFolder {
	readonly path: string;
	readonly recursive: boolean;
	readonly link?: GivenLink;
}

/** A page of a folder, the first one without a cursor. The root's path is empty. */
export async function sourcePage(
	connection: Connection,
	folder: ListedFolder,
	cursor: string | undefined,
): Promise<Outcome<Page<StoredEntry>>> {
	const page =
		cursor === undefined
			? await firstPage(connection, folder)
			: await connection.rpc({
					name: 'files/list_folder/continue',
					argument: { cursor },
					shape: shapes.folderPage,
					errorUnion: 'files.ListFolderContinueError',
				});
	if (!page.ok) return page;
	const { cursor: next, entries, hasMore } = page.value;
	return success({ entries, next: hasMore ? next : undefined });
}

const PAGE_ENTRIES = 2_000;

async function firstPage(
	connection: Connection,
	folder: ListedFolder,
): Promise<CallOutcome<FolderPage>> {
	const { path, recursive, link } = folder;
	return await connection.rpc({
		name: 'files/list_folder',
		argument: {
			path,
			limit: PAGE_ENTRIES,
			...(recursive && { recursive }),
			...(link && {
				shared_link: {
					url: link.url,
					...(link.password !== undefined && { password: link.password }),
				},
			}),
		},
		shape: shapes.folderPage,
		errorUnion: 'files.ListFolderError',
		...(link && { secrets: secretsOf(link) }),
	});
}

function linkArgument({ password, url }: GivenLink): Record<string, string> {
	return { url, ...(password !== undefined && { link_password: password }) };
}

/** Whoever has a link has what it leads to. */
function secretsOf({ password, url }: GivenLink): string[] {
	return [url, ...(password === undefined ? [] : [password])];
}
