import type { Call, Handlers } from '../call';
import { conflict } from '../commit';
import { badInput, CallRefused, nested, RouteFailure, tag, type Tagged } from '../errors';
import { folderMetadata, taggedMetadata } from '../metadata';
import { faultOfPath, isAsStored, pathFaultTag, withSuffix } from '../paths';
import { opensWith } from '../sharedLinks';
import type { Place } from '../space';
import { changeCount, type TreeNode } from '../tree';
import { checkJob } from './uploadBatch';

interface GetMetadataArgument {
	readonly path: string;
	readonly include_property_groups?: Tagged;
}

interface ListFolderArgument {
	readonly path: string;
	readonly recursive: boolean;
	readonly include_mounted_folders: boolean;
	readonly limit?: number;
	readonly shared_link?: { readonly url: string; readonly password?: string };
	readonly include_property_groups?: Tagged;
}

interface CreateFolderBatchArgument {
	readonly paths: readonly string[];
	readonly autorename: boolean;
	readonly force_async: boolean;
}

/** Where a listing has got to. */
interface Position {
	readonly argument: ListFolderArgument;
	readonly place: Place;
	/** Paths still to come, as they were when the listing began. */
	readonly pending: readonly { place: Place }[];
	/** What has changed after this is news once nothing is pending. */
	readonly since: number;
}

const createFolderJob = 'create_folder_batch';

export const listingRoutes: Handlers = {
	'files/get_metadata': getMetadata,
	'files/delete_v2': remove,
	'files/list_folder': listFolder,
	'files/list_folder/continue': listFolderContinue,
	'files/create_folder_batch': createFolderBatch,
	'files/create_folder_batch/check': async (call: Call<{ async_job_id: string }>) =>
		checkJob(call, createFolderJob),
};

async function getMetadata(call: Call<GetMetadataArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { place, node } = lookUp(call, argument.path);
	const showsGroups = argument.include_property_groups !== undefined;
	return taggedMetadata(state.space, view, place, node, showsGroups);
}

async function listFolder(call: Call<ListFolderArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { path } = argument;
	if (path === '/') {
		const hint = 'Specify the root folder as an empty string rather than as "/".';
		throw badInput(call.route, `request body: path: ${hint}`);
	}
	if (argument.shared_link !== undefined && argument.recursive) {
		// "Only non-recursive mode is supported for shared link", as the field's documentation says.
		throw badInput(call.route, 'request body: recursive: not supported with a shared link');
	}
	const place =
		argument.shared_link === undefined
			? folderAt(call, path)
			: folderInLink(call, argument.shared_link, path);
	const pending = state.space
		.below(view, place, argument.recursive)
		.filter(({ node }) => isListed(argument, node));
	return page(call, { argument, place, pending, since: changeCount() });
}

async function listFolderContinue(call: Call<{ cursor: string }>): Promise<unknown> {
	const { argument, state, view } = call;
	const position = state.cursors.find<Position>(argument.cursor, view.account.accountId);
	if (!position) throw badInput(call.route, 'request body: cursor: Invalid "cursor" parameter');
	if (position.pending.length > 0) return page(call, position);
	const news = state.space
		.below(view, position.place, position.argument.recursive)
		.filter(({ node }) => node.changedAt > position.since && isListed(position.argument, node));
	return page(call, { ...position, pending: news, since: changeCount() });
}

function page(call: Call<unknown>, position: Position): unknown {
	const { state, view } = call;
	const { argument, pending } = position;
	const { listFolderPageSize } = state.settings;
	const limit = Math.min(argument.limit ?? listFolderPageSize, listFolderPageSize);
	const rest = pending.slice(limit);
	const showsGroups = argument.include_property_groups !== undefined;
	const entries = pending.slice(0, limit).flatMap(({ place }) => {
		// Looked up again: what was deleted since is not listed.
		const node = place.tree.get(place.path);
		return node ? [taggedMetadata(state.space, view, place, node, showsGroups)] : [];
	});
	const cursor = state.cursors.make(view.account.accountId, { ...position, pending: rest });
	return { entries, cursor, has_more: rest.length > 0 };
}

