import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import type { Outcome } from '../shared/failure';
import { failed, success } from '../shared/failure';
import { endlessList } from '../shared/http/pages';
import { isObject } from '../shared/json';
import { listInEditor } from '../shared/operation/listInEditor';
import type { Connection } from './api/connection';
import { listFolderPage, searchFolders as searchByName } from './api/folders';
import type { StoredItem } from './api/types';
import { connectInEditor } from './run';

const ALL_FILES = { name: 'All Files', value: '0', url: 'https://app.box.com/folder/0' };

interface Page {
	readonly folders: readonly StoredItem[];
	readonly next: string | undefined;
}

/** The list of Parent Folder: what lies in All Files, or the folders of a name wherever they lie. */
export async function searchFolders(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const typed = filter?.trim() ?? '';
	const { folders, next } = await listInEditor(this, 'Box', async (options) => {
		const connection = await connectInEditor(this, options);
		return typed === ''
			? await topFolders(connection, paginationToken)
			: await named(connection, typed, paginationToken);
	});
	const isFirst = paginationToken === undefined && !filter;
	const results = folders.map((folder) => ({
		name: labelOf(folder),
		value: folder.id,
		url: `https://app.box.com/folder/${folder.id}`,
	}));
	// An upload creates missing folders, a session does not.
	const mayBeNew =
		paginationToken === undefined && this.getCurrentNodeParameter('operation') === 'upload';
	return {
		results: [
			...(isFirst ? [ALL_FILES] : []),
			...results,
			...(mayBeNew ? newFolder(typed, results) : []),
		],
		paginationToken: next,
	};
}

/** What was typed can be chosen too, as a path; a name of a folder may be taken elsewhere. */
function newFolder(
	typed: string,
	found: ReadonlyArray<{ readonly name: string }>,
): INodeListSearchItems[] {
	const path = `/${typed.replace(/^\/+|\/+$/g, '')}`;
	const isThere = found.some(({ name }) => name.toLowerCase() === path.toLowerCase());
	return path === '/' || isThere ? [] : [{ name: `${path} (new folder)`, value: path }];
}

async function topFolders(
	connection: Connection,
	token: string | undefined,
): Promise<Outcome<Page>> {
	const page = await listFolderPage(connection, ALL_FILES.value, ['name'], token);
	if (!page.ok) return page;
	const { entries, next_marker: next } = page.value;
	if (next && next === token) return failed(endlessList('Box'));
	return success({ folders: entries.filter(isFolder), next: next || undefined });
}

async function named(
	connection: Connection,
	name: string,
	token: string | undefined,
): Promise<Outcome<Page>> {
	const offset = Number(token ?? 0);
	const page = await searchByName(connection, name, offset);
	if (!page.ok) return page;
	const { entries, total_count: total } = page.value;
	const nextOffset = offset + entries.length;
	const hasMore = entries.length > 0 && nextOffset < total;
	return success({
		folders: entries.filter(isFolder),
		next: hasMore ? String(nextOffset) : undefined,
	});
}

function isFolder({ type }: StoredItem): boolean {
	return type === 'folder';
}

/** Found folders of one name differ by where they lie. */
function labelOf({ id, name = id, path_collection: path }: StoredItem): string {
	if (!isObject(path) || !Array.isArray(path.entries)) return name;
	const names = path.entries
		.slice(1)
		.map((parent: unknown) => (isObject(parent) ? String(parent.name) : ''));
	return ['', ...names, name].join('/');
}
