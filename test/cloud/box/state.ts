import type { Clock } from '../core/clock';
import { Downloads } from '../core/downloads';
import { RateWindow } from '../core/rateWindow';
import { BoxFailure, notFound } from './errors';
import type { FileItem, FolderItem, Item, NewContent } from './items';
import { ancestorsOf, ItemTree } from './items';
import { checkName } from './names';
import { KnownParts } from './knownParts';
import { miniItem } from './render';
import type { BoxSettings } from './settings';
import type { SessionTarget } from './sessions';
import { UploadSession } from './sessions';

/** Everything Box remembers, and the checks that every way of writing a file shares. */
export class BoxState {
	items: ItemTree;
	sessions = new Map<string, UploadSession>();
	readonly knownParts = new KnownParts();
	readonly downloads: Downloads;
	private readonly rateWindow: RateWindow;

	constructor(
		readonly settings: BoxSettings,
		readonly clock: Clock,
	) {
		this.items = new ItemTree(clock);
		this.downloads = new Downloads(clock);
		this.rateWindow = new RateWindow(clock);
	}

	reset(): void {
		this.items = new ItemTree(this.clock);
		this.sessions.clear();
		this.knownParts.forget();
		this.downloads.reset();
		this.rateWindow.reset();
	}

	checkRate(route: string): void {
		if (this.settings.rateLimited > 0) {
			this.settings.rateLimited -= 1;
			throw tooMany({ 'retry-after': String(this.settings.retryAfterSec) });
		}
		const refusal = this.rateWindow.refusal(this.settings.rateLimit, route);
		if (refusal) throw tooMany(refusal);
	}

	/** Throws what Box answers when this name cannot be written here; `except` may have it already. */
	checkWrite(folder: FolderItem, name: string, except?: Item): void {
		checkName(name);
		if (!folder.canUpload) {
			throw new BoxFailure(
				403,
				'access_denied_insufficient_permissions',
				'Access denied - insufficient permission',
			);
		}
		this.passTemporaryBlocks();
		const there = this.items.child(folder, name);
		if (there && there !== except) throw this.nameInUse(there);
	}

	/** Quota and file size limit, for the versions of one user. */
	checkSpace(userId: string, sizeBytes: number): void {
		if (sizeBytes > this.settings.maximumFileBytes) {
			throw new BoxFailure(
				403,
				'file_size_limit_exceeded',
				"File size exceeds the folder owner's file size limit",
			);
		}
		if (this.items.usedBytes(userId) + sizeBytes > this.settings.quotaBytes) {
			throw new BoxFailure(403, 'storage_limit_exceeded', 'Account storage limit reached');
		}
	}

	/** The folder that a call is about: one that is new may not be found at once. */
	folder(userId: string, id: string): FolderItem {
		const folder = this.items.folder(userId, id);
		if (folder.missesLeft <= 0) return folder;
		folder.missesLeft -= 1;
		throw notFound();
	}

	/** A file that is the user's own, or lies in what a link opens. */
	fileFor(userId: string, id: string, header: string | undefined): FileItem {
		const item = this.sharedItem(id, header);
		if (item?.type === 'file') return item;
		return this.items.file(userId, id);
	}

	/** The same for a folder. */
	folderFor(userId: string, id: string, header: string | undefined): FolderItem {
		const item = this.sharedItem(id, header);
		if (item?.type === 'folder') return item;
		return this.folder(userId, id);
	}

	/** "This header can be used on the file or folder shared, as well as on any files or folders nested within the item." */
	private sharedItem(id: string, header: string | undefined): Item | undefined {
		const opened = this.items.shared(header);
		const item = this.items.byId(id);
		if (!opened || !item) return undefined;
		return item === opened || ancestorsOf(item).some((folder) => folder === opened)
			? item
			: undefined;
	}

	createSession(userId: string, target: SessionTarget, fileSize: number): UploadSession {
		const session = new UploadSession(userId, target, fileSize, this.settings, this.clock);
		this.sessions.set(session.id, session);
		return session;
	}

	session(userId: string, id: string): UploadSession {
		const session = this.sessions.get(id);
		if (!session) {
			if (/^[0-9A-F]{1,32}$/.test(id)) throw notFound('Upload session not found');
			throw new BoxFailure(
				400,
				'invalid_upload_session_id',
				'The upload session ID provided in the URL is not of a valid format.',
			);
		}
		session.assertUsable(userId);
		return session;
	}

	/** The only places where a file's bytes become visible. */
	storeFile(folder: FolderItem, name: string, content: NewContent) {
		this.checkWrite(folder, name);
		this.checkSpace(folder.ownerId, content.size);
		return this.items.addFile(folder, name, content);
	}

	storeVersion(userId: string, fileId: string, name: string | undefined, content: NewContent) {
		const file = this.items.file(userId, fileId);
		const folder = file.parent;
		if (!folder) throw notFound();
		this.checkWrite(folder, name ?? file.name, file);
		this.checkSpace(userId, content.size);
		if (name !== undefined && name !== file.name) this.items.move(file, folder, name);
		this.items.addVersion(file, content);
		return file;
	}

	private passTemporaryBlocks(): void {
		if (this.settings.blockedTemporary > 0) {
			this.settings.blockedTemporary -= 1;
			throw new BoxFailure(
				409,
				'operation_blocked_temporary',
				'The operation is blocked by another ongoing operation',
			);
		}
		if (this.settings.nameReserved > 0) {
			this.settings.nameReserved -= 1;
			throw new BoxFailure(
				409,
				'name_temporarily_reserved',
				'The item name is reserved by another processing item',
			);
		}
	}

	private nameInUse(there: Item): BoxFailure {
		const conflict = miniItem(there);
		const message = 'Item with the same name already exists';
		if (this.settings.conflictsAs === 'none') {
			return new BoxFailure(409, 'item_name_in_use', message);
		}
		// Folders have always answered a list; uploads answer the one item.
		const asList = there.type === 'folder' || this.settings.conflictsAs === 'array';
		return new BoxFailure(409, 'item_name_in_use', message, {
			conflicts: asList ? [conflict] : conflict,
		});
	}
}

function tooMany(headers: Record<string, string>): BoxFailure {
	return new BoxFailure(
		429,
		'rate_limit_exceeded',
		'Request rate limit exceeded, try again later.',
		undefined,
		headers,
	);
}
