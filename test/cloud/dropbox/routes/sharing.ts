import type { Call, Handlers } from '../call';
import { nested, RouteFailure, tag, type Tagged } from '../errors';
import { sharedFileMetadata } from '../sharedFiles';
import { linkMetadata, type LinkSettings } from '../sharedLinks';
import { isAsStored } from '../paths';
import type { Place } from '../space';
import { keyOf, type FileNode } from '../tree';
import { lookUp } from './listing';

interface CreateLinkArgument {
	readonly path: string;
	readonly settings?: LinkSettings;
}

interface ListLinksArgument {
	readonly path?: string;
	readonly cursor?: string;
	readonly direct_only?: boolean;
}

interface FileMetadataArgument {
	readonly file: string;
	readonly actions?: readonly Tagged[];
}

interface FileMetadataBatchArgument {
	readonly files: readonly string[];
	readonly actions?: readonly Tagged[];
}

export const sharingRoutes: Handlers = {
	'sharing/create_shared_link_with_settings': createLink,
	'sharing/list_shared_links': listLinks,
	'sharing/get_file_metadata': getFileMetadata,
	'sharing/get_file_metadata/batch': getFileMetadataBatch,
};

async function createLink(call: Call<CreateLinkArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { place, node } = lookUp(call, argument.path);
	const { settings = {} } = argument;
	const existing = state.sharedLinks.find(view.account.accountId, node.id);
	if (existing) {
		const metadata = linkMetadata(state.space, view, place, node, existing);
		const inner = tag('metadata', { metadata });
		throw new RouteFailure(nested('shared_link_already_exists', inner));
	}
	const needsPlan = settings.expires !== undefined || settings.require_password === true;
	if (settings.require_password === true && settings.link_password === undefined) {
		throw settingsError('invalid_settings');
	}
	if (needsPlan && !view.account.team) throw settingsError('not_authorized');
	const link = state.sharedLinks.create(view.account.accountId, place, node, settings);
	return linkMetadata(state.space, view, place, node, link);
}

function settingsError(name: string): RouteFailure {
	return new RouteFailure(nested('settings_error', tag(name)));
}

/** With a path: links to it and, unless only direct ones are wanted, to the folders above it. */
async function listLinks(call: Call<ListLinksArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { accountId } = view.account;
	let from = 0;
	if (argument.cursor !== undefined) {
		const position = state.cursors.find<number>(argument.cursor, accountId);
		if (position === undefined) throw new RouteFailure(tag('reset'));
		from = position;
	}
	const at = argument.path === undefined ? undefined : lookUp(call, argument.path).place;
	const links = state.sharedLinks.all(accountId).flatMap((link) => {
		const node = link.place.tree.get(link.place.path);
		if (!node || (at && !reaches(link.place, at, argument.direct_only === true))) return [];
		return [linkMetadata(state.space, view, link.place, node, link)];
	});
	const to = from + state.settings.sharedLinksPageSize;
	const hasMore = to < links.length;
	return {
		links: links.slice(from, to),
		has_more: hasMore,
		...(hasMore && { cursor: state.cursors.make(accountId, to) }),
	};
}

function reaches(linked: Place, wanted: Place, directOnly: boolean): boolean {
	if (linked.tree !== wanted.tree) return false;
	const [link, path] = [keyOf(linked.path), keyOf(wanted.path)];
	return link === path || (!directOnly && path.startsWith(`${link}/`));
}

async function getFileMetadata(call: Call<FileMetadataArgument>): Promise<unknown> {
	const { argument, state } = call;
	const { userError } = state.sharing;
	if (userError) throw new RouteFailure(nested('user_error', tag(userError)));
	const found = sharedFile(call, argument.file);
	if ('accessError' in found) {
		throw new RouteFailure(nested('access_error', tag(found.accessError)));
	}
	return sharedFileMetadata(state, call.view, found.place, found.file, argument.actions ?? []);
}

async function getFileMetadataBatch(call: Call<FileMetadataBatchArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const { userError } = state.sharing;
	if (userError) throw new RouteFailure(tag(userError));
	return argument.files.map((file) => {
		const found = sharedFile(call, file);
		if ('accessError' in found) {
			return { file, result: nested('access_error', tag(found.accessError)) };
		}
		const { actions = [] } = argument;
		const metadata = sharedFileMetadata(state, view, found.place, found.file, actions);
		return { file, result: { '.tag': 'metadata', ...metadata } };
	});
}

type Found = { readonly place: Place; readonly file: FileNode } | { readonly accessError: string };

function sharedFile({ state, view }: Call<unknown>, name: string): Found {
	const path = name.replace(/^nspath:([0-9]+):/, 'ns:$1');
	const scripted = state.sharing.accessErrors[name];
	if (scripted !== undefined) return { accessError: scripted };
	const place = isAsStored(path) ? state.space.resolve(view, path) : undefined;
	const node = place?.tree.get(place.path);
	if (!place || !node) return { accessError: 'invalid_file' };
	if (node.kind === 'folder') return { accessError: 'is_folder' };
	return { place, file: node };
}
