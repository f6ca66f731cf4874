import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import type { Listing } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { itemsPage, listFolderPage } from '../api/folders';
import type { StoredItem } from '../api/types';
import { nameKey } from './types';

const FIELDS = [
	...['name', 'size', 'sha1', 'etag', 'created_at', 'content_modified_at', 'file_version'],
	// Where it is, for what comes out of a file that is skipped.
	...['parent', 'path_collection'],
];

/** What is in a folder, without what is in its subfolders. */
export async function itemsIn(
	connection: Connection,
	folderId: string,
	maxPages: number,
): Promise<Outcome<Listing<StoredItem>>> {
	const files: StoredItem[] = [];
	const listed = await readPages<StoredItem>(
		'Box',
		async (marker) => itemsPage(await listFolderPage(connection, folderId, FIELDS, marker)),
		(item) => {
			files.push(item);
		},
		{ maxPages },
	);
	return listed.ok ? success({ files, complete: listed.value.complete }) : listed;
}

/** The same before the run has sent anything: a folder that was listed on the way is not listed again. */
export async function itemsBefore(
	connection: Connection,
	folderId: string,
	maxPages: number,
): Promise<Outcome<Listing<StoredItem>>> {
	const files = connection.seenFolders.take(folderId);
	if (files !== undefined) return success({ files, complete: true });
	return await itemsIn(connection, folderId, maxPages);
}

/** The item of this name in a folder, also one that was listed on the way to another. */
export async function childOf(
	connection: Connection,
	folderId: string,
	name: string,
): Promise<Outcome<StoredItem | undefined>> {
	const seen = connection.seenFolders.itemsIn(folderId);
	return seen === undefined
		? await childNow(connection, folderId, name)
		: success(seen.find((item) => hasName(item, name)));
}

/** The item of this name, as Box lists it now. What fits on one page is kept for who needs it next. */
export async function childNow(
	connection: Connection,
	folderId: string,
	name: string,
): Promise<Outcome<StoredItem | undefined>> {
	let found: StoredItem | undefined;
	const listed = await readPages<StoredItem>(
		'Box',
		async (marker) => {
			const page = itemsPage(await listFolderPage(connection, folderId, FIELDS, marker));
			if (page.ok && marker === undefined && page.value.next === undefined) {
				connection.seenFolders.add(folderId, page.value.entries);
			}
			return page;
		},
		(item) => {
			if (!hasName(item, name)) return false;
			found = item;
			return true;
		},
	);
	return listed.ok ? success(found) : listed;
}

function hasName(item: StoredItem, name: string): boolean {
	return nameKey(item.name ?? '') === nameKey(name);
}
