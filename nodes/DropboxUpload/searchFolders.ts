import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { success } from '../shared/failure';
import { nextFound } from '../shared/http/pages';
import { listInEditor } from '../shared/operation/listInEditor';
import type { Connection } from './api/connection';
import { nameOf, parentOf, pathKey, storedForm } from './api/paths';
import { pageOf } from './api/lookups';
import type { StoredEntry } from './api/types';
import { connectInEditor } from './run';

interface Paths {
	readonly paths: readonly string[];
	readonly next: string | undefined;
}

/**
 * The list of Folder: the folders of the top folder, or of the one that the filter names up to its last
 * slash, as far as their names hold the rest of it.
 */
export async function searchFolders(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const entered = filter?.trim() ?? '';
	const absolute = /^(?:\/|ns:)/.test(entered) ? entered : `/${entered}`;
	const path = storedForm(absolute.replace(/\/+/g, '/'));
	const { paths, next } = await listInEditor(this, 'Dropbox', async (options) => {
		const connection = await connectInEditor(this, options);
		return await foldersAt(connection, path, paginationToken);
	});
	const isTyped = entered !== '' && paginationToken === undefined;
	const results = paths.map((name) => ({ name, value: name }));
	return {
		results: isTyped ? [...results, ...newFolder(path, paths)] : results,
		paginationToken: next,
	};
}

/** What was typed can be chosen too: the upload creates it. */
function newFolder(typed: string, paths: readonly string[]): INodeListSearchItems[] {
	const path = typed.replace(/\/+$/, '');
	const isThere = paths.some((there) => pathKey(there) === pathKey(path));
	// A namespace is a folder that is there, and dots are no name.
	const cannotBeNew = /^ns:[0-9]*$|\/\.+(?:\/|$)/.test(path);
	if (path === '' || isThere || cannotBeNew) return [];
	return [{ name: `${path} (new folder)`, value: path }];
}

async function foldersAt(
	connection: Connection,
	path: string,
	cursor: string | undefined,
): Promise<Outcome<Paths>> {
	const parent = parentOf(path);
	const part = pathKey(nameOf(path));
	const itself = cursor === undefined && part === '' ? [parent || '/'] : [];
	const page = await nextFound(
		'Dropbox',
		cursor,
		async (next) => await pageOf(connection, parent, next),
		(entries) => foldersOf(entries, part).map((name) => `${parent}/${name}`),
	);
	if (page.ok) return success({ paths: [...itself, ...page.value.found], next: page.value.next });
	// Somebody is still typing.
	const isNothing = NOT_THERE.has(page.failure.code);
	return isNothing ? success({ paths: [], next: undefined }) : page;
}

function foldersOf(entries: readonly StoredEntry[], part: string): string[] {
	const folders = entries.filter((entry) => entry['.tag'] === 'folder');
	return folders.map(({ name }) => name).filter((name) => pathKey(name).includes(part));
}

const NOT_THERE = new Set(['path/not_found', 'path/not_folder', 'path/malformed_path']);
