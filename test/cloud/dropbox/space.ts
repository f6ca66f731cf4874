/** All namespaces together, and the paths that lead into them. */
import { accounts, teamFolder, type Account } from './accounts';
import { parentOf, Tree, type FileNode, type TreeNode } from './tree';

/** A place in a namespace, whether something is there or not. */
export interface Place {
	readonly tree: Tree;
	readonly path: string;
}

/** Whose eyes see a path: `/x` starts at `rootId`, `ns:1/x` reaches into what the account may see. */
export interface View {
	readonly account: Account;
	readonly rootId: string;
}

interface Mount {
	readonly intoNamespaceId: string;
	readonly path: string;
	readonly namespaceId: string;
}

/** Of an account; without a path when it is not mounted. */
export interface SharedFolder {
	readonly name: string;
	readonly namespaceId: string;
	readonly path: string | undefined;
	readonly isTeamFolder: boolean;
}

export const appFolderNamespaceId = '1000000100';
const appFolderPath = '/Apps/Upload Sessions';

export class Space {
	private trees = new Map<string, Tree>();
	private mounts: Mount[] = [];
	private unmounted: Array<SharedFolder & { readonly accountId: string }> = [];

	constructor() {
		this.reset();
	}

	reset(): void {
		this.trees = new Map();
		this.mounts = [];
		this.unmounted = [];
		for (const { homeNamespaceId, rootNamespaceId, displayName } of accounts) {
			if (rootNamespaceId !== homeNamespaceId) {
				this.mount(rootNamespaceId, `/${displayName}`, homeNamespaceId);
			}
		}
		const [personal] = accounts;
		if (personal) this.mount(personal.rootNamespaceId, appFolderPath, appFolderNamespaceId);
		const member = accounts.find((account) => account.team);
		if (member) this.mount(member.rootNamespaceId, `/${teamFolder.name}`, teamFolder.namespaceId);
	}

	/** A namespace becomes a folder of another one. */
	mount(intoNamespaceId: string, path: string, namespaceId: string, isReadOnly = false): void {
		this.trees.set(namespaceId, new Tree(namespaceId, isReadOnly));
		this.mounts.push({ intoNamespaceId, path, namespaceId });
		this.treeOf(intoNamespaceId).putFolder(path, namespaceId);
	}

	/**
	 * A folder that somebody shares, and that the account hasn't added to its Dropbox: its members reach it by its
	 * namespace (https://developers.dropbox.com/dbx-team-files-guide#namespaces).
	 */
	share(accountId: string, name: string, namespaceId: string): void {
		this.trees.set(namespaceId, new Tree(namespaceId));
		this.unmounted.push({ accountId, name, namespaceId, path: undefined, isTeamFolder: false });
	}

	/** Team folders and shared folders of an account, mounted or not. */
	sharedFolders(account: Account): SharedFolder[] {
		const isHome = new Set(accounts.map(({ homeNamespaceId }) => homeNamespaceId));
		const visible = this.visibleTo(account);
		const mounted = this.mounts
			.filter(({ intoNamespaceId }) => visible.has(intoNamespaceId))
			.filter(({ namespaceId }) => !isHome.has(namespaceId) && namespaceId !== appFolderNamespaceId)
			.map(({ namespaceId, path }) => ({
				name: path.slice(path.lastIndexOf('/') + 1),
				namespaceId,
				path,
				isTeamFolder: namespaceId === teamFolder.namespaceId,
			}));
		return [
			...mounted,
			...this.unmounted.filter(({ accountId }) => accountId === account.accountId),
		];
	}

	tree(namespaceId: string): Tree | undefined {
		return this.trees.get(namespaceId);
	}

	allTrees(namespaceId?: string): Tree[] {
		return [...this.trees.values()].filter(
			(tree) => namespaceId === undefined || tree.namespaceId === namespaceId,
		);
	}

