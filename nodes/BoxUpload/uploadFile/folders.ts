import { forUser } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { conflictOf, failed, success } from '../../shared/failure';
import { oneAtATime } from '../../shared/http/serial';
import { isObject } from '../../shared/json';
import { memoized } from '../../shared/memoized';
import { retryUnclear } from '../api/retries';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { createFolder, getFolder, getFolderInParent } from '../api/folders';
import { storedItem } from '../api/shapes';
import type { StoredItem } from '../api/types';
import type { FolderRef } from '../fields/parentFolder';
import { childNow, childOf } from './folderItems';
import { nameKey } from './types';

/** IDs of the folders that files go to; those that are missing are made. Asked for once a run each. */
export class Folders {
	readonly idOf = memoized(folderKey, async (folder: FolderRef) => await this.find(folder), {
		keepFailures: true,
	});

	constructor(private readonly connection: Connection) {}

	private async find({ rootId, names }: FolderRef): Promise<Outcome<string>> {
		const name = names.at(-1);
		const parent =
			name === undefined || names.length === 1
				? success(rootId)
				: await this.idOf({ rootId, names: names.slice(0, -1) });
		if (!parent.ok) return parent;
		const found =
			name === undefined
				? await getFolder(this.connection, rootId)
				: await this.findOrCreate(parent.value, name);
		if (found.ok) return success(found.value.id);
		const subject = name === undefined ? `folder ${rootId}` : `/${names.join('/')}`;
		return failed({ ...found.failure, stored: 'no', subject });
	}

	/** One at a time for each folder in this process; elsewhere somebody else may be making it, too. */
	private async findOrCreate(parentId: string, name: string): Promise<Outcome<StoredItem>> {
		const { client } = this.connection;
		const key = `${client.accountKey}:folder ${parentId}/${nameKey(name)}`;
		return await oneAtATime(key, client.cancelSignal, async () => {
			const there = await childFolder(this.connection, parentId, name);
			// Without the list, the refusal to make it names the one that is there.
			if (!there.ok && !isRouteRefused(there.failure)) return there;
			if (there.ok && there.value !== undefined) return success(there.value);
			const made = await createFolder(this.connection, parentId, name);
			if (made.ok) this.connection.newFolders.add(made.value.id);
			if (made.ok || made.failure.status !== 409) return made;
			return await this.whatHasTheName(parentId, name, made.failure);
		});
	}

	/**
	 * Somebody else has made it, or an earlier try whose answer was lost. The list of a folder may lack it for long
	 * although Box refuses to make it (https://github.com/duplicati/duplicati/pull/7099), so the folder that
	 * the refusal names is taken. Without a name in it the list is read again for a while.
	 */
	private async whatHasTheName(
		parentId: string,
		name: string,
		refusal: Failure,
	): Promise<Outcome<StoredItem>> {
		const { connection } = this;
		const named = storedItem(conflictOf(refusal));
		if (named !== undefined) return await this.confirmed(parentId, name, named, refusal);
		// Of the other 409 none says that it is there.
		const isThere = refusal.code === 'item_name_in_use';
		const since = await retryUnclear(
			connection,
			async () => await childFolder(connection, parentId, name, childNow),
			(listed) => !isThere || !listed.ok || listed.value !== undefined,
		);
		if (!since.ok) return since;
		if (since.value !== undefined) return success(since.value);
		return failed(isThere ? { ...refusal, ...NAME_IN_USE } : refusal);
	}

	/** The folder that Box has named, if it is the one that is wanted. */
	private async confirmed(
		parentId: string,
		name: string,
		named: StoredItem,
		refusal: Failure,
	): Promise<Outcome<StoredItem>> {
		const { connection } = this;
		if (named.type !== 'folder') return failed(NO_FOLDER);
		connection.newFolders.add(named.id);
		const there = await getFolderInParent(connection, named.id);
		if (!there.ok) {
			const isIt = isRouteRefused(there.failure) && nameKey(named.name ?? '') === nameKey(name);
			return isIt ? success(named) : there;
		}
		const { name: itsName = '', parent } = there.value;
		const isIt = nameKey(itsName) === nameKey(name) && isObject(parent) && parent.id === parentId;
		return isIt ? there : failed({ ...refusal, ...NAME_IN_USE });
	}
}

/** Equal for what Box takes for one folder. */
export function folderKey({ rootId, names }: FolderRef): string {
	return `${rootId}/${names.map(nameKey).join('/')}`;
}

/** The folder of this name in another one, if there is one. `look`: `childNow` where an earlier list does not do. */
export async function childFolder(
	connection: Connection,
	parentId: string,
	name: string,
	look = childOf,
): Promise<Outcome<StoredItem | undefined>> {
	const found = await look(connection, parentId, name);
	if (!found.ok || found.value === undefined || found.value.type === 'folder') return found;
	return failed(NO_FOLDER);
}

const NAME_IN_USE = toFailure(
	'folder/name_in_use',
	forUser(
		"The folder can't be created: Box says that its name is taken, and doesn't show the folder",
		"Choose the folder from the list or by its ID in 'Parent Folder', or run this again in a few minutes.",
	),
);

const NO_FOLDER = toFailure(
	'folder/not_a_folder',
	forUser(
		"Part of the folder path isn't a folder in Box",
		'Choose another path, or rename the item that has this name.',
	),
);
