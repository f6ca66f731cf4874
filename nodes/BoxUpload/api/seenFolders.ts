import type { StoredItem } from './types';

/** More would take memory for a call each. */
const MAX_ITEMS = 20_000;

/** Whole folders that this run has listed on the way to others, until it looks at what is in them. */
export class SeenFolders {
	private readonly folders = new Map<string, readonly StoredItem[]>();
	private count = 0;

	add(folderId: string, items: readonly StoredItem[]): void {
		if (this.folders.has(folderId) || this.count + items.length > MAX_ITEMS) return;
		this.folders.set(folderId, items);
		this.count += items.length;
	}

	itemsIn(folderId: string): readonly StoredItem[] | undefined {
		return this.folders.get(folderId);
	}

	/** Once only: from then on the run itself changes what is in the folder. */
	take(folderId: string): readonly StoredItem[] | undefined {
		const items = this.folders.get(folderId);
		this.folders.delete(folderId);
		this.count -= items?.length ?? 0;
		return items;
	}
}