	/** The namespaces an account sees: its root, its home and what is mounted in them. */
	visibleTo(account: Account): Set<string> {
		const shared = this.unmounted.filter(({ accountId }) => accountId === account.accountId);
		const ids = shared.map(({ namespaceId }) => namespaceId);
		const seen = new Set([account.homeNamespaceId, account.rootNamespaceId, ...ids]);
		// A set's iteration includes what is added meanwhile: mounts within mounts.
		for (const namespaceId of seen) {
			for (const mount of this.mounts) {
				if (mount.intoNamespaceId !== namespaceId) continue;
				if (!isSomebodyElsesHome(mount.namespaceId, account)) seen.add(mount.namespaceId);
			}
		}
		return seen;
	}

	/**
	 * Where a path of any of Dropbox's forms leads. Undefined when a namespace, id or revision in it
	 * is unknown to the account.
	 */
	resolve(view: View, path: string): Place | undefined {
		const namespaced = /^ns:([0-9]+)(.*)$/s.exec(path);
		if (namespaced) {
			const [, id = '', rest = ''] = namespaced;
			const tree = this.visibleTo(view.account).has(id) ? this.tree(id) : undefined;
			return tree && this.walk(view, tree, rest);
		}
		if (path.startsWith('id:')) return this.find(view, (node) => node.id === path);
		if (path.startsWith('rev:')) {
			return this.find(view, (node) => node.kind === 'file' && `rev:${node.rev}` === path);
		}
		return this.walk(view, this.treeOf(view.rootId), path);
	}

	/** The path by which a view sees a place; undefined when it is not mounted there. */
	pathIn(view: View, place: Place): string | undefined {
		if (place.tree.namespaceId === view.rootId) return place.path;
		for (const { intoNamespaceId, path, namespaceId } of this.mounts) {
			if (namespaceId !== place.tree.namespaceId) continue;
			const above = this.pathIn(view, { tree: this.treeOf(intoNamespaceId), path });
			if (above !== undefined) return above + place.path;
		}
		return undefined;
	}

	/** Everything below a place, mounted namespaces included. */
	below(view: View, place: Place, recursive: boolean): { place: Place; node: TreeNode }[] {
		return place.tree.below(place.path, recursive).flatMap((node) => {
			const here = { place: { tree: place.tree, path: node.path }, node };
			const mounted = node.kind === 'folder' ? node.namespaceId : undefined;
			if (mounted === undefined) return [here];
			if (isSomebodyElsesHome(mounted, view.account)) return [];
			const inner = { tree: this.treeOf(mounted), path: '' };
			return recursive ? [here, ...this.below(view, inner, true)] : [here];
		});
	}

	/** The file that bars the way to a path, if one of its parents is no folder. */
	fileAbove(place: Place): FileNode | undefined {
		for (let path = parentOf(place.path); path !== ''; path = parentOf(path)) {
			const node = place.tree.get(path);
			if (node?.kind === 'file') return node;
		}
		return undefined;
	}

	usedBytes(account: Account): number {
		let bytes = 0;
		for (const id of this.visibleTo(account)) {
			for (const node of this.tree(id)?.all() ?? []) {
				if (node.kind === 'file') bytes += node.content.size;
			}
		}
		return bytes;
	}

	private walk(view: View, from: Tree, path: string): Place | undefined {
		let tree = from;
		let rest = '';
		for (const name of path.split('/').slice(1)) {
			rest += `/${name}`;
			const node = tree.get(rest);
			const mounted = node?.kind === 'folder' ? node.namespaceId : undefined;
			if (mounted === undefined) continue;
			if (isSomebodyElsesHome(mounted, view.account)) return undefined;
			tree = this.treeOf(mounted);
			rest = '';
		}
		return { tree, path: rest };
	}

	private find(view: View, isIt: (node: TreeNode) => boolean): Place | undefined {
		for (const id of this.visibleTo(view.account)) {
			const tree = this.tree(id);
			for (const node of tree?.all() ?? []) {
				if (tree && isIt(node)) return { tree, path: node.path };
			}
		}
		return undefined;
	}

	private treeOf(namespaceId: string): Tree {
		let tree = this.trees.get(namespaceId);
		if (!tree) {
			tree = new Tree(namespaceId);
			this.trees.set(namespaceId, tree);
		}
		return tree;
	}
}

function isSomebodyElsesHome(namespaceId: string, account: Account): boolean {
	return accounts.some((other) => other !== account && other.homeNamespaceId === namespaceId);
}
