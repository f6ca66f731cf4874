import type { GeneratedContent } from '../../engine/types';
import type { Clock } from '../core/clock';
import { notFound, preconditionFailed } from './errors';
import { checkName, foldName } from './names';

export interface FileVersion {
	readonly id: string;
	readonly sha1: string;
	readonly size: number;
	readonly createdAtMs: number;
	/** Undefined when the file was larger than what the cloud keeps. */
	readonly content: Buffer | undefined;
	/** What the bytes can be made of again. */
	readonly generated?: GeneratedContent | undefined;
}

/** A bookmark in a folder; it has no content. */
export interface WebLinkItem {
	readonly id: string;
	readonly name: string;
	readonly url: string;
}

export interface SharedLink {
	readonly access: 'open' | 'company' | 'collaborators';
	readonly token: string;
	readonly hasPassword: boolean;
	readonly password: string | undefined;
	readonly vanityName: string | undefined;
	readonly unsharedAtMs: number | undefined;
	readonly canDownload: boolean;
	readonly canEdit: boolean;
}

interface ItemBase {
	readonly id: string;
	readonly ownerId: string;
	name: string;
	parent: FolderItem | undefined;
	description: string;
	/** Box's etag counts changes of an item from "0". */
	etag: number;
	sequenceId: number;
	readonly createdAtMs: number;
	modifiedAtMs: number;
	contentCreatedAtMs: number;
	contentModifiedAtMs: number;
}

export interface FileItem extends ItemBase {
	readonly type: 'file';
	readonly versions: FileVersion[];
	sharedLink: SharedLink | undefined;
	tags: readonly string[];
	/** Why Box gives out no content, such as a policy on malicious files. */
	refusal: { readonly status: number; readonly code: string } | undefined;
}

export interface FolderItem extends ItemBase {
	readonly type: 'folder';
	readonly children: Map<string, Item>;
	readonly webLinks: WebLinkItem[];
	sharedLink: SharedLink | undefined;
	canUpload: boolean;
	/** So many calls do not find it yet. */
	missesLeft: number;
}

export type Item = FileItem | FolderItem;

export interface NewContent {
	readonly sha1: string;
	readonly size: number;
	readonly content: Buffer | undefined;
	readonly generated?: GeneratedContent;
	readonly description?: string;
	readonly contentCreatedAtMs?: number;
	readonly contentModifiedAtMs?: number;
}

/** The folders and files of every account. Each has a root folder "0" of its own. */
export class ItemTree {
	private readonly roots = new Map<string, FolderItem>();
	private readonly items = new Map<string, Item>();
	private readonly used = new Map<string, number>();
	private lastId = 1_234_500_000;

	constructor(private readonly clock: Clock) {}

	folder(userId: string, id: string): FolderItem {
		const item = id === '0' ? this.root(userId) : this.items.get(id);
		if (item?.type !== 'folder' || item.ownerId !== userId) throw notFound();
		return item;
	}

	file(userId: string, id: string): FileItem {
		const item = this.items.get(id);
		if (item?.type !== 'file' || item.ownerId !== userId) throw notFound();
		return item;
	}

	/**
	 * What a link opens, which the header `BoxApi: shared_link=[link]&shared_link_password=[password]` names:
	 * https://developer.box.com/reference/get-shared-items/
	 */
	shared(header: string | undefined): Item | undefined {
		const url = /^shared_link=([^&]+)(?:&|$)/.exec(header ?? '')?.[1];
		const password = /&shared_link_password=(.*)$/.exec(header ?? '')?.[1];
		return this.all().find(
			({ sharedLink: link }) =>
				link !== undefined &&
				url === `https://app.box.com/s/${link.token}` &&
				link.password === password,
		);
	}

	/** Everything that has been placed, by its ID; whoever asks is not looked at. */
	byId(id: string): Item | undefined {
		return this.items.get(id);
	}

	addWebLink(folder: FolderItem, name: string, url: string): void {
		folder.webLinks.push({ id: this.newId(), name, url });
	}

	child(folder: FolderItem, name: string): Item | undefined {
		return folder.children.get(foldName(name));
	}

	all(): Item[] {
		return [...this.items.values()];
	}

	/** Every version counts. */
	usedBytes(userId: string): number {
		return this.used.get(userId) ?? 0;
	}

