import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { Connection } from '../api/connection';
import { MAX_NAME_CHARACTERS } from '../fields/fileName';
import { itemsIn } from './existing';
import { nameKey } from './types';

/** More than so many pages of 1,000 items are not read to find a free name; Box refuses a taken one. */
const MAX_PAGES = 20;

/** Names for files whose own name is taken: `report (1).pdf`, `report (2).pdf` and so on. */
export class FreeNames {
	private readonly taken = new Map<string, Promise<Outcome<Set<string>>>>();

	constructor(private readonly connection: Connection) {}

	/** Gives each name once. */
	async next(folderId: string, name: string): Promise<Outcome<string>> {
		const listing = this.taken.get(folderId) ?? this.list(folderId);
		this.taken.set(folderId, listing);
		const listed = await listing;
		if (!listed.ok) {
			// Another file may have asked anew by now.
			if (this.taken.get(folderId) === listing) this.taken.delete(folderId);
			return listed;
		}
		const { value: taken } = listed;
		taken.add(nameKey(name));
		const dot = name.lastIndexOf('.');
		const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
		for (let number = 1; ; number++) {
			const suffix = ` (${number})${ending}`;
			const candidate = `${stem.slice(0, MAX_NAME_CHARACTERS - suffix.length)}${suffix}`;
			if (taken.has(nameKey(candidate))) continue;
			taken.add(nameKey(candidate));
			return success(candidate);
		}
	}

	private async list(folderId: string): Promise<Outcome<Set<string>>> {
		const listed = await itemsIn(this.connection, folderId, MAX_PAGES);
		if (!listed.ok) return listed;
		return success(new Set(listed.value.files.map((item) => nameKey(item.name ?? ''))));
	}
}
