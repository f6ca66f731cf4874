import { fileReply } from '../../core/downloads';
import { FileResult, type Call, type Handlers } from '../call';
import { readable } from '../contentHash';
import { nested, RouteFailure, tag } from '../errors';
import { fileMetadata } from '../metadata';
import { linkMetadata, opensWith, type SharedLink } from '../sharedLinks';
import type { Place } from '../space';
import type { FileNode, TreeNode } from '../tree';
import { lookUp } from './listing';

export const temporaryLinkHost = 'uc0a1b2c3d4e5f.dl.dropboxusercontent.com';

interface LinkArgument {
	readonly url: string;
	readonly path?: string;
	readonly link_password?: string;
}

export const downloadRoutes: Handlers = {
	'files/download': download,
	'files/get_temporary_link': getTemporaryLink,
	'sharing/get_shared_link_metadata': getSharedLinkMetadata,
	'sharing/get_shared_link_file': getSharedLinkFile,
};

/** What n8n's own node and rclone read files with: https://www.dropbox.com/developers/documentation/http/documentation#files-download */
async function download(call: Call<{ readonly path: string }>): Promise<unknown> {
	const { place, node } = fileAt(call, call.argument.path);
	if (node.exportAs !== undefined) throw new RouteFailure(tag('unsupported_file'));
	const file = { name: node.name, content: readable(node.content) };
	return new FileResult(
		fileMetadata(call.state.space, call.view, place, node),
		fileReply(call.request, file, `W/"${node.rev}"`),
	);
}

async function getTemporaryLink(call: Call<{ readonly path: string }>): Promise<unknown> {
	const { argument, state, view } = call;
	const { place, node } = fileAt(call, argument.path);
	if (node.exportAs !== undefined) throw new RouteFailure(tag('unsupported_file'));
	if (node.linkRefusal !== undefined) throw new RouteFailure(node.linkRefusal);
	const file = { name: node.name, content: readable(node.content) };
	const token = state.downloads.issue(file, state.settings.temporaryLinkMs);
	return {
		metadata: fileMetadata(state.space, view, place, node),
		link: `https://${temporaryLinkHost}/cd/0/get/${token}/file`,
	};
}

/** A revision that was replaced is still there. */
function fileAt(
	call: Call<unknown>,
	path: string,
): { readonly place: Place; readonly node: FileNode } {
	const rev = /^rev:(.+)$/.exec(path)?.[1];
	if (rev !== undefined) {
		const { space } = call.state;
		for (const id of space.visibleTo(call.view.account)) {
			const tree = space.tree(id);
			const node = tree?.revision(rev);
			if (tree && node) return { place: { tree, path: node.path }, node };
		}
	}
	const { place, node } = lookUp(call, path);
	if (node.kind === 'folder') throw new RouteFailure(nested('path', tag('not_file')));
	return { place, node };
}

async function getSharedLinkMetadata(call: Call<LinkArgument>): Promise<unknown> {
	const { link, node, place } = linked(call);
	const metadata = linkMetadata(call.state.space, call.view, place, node, link);
	const isOwn = call.state.space.visibleTo(call.view.account).has(place.tree.namespaceId);
	// "path_lower: if the linked item is in the authenticated user's Dropbox", as its type's documentation says.
	return isOwn ? metadata : { ...metadata, path_lower: undefined };
}

/** Files of a link have no link of their own: they come with the answer. */
async function getSharedLinkFile(call: Call<LinkArgument>): Promise<unknown> {
	const { link, node, place } = linked(call);
	if (node.kind === 'folder') throw new RouteFailure(tag('shared_link_is_directory'));
	if (node.exportAs !== undefined) throw new RouteFailure(tag('unsupported_link_type'));
	const metadata = linkMetadata(call.state.space, call.view, place, node, link);
	const file = { name: node.name, content: readable(node.content) };
	return new FileResult(metadata, fileReply(call.request, file, `W/"${node.rev}"`));
}

function linked({ argument, state, view }: Call<LinkArgument>): {
	readonly link: SharedLink;
	readonly place: Place;
	readonly node: TreeNode;
} {
	const link = state.sharedLinks.byUrl(argument.url);
	if (!link) throw new RouteFailure(tag('shared_link_not_found'));
	const isOwner = link.accountId === view.account.accountId;
	if (!isOwner && !opensWith(link, argument.link_password)) {
		throw new RouteFailure(tag('shared_link_access_denied'));
	}
	const place = { tree: link.place.tree, path: link.place.path + (argument.path ?? '') };
	const node = place.tree.get(place.path);
	if (!node) throw new RouteFailure(tag('shared_link_not_found'));
	return { link, place, node };
}
