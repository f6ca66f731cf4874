import { randomBytes } from 'node:crypto';
import { accountById, boxEnterpriseId } from '../accounts';
import type { Call, Handler } from '../call';
import { pathId, renderItem, textOf, timeOf } from '../call';
import { BoxFailure, badRequest, notFound } from '../errors';
import type { FolderItem, Item, SharedLink } from '../items';
import { checkIfMatch } from '../items';
import { boxTime, miniItem, miniUser, pickFields, webLink } from '../render';

export const getMe: Handler = (call) => {
	const account = accountById(call.userId);
	if (!account) throw notFound();
	const all: Record<string, unknown> = {
		...miniUser(account.id),
		created_at: boxTime(Date.UTC(2020, 0, 1)),
		modified_at: boxTime(Date.UTC(2024, 0, 1)),
		language: 'en',
		timezone: 'America/Los_Angeles',
		space_amount: call.state.settings.quotaBytes,
		space_used: call.state.items.usedBytes(account.id),
		max_upload_size: call.state.settings.maximumFileBytes,
		status: 'active',
		job_title: '',
		phone: '',
		address: '',
		avatar_url: `https://app.box.com/api/avatar/large/${account.id}`,
		notification_email: null,
	};
	const fields = call.query.fields;
	if (!Array.isArray(fields)) return { status: 200, json: all };
	const enterprise = { type: 'enterprise', id: boxEnterpriseId, name: 'Example Enterprise' };
	const picked: Record<string, unknown> = { type: 'user', id: account.id };
	for (const field of fields.map(String)) {
		if (field === 'enterprise') picked.enterprise = enterprise;
		else if (field in all) picked[field] = all[field];
	}
	return { status: 200, json: picked };
};

export const getFile: Handler = (call) => {
	const file = call.state.fileFor(call.userId, pathId(call), call.headers.boxapi);
	return unlessUnchanged(call, file);
};

export const updateFile: Handler = (call) => {
	const { items } = call.state;
	const file = items.file(call.userId, pathId(call));
	checkIfMatch(call.headers['if-match'], file);
	const known = new Set(['name', 'description', 'parent', 'shared_link', 'tags']);
	const unserved = Object.keys(call.json).filter((name) => !known.has(name));
	if (unserved.length > 0) throw badRequest(`Not served by this cloud: ${unserved.join(', ')}`);
	const parentId = textOf((call.json.parent as Record<string, unknown> | undefined)?.id);
	const parent = parentId === undefined ? file.parent : items.folder(call.userId, parentId);
	const name = textOf(call.json.name) ?? file.name;
	if (parent && (parent !== file.parent || name !== file.name)) {
		call.state.checkWrite(parent, name, file);
		items.move(file, parent, name);
	} else {
		items.touch(file);
	}
	file.description = textOf(call.json.description) ?? file.description;
	if (Array.isArray(call.json.tags)) file.tags = call.json.tags.map(String);
	if (call.json.shared_link !== undefined) file.sharedLink = readLink(call.json.shared_link);
	return { status: 200, json: renderItem(call, file) };
};

export const createFolder: Handler = (call) => {
	const name = String(call.json.name);
	const { id } = call.json.parent as Record<string, unknown>;
	const parent = call.state.folder(call.userId, String(id));
	call.state.checkWrite(parent, name);
	const folder = call.state.items.addFolder(parent, name);
	folder.missesLeft = call.state.settings.newFolderMisses;
	return { status: 201, json: renderItem(call, folder) };
};

/**
 * Moves a folder to the trash, which this cloud doesn't have; one that isn't empty wants `recursive`:
 * https://developer.box.com/reference/delete-folders-id/
 */
export const deleteFolder: Handler = (call) => {
	const folder = call.state.folder(call.userId, pathId(call));
	if (folder.children.size > 0 && call.query.recursive !== true) {
		throw new BoxFailure(400, 'folder_not_empty', 'Cannot delete - folder not empty');
	}
	call.state.items.remove(folder);
	return { status: 204 };
};

export const getFolder: Handler = (call) => {
	const folder = call.state.folder(call.userId, pathId(call));
	const reply = unlessUnchanged(call, folder);
	if (reply.status !== 200 || Array.isArray(call.query.fields)) return reply;
	return {
		status: 200,
		json: { ...renderItem(call, folder), item_collection: pageByOffset(call, folder, false) },
	};
};

