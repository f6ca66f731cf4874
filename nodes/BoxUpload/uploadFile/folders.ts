import { forUser } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import { oneAtATime } from '../../shared/http/serial';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { createFolder, getFolder, itemsPage, listFolderPage } from '../api/folderCalls';
import type { StoredItem } from '../api/types';
import type { FolderRef } from '../fields/parentFolder';
import { nameKey } from './types';

/** IDs of the folders that files go to; those that are missing are made. Asked for once a run each. */
export class Folders {
	private readonly known = new Map<string, Promise<Outcome<string>>>();

	constructor(private readonly connection: Connection) {}

	async idOf({ rootId, names }: FolderRef): Promise<Outcome<string>> {
		const key = `${rootId}/${names.map(nameKey).join('/')}`;
		const known = this.known.get(key) ?? this.find({ rootId, names });
		this.known.set(key, known);
		return await known;
	}

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

	/** One at a time for each place in this process; elsewhere somebody else may be making it, too. */
	private async findOrCreate(parentId: string, name: string): Promise<Outcome<StoredItem>> {
		const { client } = this.connection;
		const key = `${client.accountKey}:folder ${parentId}/${nameKey(name)}`;
		return await oneAtATime(key, client.cancelSignal, async () => {
			const there = await childFolder(this.connection, parentId, name);
			if (!there.ok || there.value !== undefined) return there as Outcome<StoredItem>;
			const made = await createFolder(this.connection, parentId, name);
			if (made.ok || made.failure.status !== 409) return made;
			const since = await childFolder(this.connection, parentId, name);
			return since.ok && since.value === undefined ? made : (since as Outcome<StoredItem>);
		});
	}
}

/** The folder of this name in another one, if there is one. */
export async function childFolder(
	connection: Connection,
	parentId: string,
	name: string,
): Promise<Outcome<StoredItem | undefined>> {
	let found: StoredItem | undefined;
	const listed = await readPages<StoredItem>(
		'Box',
		async (marker) => itemsPage(await listFolderPage(connection, parentId, ['name'], marker)),
		(entry) => {
			if (nameKey(entry.name ?? '') !== nameKey(name)) return false;
			found = entry;
			return true;
		},
	);
	if (!listed.ok || found === undefined) return listed.ok ? success(undefined) : listed;
	return found.type === 'folder' ? success(found) : failed(NO_FOLDER);
}

const NO_FOLDER = toFailure(
	'folder/not_a_folder',
	forUser(
		'Part of the folder path is no folder in Box',
		'Choose another path, or rename what is in the way.',
	),
);