	addFolder(parent: FolderItem, name: string): FolderItem {
		const folder: FolderItem = {
			...this.newItem(parent, name),
			type: 'folder',
			children: new Map(),
			webLinks: [],
			sharedLink: undefined,
			canUpload: true,
			missesLeft: 0,
		};
		return this.place(folder, parent);
	}

	addFile(parent: FolderItem, name: string, content: NewContent): FileItem {
		const file: FileItem = {
			...this.newItem(parent, name),
			type: 'file',
			versions: [this.newVersion(parent.ownerId, content)],
			sharedLink: undefined,
			tags: [],
			refusal: undefined,
		};
		describe(file, content);
		return this.place(file, parent);
	}

	addVersion(file: FileItem, content: NewContent): void {
		file.versions.push(this.newVersion(file.ownerId, content));
		this.touch(file);
		file.contentModifiedAtMs = file.modifiedAtMs;
		describe(file, content);
	}

	/** Renames, moves, or both. The caller has looked for conflicts. */
	move(item: Item, parent: FolderItem, name: string): void {
		checkName(name);
		item.parent?.children.delete(foldName(item.name));
		item.name = name;
		item.parent = parent;
		parent.children.set(foldName(name), item);
		this.touch(item);
	}

	touch(item: Item): void {
		item.etag += 1;
		item.sequenceId += 1;
		item.modifiedAtMs = this.clock.now();
	}

	remove(item: Item): void {
		item.parent?.children.delete(foldName(item.name));
		this.items.delete(item.id);
		if (item.type === 'folder') for (const child of item.children.values()) this.remove(child);
		else for (const version of item.versions) this.use(item.ownerId, -version.size);
	}

	private root(userId: string): FolderItem {
		let root = this.roots.get(userId);
		if (!root) {
			root = {
				...this.newItem(undefined, 'All Files'),
				id: '0',
				ownerId: userId,
				type: 'folder',
				children: new Map(),
				webLinks: [],
				sharedLink: undefined,
				canUpload: true,
				missesLeft: 0,
			};
			this.roots.set(userId, root);
		}
		return root;
	}

	private place<T extends Item>(item: T, parent: FolderItem): T {
		if (this.child(parent, item.name)) throw new Error(`${item.name} is there already`);
		this.items.set(item.id, item);
		parent.children.set(foldName(item.name), item);
		return item;
	}

	private newItem(parent: FolderItem | undefined, name: string): ItemBase {
		checkName(name);
		const nowMs = this.clock.now();
		return {
			id: this.newId(),
			ownerId: parent?.ownerId ?? '',
			name,
			parent,
			description: '',
			etag: 0,
			sequenceId: 0,
			createdAtMs: nowMs,
			modifiedAtMs: nowMs,
			contentCreatedAtMs: nowMs,
			contentModifiedAtMs: nowMs,
		};
	}

	private newVersion(ownerId: string, { sha1, size, content, generated }: NewContent): FileVersion {
		this.use(ownerId, size);
		return { id: this.newId(), sha1, size, content, generated, createdAtMs: this.clock.now() };
	}

	private use(ownerId: string, bytes: number): void {
		this.used.set(ownerId, this.usedBytes(ownerId) + bytes);
	}

	private newId(): string {
		this.lastId += 1;
		return String(this.lastId);
	}
}

export function currentVersion(file: FileItem): FileVersion {
	const version = file.versions.at(-1);
	if (!version) throw new Error(`File ${file.id} has no version`);
	return version;
}

/** From the root down to the item's parent. */
export function ancestorsOf(item: Item): FolderItem[] {
	const ancestors: FolderItem[] = [];
	for (let folder = item.parent; folder; folder = folder.parent) ancestors.unshift(folder);
	return ancestors;
}

export function checkIfMatch(header: string | undefined, item: Item | undefined): void {
	if (header === undefined) return;
	if (!item || header.replace(/^"(.*)"$/, '$1') !== String(item.etag)) {
		throw preconditionFailed();
	}
}

function describe(file: FileItem, content: NewContent): void {
	if (content.description !== undefined) file.description = content.description;
	file.contentCreatedAtMs = content.contentCreatedAtMs ?? file.contentCreatedAtMs;
	file.contentModifiedAtMs = content.contentModifiedAtMs ?? file.contentModifiedAtMs;
}
