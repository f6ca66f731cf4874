/** The one folder that a run works in: made by it, and removed by it. */
import type { BoxApi } from './box/api';
import { API as BOX_API } from './box/api';
import { DropboxApi, reasonOf } from './dropbox/api';
import type { Wire } from './wire';

export class FolderExists extends Error {}

/** Throws FolderExists, or a text that says why the folder can't be made. */
export async function makeDropboxFolder(
	wire: Wire,
	name: string,
	pollMs?: number,
): Promise<DropboxApi> {
	const api = new DropboxApi(wire, `/${name}`, pollMs);
	const argument = { paths: [api.folder], autorename: false, force_async: false };
	const route = 'files/create_folder_batch';
	const launched = await api.rpc(route, argument);
	const { async_job_id: job } = launched.json ?? {};
	const end = job === undefined ? launched : await api.jobEnd(`${route}/check`, String(job));
	const [entry] = end.json?.entries ?? [];
	if (reasonOf(entry?.failure).startsWith('path/conflict')) throw new FolderExists(api.folder);
	if (entry?.['.tag'] !== 'success') throw new Error(`no folder could be made (${end.status})`);
	return api;
}

/** Gives what could not be removed, by name. */
export async function removeDropboxFolder(api: DropboxApi): Promise<string[]> {
	const removed = await api.rpc('files/delete_v2', { path: api.folder });
	if (removed.status === 200) return [];
	if (reasonOf(removed.json?.error) === 'path_lookup/not_found') return [];
	const listed = await api.rpc('files/list_folder', { path: api.folder, recursive: true });
	const entries = listed.json?.entries ?? [];
	const paths = entries.map(({ path_display: path = '' }) => path);
	return [...new Set([api.folder, ...paths])];
}

/** Throws FolderExists, or a text that says why the folder can't be made. Gives its ID. */
export async function makeBoxFolder(inRoot: BoxApi, name: string): Promise<string> {
	const body = { name, parent: { id: '0' } };
	const made = await inRoot.json('POST /folders', `${BOX_API}/folders`, body);
	if (made.status === 409) throw new FolderExists(`/${name}`);
	if (made.status !== 201) throw new Error(`no folder could be made (${made.status})`);
	return String(made.json?.id);
}

/** Gives what could not be removed, by name. */
export async function removeBoxFolder(api: BoxApi, name: string): Promise<string[]> {
	const url = `${BOX_API}/folders/${api.folderId}`;
	const removed = await api.wire.send('DELETE /folders/:id', `${url}?recursive=true`, {
		method: 'DELETE',
	});
	if (removed.status === 204 || removed.status === 404) return [];
	const listed = await api.get('GET /folders/:id/items', `${url}/items?limit=1000`);
	const entries = listed.json?.entries ?? [];
	return [`/${name}`, ...entries.map((entry) => `/${name}/${entry.name ?? ''}`)];
}
