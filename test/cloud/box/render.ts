import type { BoxAccount } from './accounts';
import { accountById } from './accounts';
import type { FileItem, FolderItem, Item, SharedLink, WebLinkItem } from './items';
import { ancestorsOf, currentVersion } from './items';

type Json = Record<string, unknown>;

/** Box writes times to the second and with an offset, never with a Z. */
export function boxTime(atMs: number): string {
	const pacific = new Date(atMs - 8 * 60 * 60 * 1000).toISOString();
	return `${pacific.slice(0, 19)}-08:00`;
}

export function miniUser(accountId: string): Json {
	const account: BoxAccount | undefined = accountById(accountId);
	if (!account) throw new Error(`No account ${accountId}`);
	return { type: 'user', id: account.id, name: account.name, login: account.login };
}

export function miniFolder(folder: FolderItem): Json {
	// The root folder has neither an etag nor a sequence id.
	const isRoot = folder.parent === undefined;
	return {
		type: 'folder',
		id: folder.id,
		sequence_id: isRoot ? null : String(folder.sequenceId),
		etag: isRoot ? null : String(folder.etag),
		name: folder.name,
	};
}

export function miniFile(file: FileItem): Json {
	const version = currentVersion(file);
	return {
		type: 'file',
		id: file.id,
		file_version: { type: 'file_version', id: version.id, sha1: version.sha1 },
		sequence_id: String(file.sequenceId),
		etag: String(file.etag),
		sha1: version.sha1,
		name: file.name,
	};
}

export function miniItem(item: Item): Json {
	return item.type === 'file' ? miniFile(item) : miniFolder(item);
}

export function webLink({ id, name, url }: WebLinkItem): Json {
	return { type: 'web_link', id, etag: '0', name, url };
}

/** What an endpoint answers when no `fields` are asked for. */
export function standardFile(file: FileItem): Json {
	return {
		...miniFile(file),
		...common(file),
		size: currentVersion(file).size,
		shared_link: file.sharedLink ? sharedLink(file.sharedLink) : null,
	};
}

export function standardFolder(folder: FolderItem): Json {
	return {
		...miniFolder(folder),
		...common(folder),
		size: totalSize(folder),
		shared_link: folder.sharedLink ? sharedLink(folder.sharedLink) : null,
		folder_upload_email: null,
	};
}

/** With `fields`, Box answers type, id and etag and those only; some are to be had in no other way. */
export function pickFields(item: Item, fields: readonly string[]): Json {
	const all: Json = item.type === 'file' ? fullFile(item) : fullFolder(item);
	const picked: Json = { type: all.type, id: all.id, etag: all.etag };
	for (const field of fields) if (field in all) picked[field] = all[field];
	return picked;
}

function fullFile(file: FileItem): Json {
	const dot = file.name.lastIndexOf('.');
	return {
		...standardFile(file),
		version_number: String(file.versions.length),
		comment_count: 0,
		extension: dot > 0 ? file.name.slice(dot + 1) : '',
		...(file.tags.length > 0 ? { tags: file.tags } : {}),
		is_externally_owned: false,
		has_collaborations: false,
		uploader_display_name: miniUser(file.ownerId).name,
	};
}

function fullFolder(folder: FolderItem): Json {
	return { ...standardFolder(folder), has_collaborations: false, is_externally_owned: false };
}

function common(item: Item): Json {
	const owner = miniUser(item.ownerId);
	const ancestors = ancestorsOf(item);
	const isRoot = item.parent === undefined;
	return {
		description: item.description,
		path_collection: { total_count: ancestors.length, entries: ancestors.map(miniFolder) },
		created_at: isRoot ? null : boxTime(item.createdAtMs),
		modified_at: isRoot ? null : boxTime(item.modifiedAtMs),
		trashed_at: null,
		purged_at: null,
		content_created_at: isRoot ? null : boxTime(item.contentCreatedAtMs),
		content_modified_at: isRoot ? null : boxTime(item.contentModifiedAtMs),
		created_by: owner,
		modified_by: owner,
		owned_by: owner,
		parent: item.parent ? miniFolder(item.parent) : null,
		item_status: 'active',
	};
}

function sharedLink(link: SharedLink): Json {
	const permission = link.canEdit ? 'can_edit' : link.canDownload ? 'can_download' : 'can_preview';
	return {
		url: `https://app.box.com/s/${link.token}`,
		download_url: link.canDownload ? `https://app.box.com/shared/static/${link.token}` : null,
		vanity_url: link.vanityName ? `https://app.box.com/v/${link.vanityName}` : null,
		vanity_name: link.vanityName ?? null,
		access: link.access,
		effective_access: link.access,
		effective_permission: permission,
		unshared_at: link.unsharedAtMs === undefined ? null : boxTime(link.unsharedAtMs),
		is_password_enabled: link.hasPassword,
		permissions: {
			can_download: link.canDownload,
			can_preview: true,
			can_edit: link.canEdit,
		},
		download_count: 0,
		preview_count: 0,
	};
}

function totalSize(folder: FolderItem): number {
	let size = 0;
	for (const child of folder.children.values()) {
		size += child.type === 'file' ? currentVersion(child).size : totalSize(child);
	}
	return size;
}
