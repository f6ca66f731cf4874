import type { Failure, Outcome } from '../../shared/failure';
import { conflictOf, success } from '../../shared/failure';
import { internalFailure, withNothingStored } from '../../shared/net';
import type { Found } from '../../shared/transfer/lookup';
import { lookUp } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { changedSince, nameInUse } from '../api/failures/codes';
import { toFailure } from '../api/failures/read';
import { isRouteRefused } from '../api/failures/refusedRoute';
import type { NewFile } from '../api/files';
import { checkUpload, getFile } from '../api/files';
import { storedItem } from '../api/shapes';
import type { StoredItem } from '../api/types';
import { itemsBefore, itemsIn } from './folderItems';
import type { LocatedFile, ResolvedTarget } from './types';
import { nameKey } from './types';

/** Of 1,000 items each. */
const MAX_PAGES_FOR_ONE = 20;
const CONFLICTS = new Set(['item_name_in_use', 'precondition_failed']);

/** Whether the run looks at what is at the target before it sends anything. */
export function asksBefore({
	file: { ifExists, destination, skipUnchanged },
}: Pick<LocatedFile, 'file'>): boolean {
	return destination.kind === 'file' || ifExists !== 'fail' || skipUnchanged;
}

/** What is at the targets of these files. */
export async function lookUpTargets(
	connection: Connection,
	located: readonly LocatedFile[],
): Promise<Found<LocatedFile, StoredItem>> {
	return await lookUp<LocatedFile, StoredItem>(
		{
			folderOf: ({ file: { destination }, folderId }) =>
				destination.kind === 'file' ? undefined : folderId,
			nameKeyOf: ({ file: { destination } }) => nameKey(destination.fileName ?? ''),
			storedNameKeyOf: ({ name }) => nameKey(name ?? ''),
			list: async (folderId, maxPages) => await itemsBefore(connection, folderId, maxPages),
			ask: async ({ file: { destination, source }, folderId }) =>
				destination.kind === 'file'
					? await getFile(connection, destination.fileId)
					: await itemAt(
							connection,
							{ folderId, fileName: destination.fileName },
							source.sizeBytes,
						),
			isRefused: isRouteRefused,
			thrown: withNothingStored((error) => internalFailure('Box', error)),
		},
		located,
	);
}

/**
 * The item that has the name of a new file. Box knows no look-up by name; its check names who has it, and where it
 * says only that somebody has, the folder is listed.
 */
export async function itemAt(
	connection: Connection,
	newFile: NewFile,
	sizeBytes: number,
): Promise<Outcome<StoredItem | undefined>> {
	const checked = await checkUpload(connection, newFile, sizeBytes);
	if (checked.ok) return success(undefined);
	const named = namedIn(checked.failure);
	if (named !== undefined) return await wholeItem(connection, named);
	const isTaken = checked.failure.code === 'item_name_in_use';
	if (!isTaken && !isRouteRefused(checked.failure)) return checked;
	const listed = await itemsIn(connection, newFile.folderId, MAX_PAGES_FOR_ONE);
	if (!listed.ok) return isTaken ? listed : checked;
	const wanted = nameKey(newFile.fileName);
	const item = listed.value.files.find(({ name }) => nameKey(name ?? '') === wanted);
	if (item !== undefined) return success(item);
	return !isTaken && listed.value.complete ? success(undefined) : checked;
}

/** The item that has the name, where the conflict says which one. */
export function namedIn(failure: Failure): StoredItem | undefined {
	return CONFLICTS.has(failure.code) ? storedItem(conflictOf(failure)) : undefined;
}

/** A conflict tells neither size nor time; where Box tells no more, it has to do. */
export async function wholeItem(
	connection: Connection,
	named: StoredItem,
): Promise<Outcome<StoredItem>> {
	if (named.type !== 'file') return success(named);
	const whole = await getFile(connection, named.id);
	return whole.ok || !isRouteRefused(whole.failure) ? whole : success(named);
}

/** The failure for an item that has the name, or a version that somebody else has made. */
export function conflict(resolved: ResolvedTarget, item: StoredItem): Failure {
	const failure =
		resolved.kind === 'newFile'
			? toFailure('item_name_in_use', nameInUse)
			: toFailure('precondition_failed', changedSince);
	return { ...failure, detail: { kind: 'conflict', item } };
}