function isListed(
	{ include_mounted_folders: mounted }: ListFolderArgument,
	node: TreeNode,
): boolean {
	return mounted || node.kind === 'file' || node.namespaceId === undefined;
}

async function createFolderBatch(call: Call<CreateFolderBatchArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const entries = argument.paths.map((path) => createFolder(call, path));
	const result = tag('complete', { entries });
	if (!argument.force_async) return result;
	const { jobPolls } = state.settings;
	const job = state.jobs.launch(createFolderJob, view.account.accountId, jobPolls, result);
	return tag('async_job_id', { async_job_id: job.id });
}

/** A folder goes with all that is in it. */
async function remove(call: Call<{ path: string }>): Promise<unknown> {
	const { argument, state, view } = call;
	const place = state.space.resolve(view, argument.path);
	const node = place?.tree.get(place.path);
	if (!place || !node) throw new RouteFailure(nested('path_lookup', tag('not_found')));
	const metadata = taggedMetadata(state.space, view, place, node);
	place.tree.remove(place.path);
	return { metadata };
}

function createFolder(call: Call<CreateFolderBatchArgument>, path: string): Tagged {
	const { argument, state, view } = call;
	const fail = (error: Tagged): Tagged => nested('failure', nested('path', error));
	const pathFault = faultOfPath(path);
	if (pathFault) return fail(pathFaultTag(pathFault, path));
	const place = state.space.resolve(view, path);
	if (!place || place.tree.isReadOnly) return fail(tag('no_write_permission'));
	if (state.space.fileAbove(place)) return fail(conflict('file_ancestor'));
	const { tree } = place;
	const existing = place.path === '' ? 'folder' : tree.get(place.path)?.kind;
	if (existing !== undefined && !argument.autorename) return fail(conflict(existing));
	let target = place.path;
	for (let number = 1; tree.get(target); number += 1) {
		target = withSuffix(place.path, String(number));
	}
	const folder = tree.putFolder(target);
	const created = { tree, path: folder.path };
	return tag('success', { metadata: folderMetadata(state.space, view, created, folder) });
}

/** Fails as the union `path: LookupError`, which all these routes have. */
export function lookUp(call: Call<unknown>, path: string): { place: Place; node: TreeNode } {
	const { space } = call.state;
	checkLookedUp(path);
	const place = space.resolve(call.view, path);
	const node = place?.tree.get(place.path);
	if (place && node) return { place, node };
	if (place?.path === '') throw rootRefused(call.route);
	throw pathFailure('not_found');
}

function folderAt(call: Call<unknown>, path: string): Place {
	const { state, view } = call;
	checkLookedUp(path);
	const place = state.space.resolve(view, path);
	if (!place) throw pathFailure('not_found');
	if (place.path === '') return place;
	const node = place.tree.get(place.path);
	if (!node) throw pathFailure('not_found');
	if (node.kind === 'file') throw pathFailure('not_folder');
	return place;
}

/** A path within what is shared begins there. */
function folderInLink(
	{ state }: Call<unknown>,
	{ url, password }: { readonly url: string; readonly password?: string },
	path: string,
): Place {
	const link = state.sharedLinks.byUrl(url);
	// Assumed: the union of this route has no reason for a link.
	if (!link || !opensWith(link, password)) throw pathFailure('not_found');
	const place = { tree: link.place.tree, path: link.place.path + path };
	const node = place.tree.get(place.path);
	if (!node) throw pathFailure('not_found');
	if (node.kind === 'file') throw pathFailure('not_folder');
	return place;
}

function checkLookedUp(path: string): void {
	if (faultOfPath(path) === 'malformed_path') {
		throw new RouteFailure(nested('path', pathFaultTag('malformed_path', path)));
	}
	if (!isAsStored(path)) throw pathFailure('not_found');
}

function pathFailure(name: string): RouteFailure {
	return new RouteFailure(nested('path', tag(name)));
}

function rootRefused(route: string): CallRefused {
	return badInput(route, 'request body: path: The root folder is unsupported.');
}
