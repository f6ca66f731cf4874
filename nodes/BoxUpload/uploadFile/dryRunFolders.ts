import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { memoized } from '../../shared/memoized';
import type { Connection } from '../api/connection';
import { getFolder } from '../api/folders';
import type { FolderRef } from '../fields/parentFolder';
import { childFolder, folderKey } from './folders';

/** IDs of the folders that files would go to, found without making any. */
export class DryRunFolders {
	/** Requests of a run that makes what is missing. */
	requestsToMake = 0;
	/** The ID of a folder, or undefined for one that the run would make. */
	readonly idOf = memoized(folderKey, async (folder: FolderRef) => await this.find(folder), {
		keepFailures: true,
	});

	constructor(private readonly connection: Connection) {}

	private async find({ rootId, names }: FolderRef): Promise<Outcome<string | undefined>> {
		const { connection } = this;
		const name = names.at(-1);
		if (name === undefined) {
			const root = await getFolder(connection, rootId);
			return root.ok ? success(root.value.id) : root;
		}
		const parent =
			names.length === 1 ? success(rootId) : await this.idOf({ rootId, names: names.slice(0, -1) });
		if (!parent.ok) return parent;
		const there =
			parent.value === undefined
				? success(undefined)
				: await childFolder(connection, parent.value, name);
		if (!there.ok) return failed({ ...there.failure, subject: `/${names.join('/')}` });
		// The run makes it, after a look into a parent that it has just made.
		if (there.value === undefined) this.requestsToMake += parent.value === undefined ? 2 : 1;
		return success(there.value?.id);
	}
}
