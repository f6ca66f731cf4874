import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import { endlessList } from '../shared/http/pages';
import { problemOf } from '../shared/fields/readItems';
import { isObject, toJson } from '../shared/json';
import { listValue } from '../shared/output/listValue';
import type { Connection } from './api/connection';
import { nameOf, parentOf, pathKey, storedForm } from './api/paths';
import { pageOf } from './api/lookups';
import type { StoredEntry } from './api/types';
import { connect, credentialOf, readOptions } from './run';

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

async function findFolders(
	context: ILoadOptionsFunctions,
	path: string,
	cursor: string | undefined,
): Promise<Outcome<Page>> {
	const options: unknown = context.getCurrentNodeParameter('options');
	try {
		const given = isObject(options) ? toJson(options) : {};
		const credential = await credentialOf(context);
		const read = readOptions(given, credential.accessType);
		// Somebody waits in front of the screen.
		return await foldersAt(connect(context, { ...read, maxRetries: 1 }, credential), path, cursor);
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
		const page = await pageOf(connection, parent, next);
		if (!page.ok) {
			// Somebody is still typing.
			const isNothing = NOT_THERE.has(page.failure.code);
			return isNothing ? success({ paths: [], next: undefined }) : page;
		}
		const { entries, next: following } = page.value;
		if (following !== undefined && following === next) return failed(endlessList('Dropbox'));
		next = following;
		const paths = foldersOf(entries, part).map((name) => `${parent}/${name}`);
		if (paths.length > 0 || next === undefined || pages >= MAX_PAGES) {
			return success({ paths: [...itself, ...paths], next });
		}
	}
}

function foldersOf(entries: readonly StoredEntry[], part: string): string[] {
	const folders = entries.filter((entry) => entry['.tag'] === 'folder');
	return folders.map(({ name }) => name).filter((name) => pathKey(name).includes(part));
}

const NOT_THERE = new Set(['path/not_found', 'path/not_folder', 'path/malformed_path']);
