import { randomBytes } from 'node:crypto';
import type { StoredContent } from './contentHash';
import type { Tagged } from './errors';
import { storedForm } from './paths';

export interface PropertyGroup {
	readonly template_id: string;
	readonly fields: readonly { readonly name: string; readonly value: string }[];
}

interface Node {
	readonly id: string;
	readonly name: string;
	/** As somebody wrote it first; names are compared without case. */
	readonly path: string;
	/** Counts up with each change in any namespace, for cursors. */
	readonly changedAt: number;
}

export interface FileNode extends Node {
	readonly kind: 'file';
	readonly rev: string;
	readonly content: StoredContent;
	readonly clientModified: string;
	readonly serverModified: string;
	readonly propertyGroups: readonly PropertyGroup[] | undefined;
	/** Of a cloud document, which has no bytes of its own: what `files/export` would make of it. */
	readonly exportAs?: string;
	/** Why Dropbox gives nobody a link to the content. */
	readonly linkRefusal?: Tagged;
}

export interface FolderNode extends Node {
	readonly kind: 'folder';
	/** Another namespace is mounted here. */
	readonly namespaceId: string | undefined;
}

export type TreeNode = FileNode | FolderNode;

let changes = 0;

/** The files and folders of one namespace. Its root has the path ''. */
export class Tree {
	private readonly nodes = new Map<string, TreeNode>();
	/** Revisions that were replaced can still be read. */
	private readonly revisions = new Map<string, FileNode>();

	constructor(
		readonly namespaceId: string,
		/** Members may read but not write here. */
		readonly isReadOnly = false,
	) {}

	get(path: string): TreeNode | undefined {
		return this.nodes.get(keyOf(path));
	}

	*all(): Iterable<TreeNode> {
		yield* this.nodes.values();
	}

	/** Everything below a folder, or only its direct children, by path. */
	below(path: string, recursive: boolean): TreeNode[] {
		const prefix = `${keyOf(path)}/`;
		const found: [string, TreeNode][] = [];
		for (const [key, node] of this.nodes) {
			if (!key.startsWith(prefix)) continue;
			if (recursive || !key.includes('/', prefix.length)) found.push([key, node]);
		}
		return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, node]) => node);
	}

	putFile(path: string, file: Omit<FileNode, 'kind' | 'name' | 'path' | 'changedAt'>): FileNode {
		const node: FileNode = { ...file, ...this.place(path), kind: 'file' };
		this.nodes.set(keyOf(path), node);
		this.revisions.set(node.rev, node);
		return node;
	}

	revision(rev: string): FileNode | undefined {
		return this.revisions.get(rev);
	}

	putFolder(path: string, namespaceId?: string): FolderNode {
		const id = newId();
		const node: FolderNode = { ...this.place(path), id, kind: 'folder', namespaceId };
		this.nodes.set(keyOf(path), node);
		return node;
	}

	remove(path: string): void {
		for (const node of this.below(path, true)) this.nodes.delete(keyOf(node.path));
		this.nodes.delete(keyOf(path));
	}

	/** Makes the folders above, and gives the path the case they have. */
	private place(path: string): Pick<Node, 'name' | 'path' | 'changedAt'> {
		const parent = parentOf(path);
		let parentPath = '';
		if (parent !== '') parentPath = (this.get(parent) ?? this.putFolder(parent)).path;
		const name = storedForm(path.slice(path.lastIndexOf('/') + 1));
		return { name, path: `${parentPath}/${name}`, changedAt: ++changes };
	}
}

export function keyOf(path: string): string {
	return storedForm(path).toLowerCase();
}

/** The path above, '' for the root. */
export function parentOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/'));
}

export function newId(): string {
	return `id:${randomBytes(16).toString('base64url')}`;
}

/** At least nine hexadecimal digits, growing. */
export function newRev(): string {
	return (0x0160_0000_0000 + ++changes).toString(16).padStart(14, '0');
}

export function changeCount(): number {
	return changes;
}
