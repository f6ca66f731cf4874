import { appFolderNamespaceId, type Place, type Space, type View } from './space';
import type { FileNode, FolderNode, TreeNode } from './tree';

/** FileMetadata without a tag, as `upload` and `finish` answer it. */
export function fileMetadata(
	space: Space,
	view: View,
	place: Place,
	file: FileNode,
	showPropertyGroups = true,
): Record<string, unknown> {
	return {
		name: file.name,
		...pathFields(space, view, place),
		...sharedFolderField(view, place),
		id: file.id,
		client_modified: file.clientModified,
		server_modified: file.serverModified,
		rev: file.rev,
		size: file.content.size,
		is_downloadable: file.exportAs === undefined,
		...(file.exportAs === undefined
			? { content_hash: file.content.contentHash }
			: { export_info: { export_as: file.exportAs } }),
		...(showPropertyGroups && file.propertyGroups && { property_groups: file.propertyGroups }),
		...(isShared(view, place) && {
			sharing_info: {
				read_only: place.tree.isReadOnly,
				parent_shared_folder_id: place.tree.namespaceId,
				modified_by: view.account.accountId,
			},
		}),
	};
}

export function folderMetadata(
	space: Space,
	view: View,
	place: Place,
	folder: FolderNode,
): Record<string, unknown> {
	return {
		name: folder.name,
		...pathFields(space, view, place),
		...sharedFolderField(view, place),
		id: folder.id,
		...(folder.namespaceId && {
			shared_folder_id: folder.namespaceId,
			sharing_info: { read_only: false, shared_folder_id: folder.namespaceId },
		}),
	};
}

/** Metadata with the tag that says what it is. */
export function taggedMetadata(
	space: Space,
	view: View,
	place: Place,
	node: TreeNode,
	showPropertyGroups = false,
): Record<string, unknown> {
	return node.kind === 'file'
		? { '.tag': 'file', ...fileMetadata(space, view, place, node, showPropertyGroups) }
		: { '.tag': 'folder', ...folderMetadata(space, view, place, node) };
}

/** Absent for what is not mounted under the view's root. */
export function pathFields(space: Space, view: View, place: Place): Record<string, string> {
	const node = place.tree.get(place.path);
	const path = space.pathIn(view, { tree: place.tree, path: node?.path ?? place.path });
	return path === undefined ? {} : { path_lower: path.toLowerCase(), path_display: path };
}

function isShared({ account }: View, { tree }: Place): boolean {
	return ![account.homeNamespaceId, account.rootNamespaceId, appFolderNamespaceId].includes(
		tree.namespaceId,
	);
}

function sharedFolderField(view: View, place: Place): Record<string, string> {
	return isShared(view, place) ? { parent_shared_folder_id: place.tree.namespaceId } : {};
}