export const listItems: Handler = (call) => {
	const folder = call.state.folderFor(call.userId, pathId(call), call.headers.boxapi);
	const isMarked = call.query.usemarker === true;
	if (call.query.marker !== undefined && !isMarked) {
		throw badRequest('marker needs usemarker=true');
	}
	return {
		status: 200,
		json: isMarked ? pageByMarker(call, folder) : pageByOffset(call, folder, true),
	};
};

function unlessUnchanged(call: Call, item: Item) {
	if (call.headers['if-none-match'] === String(item.etag)) return { status: 304 };
	return { status: 200, json: renderItem(call, item) };
}

function pageByOffset(call: Call, folder: FolderItem, withFields: boolean) {
	const offset = Number(call.query.offset ?? 0);
	const limit = Number(call.query.limit ?? 100);
	const by = textOf(call.query.sort) ?? 'name';
	const direction = textOf(call.query.direction) ?? 'ASC';
	const sorted = listed(call, folder).sort(
		(a, b) =>
			// Folders come first whatever the order is.
			Number(a.type === 'file') - Number(b.type === 'file') ||
			compare(a, b, by) * (direction === 'ASC' ? 1 : -1),
	);
	return {
		total_count: sorted.length,
		entries: sorted.slice(offset, offset + limit).map((item) => entry(call, item, withFields)),
		offset,
		limit,
		order: [
			{ by: 'type', direction: 'ASC' },
			{ by, direction },
		],
	};
}

/** A marker names the last item given, so that a page is right although the folder has changed. */
function pageByMarker(call: Call, folder: FolderItem) {
	const limit = Number(call.query.limit ?? 100);
	const marker = textOf(call.query.marker);
	const after = marker ? Buffer.from(marker, 'base64url').toString() : '';
	if (marker && !/^\d+$/.test(after)) throw badRequest('marker is not valid');
	const rest = listed(call, folder)
		.filter((item) => after === '' || Number(item.id) > Number(after))
		.sort((a, b) => Number(a.id) - Number(b.id));
	const page = rest.slice(0, limit);
	const last = page.at(-1);
	const next = last && rest.length > limit ? Buffer.from(last.id).toString('base64url') : null;
	const entries = page.map((item) => entry(call, item, true));
	const links = next === null ? folder.webLinks.map((link) => webLink(link)) : [];
	return { limit, next_marker: next, entries: [...entries, ...links] };
}

/** What is in a folder, as far as its list has caught up. */
function listed(call: Call, folder: FolderItem): Item[] {
	const { settings } = call.state;
	const items = [...folder.children.values()];
	if (settings.unlistedFolders <= 0) return items;
	settings.unlistedFolders -= 1;
	return items.filter(({ type }) => type !== 'folder');
}

function entry(call: Call, item: Item, withFields: boolean) {
	const fields = withFields ? call.query.fields : undefined;
	return Array.isArray(fields) ? pickFields(item, fields.map(String)) : miniItem(item);
}

function compare(a: Item, b: Item, by: string): number {
	if (by === 'id') return Number(a.id) - Number(b.id);
	if (by === 'date') return a.modifiedAtMs - b.modifiedAtMs;
	if (by === 'size') return sizeOf(a) - sizeOf(b);
	return a.name.localeCompare(b.name, 'en');
}

function sizeOf(item: Item): number {
	return item.type === 'file' ? (item.versions.at(-1)?.size ?? 0) : 0;
}

function readLink(value: unknown): SharedLink | undefined {
	if (value === null) return undefined;
	const link = value as Record<string, unknown>;
	const permissions = (link.permissions ?? {}) as Record<string, boolean>;
	const access = (textOf(link.access) ?? 'open') as SharedLink['access'];
	if (access !== 'open' && typeof link.password === 'string') {
		throw new BoxFailure(400, 'bad_request', 'Only an open link can have a password');
	}
	return {
		access,
		token: randomBytes(16).toString('hex'),
		hasPassword: typeof link.password === 'string',
		password: textOf(link.password),
		vanityName: textOf(link.vanity_name),
		unsharedAtMs: timeOf(link.unshared_at),
		canDownload: permissions.can_download ?? true,
		canEdit: permissions.can_edit ?? false,
	};
}
