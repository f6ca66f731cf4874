import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import { endlessList } from '../shared/http/pages';
import { problemOf } from '../shared/fields/readItems';
import { isObject } from '../shared/json';
import { listValue } from '../shared/output/listValue';
import type { Connection } from './api/connection';
import { nameOf, parentOf, pathKey, storedForm } from './api/paths';
import { listFolder, listFolderContinue } from './api/lookups';
import { accessTypeOf, connect, readOptions } from './run';

/** Pages of 2,000 that are read at once to find a folder among the files. */
const MAX_PAGES = 5;

interface Page {
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
	const { paths, next } = listValue(this, await findFolders(this, path, paginationToken));
	return { results: paths.map((name) => ({ name, value: name })), paginationToken: next };
}

async function findFolders(
	context: ILoadOptionsFunctions,
	path: string,
	cursor: string | undefined,
): Promise<Outcome<Page>> {
	const options: unknown = context.getCurrentNodeParameter('options');
	try {
		const given = isObject(options) ? (options as IDataObject) : {};
		const read = readOptions(given, await accessTypeOf(context));
		// Somebody waits in front of the screen.
		return await foldersAt(connect(context, { ...read, maxRetries: 1 }), path, cursor);
	} catch (error) {
		return failed(problemOf(error, 'Dropbox'));
	}
}

async function foldersAt(
	connection: Connection,
	path: string,
	cursor: string | undefined,
): Promise<Outcome<Page>> {
	const parent = parentOf(path);
	const part = pathKey(nameOf(path));
	const itself = cursor === undefined && part === '' ? [parent || '/'] : [];
	let next = cursor;
	for (let pages = 1; ; pages++) {
		const page =
			next === undefined
				? await listFolder(connection, parent)
				: await listFolderContinue(connection, next);
		// Somebody is still typing.
		if (!page.ok && NOT_THERE.has(page.failure.path))
			return success({ paths: [], next: undefined });
		if (!page.ok) return page;
		const { cursor: following, entries, hasMore } = page.value;
		if (hasMore && following === next) return failed(endlessList('Dropbox'));
		next = hasMore ? following : undefined;
		const paths = entries
			.filter((entry) => entry['.tag'] === 'folder' && pathKey(entry.name).includes(part))
			.map(({ name }) => `${parent}/${name}`);
		if (paths.length > 0 || next === undefined || pages >= MAX_PAGES) {
			return success({ paths: [...itself, ...paths], next });
		}
	}
}

const NOT_THERE = new Set(['path/not_found', 'path/not_folder', 'path/malformed_path']);
