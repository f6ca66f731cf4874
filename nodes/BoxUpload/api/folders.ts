import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { firstWay } from '../../shared/http/missingRoutes';
import type { Page } from '../../shared/http/pages';
import type { Connection } from './connection';
import { API_URL } from './connection';
import { idSegment } from './endpoint';
import { isRouteRefused } from './failures/refusedRoute';
import * as shapes from './shapes';
import type { ItemsPage, SearchPage, StoredItem } from './types';

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const LIST_ITEMS = 'GET /folders/:id/items';
const ITEMS_PAGE = 1_000;
const SEARCH_PAGE = 100;

/** Whether there is a folder with this ID; the root is 0. Its list shows that as well. */
export async function getFolder(
	connection: Connection,
	folderId: string,
): Promise<CallOutcome<Pick<StoredItem, 'id'>>> {
	return await firstWay<Pick<StoredItem, 'id'>>(
		connection.client.accountKey,
		[
			{
				route: 'GET /folders/:id',
				call: async () =>
					await connection.send({
						method: 'GET',
						url: `${API_URL}/folders/${idSegment(folderId)}?fields=name`,
						shape: shapes.storedItem,
					}),
			},
			{
				route: LIST_ITEMS,
				call: async () => {
					const listed = await listFolderPage(connection, folderId, ['name']);
					return listed.ok ? { ...listed, ...success({ id: folderId }) } : listed;
				},
			},
		],
		isRouteRefused,
	);
}

/** A folder with its name and the folder that it lies in. */
export async function getFolderInParent(
	connection: Connection,
	folderId: string,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'GET',
		url: `${API_URL}/folders/${idSegment(folderId)}?fields=name,parent`,
		shape: shapes.storedItem,
		folderId,
	});
}

/** One page of what is in a folder. Pages by marker have no end that is too far, those by offset have. */
export async function listFolderPage(
	connection: Connection,
	folderId: string,
	fields: readonly string[],
	marker?: string,
): Promise<CallOutcome<ItemsPage>> {
	const url = new URL(`${API_URL}/folders/${idSegment(folderId)}/items`);
	url.searchParams.set('fields', fields.join(','));
	url.searchParams.set('usemarker', 'true');
	url.searchParams.set('limit', String(ITEMS_PAGE));
	if (marker !== undefined) url.searchParams.set('marker', marker);
	return await connection.send({ method: 'GET', url: url.href, shape: shapes.itemsPage, folderId });
}

export function itemsPage(page: Outcome<ItemsPage>): Outcome<Page<StoredItem>> {
	if (!page.ok) return page;
	const { entries, next_marker: next } = page.value;
	return success({ entries, next: next || undefined });
}

/** Fails with 409 where something has the name. */
export async function createFolder(
	connection: Connection,
	parentId: string,
	name: string,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'POST',
		url: `${API_URL}/folders?fields=name`,
		headers: JSON_HEADERS,
		body: JSON.stringify({ name, parent: { id: parentId } }),
		shape: shapes.storedItem,
		folderId: parentId,
	});
}

/** Folders by their name, anywhere that the user may look. */
export async function searchFolders(
	connection: Connection,
	query: string,
	offset: number,
): Promise<CallOutcome<SearchPage>> {
	const url = new URL(`${API_URL}/search`);
	url.searchParams.set('query', query);
	url.searchParams.set('type', 'folder');
	url.searchParams.set('content_types', 'name');
	url.searchParams.set('fields', 'name,path_collection');
	url.searchParams.set('limit', String(SEARCH_PAGE));
	url.searchParams.set('offset', String(offset));
	return await connection.send({ method: 'GET', url: url.href, shape: shapes.searchPage });
}
