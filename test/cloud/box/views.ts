import type { FileItem, FolderItem, Item, SharedLink } from './items';
import { ancestorsOf, currentVersion } from './items';
import type { Part, SessionState, UploadSession } from './sessions';

/** A file as a test sees it. */
export interface BoxFileView {
	readonly id: string;
	readonly name: string;
	readonly path: string;
	readonly parentId: string;
	readonly ownerId: string;
	readonly size: number;
	/** Hex. */
	readonly sha1: string;
	readonly etag: string;
	readonly versions: number;
	/** Hex, the oldest first; the present one's is above. */
	readonly earlierSha1s: readonly string[];
	readonly description: string;
	readonly contentCreatedAtMs: number;
	readonly contentModifiedAtMs: number;
	readonly isShared: boolean;
	readonly sharedLink: SharedLink | undefined;
	/** Undefined when larger than `keepBytesUpTo`. */
	readonly content: Buffer | undefined;
}

export interface BoxFolderView {
	readonly id: string;
	readonly name: string;
	readonly path: string;
	readonly parentId: string;
	readonly ownerId: string;
}

export interface BoxSessionView {
	readonly id: string;
	readonly state: SessionState;
	/** Neither used up nor expired. */
	readonly isOpen: boolean;
	readonly userId: string;
	readonly folderId: string | undefined;
	readonly fileId: string | undefined;
	readonly name: string | undefined;
	readonly fileSize: number;
	readonly partSize: number;
	readonly parts: readonly Part[];
}

export function fileView(file: FileItem): BoxFileView {
	const { size, sha1, content } = currentVersion(file);
	return {
		id: file.id,
		name: file.name,
		path: pathOf(file),
		parentId: file.parent?.id ?? '0',
		ownerId: file.ownerId,
		size,
		sha1,
		etag: String(file.etag),
		versions: file.versions.length,
		earlierSha1s: file.versions.slice(0, -1).map((version) => version.sha1),
		description: file.description,
		contentCreatedAtMs: file.contentCreatedAtMs,
		contentModifiedAtMs: file.contentModifiedAtMs,
		isShared: file.sharedLink !== undefined,
		sharedLink: file.sharedLink,
		content,
	};
}

export function folderView(folder: FolderItem): BoxFolderView {
	const { id, name, ownerId } = folder;
	return { id, name, ownerId, path: pathOf(folder), parentId: folder.parent?.id ?? '0' };
}

export function sessionView(session: UploadSession): BoxSessionView {
	const { id, state, isOpen, userId, target, fileSize, partSize, parts } = session;
	const { folderId, fileId, name } = target;
	return { id, state, isOpen, userId, folderId, fileId, name, fileSize, partSize, parts };
}

/** `/Reports/2024/a.pdf`, without the root's own name. */
function pathOf(item: Item): string {
	const names = [...ancestorsOf(item).slice(1), item].map(({ name }) => name);
	return `/${names.join('/')}`;
}
