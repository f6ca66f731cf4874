import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { toJson } from '../../shared/json';
import type { Connection } from '../api/connection';
import { storedItem } from '../api/shapes';
import type { StoredItem } from '../api/types';
import { byContent, isUnchanged } from './decide';
import type { BoxDryRunContext, BoxUploadContext } from './uploadContext';
import type { LocatedFile } from './types';
import { fileKey, nameKeyIn, nameOf } from './types';
import { wrongInput } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

/** Notes where the file is now, by the name and by the ID, so that no later item of the run takes it. */
export function holdTarget(
	{ file, folderId, key }: LocatedFile,
	outcome: Outcome<StoredItem>,
	{ connection, takenTargets }: BoxUploadContext,
): void {
	const hold = (one: string): void =>
		takenTargets.note(
			targetKey(connection, one),
			file.itemIndex,
			outcome.ok ? success(toJson(outcome.value)) : outcome,
		);
	if (!outcome.ok) return hold(key);
	const { id, name = '' } = outcome.value;
	hold(file.destination.kind === 'file' ? key : nameKeyIn(folderId, name));
	hold(fileKey(id));
}

/** What the file comes to where an earlier item of the run has this target. */
export async function outcomeIfHeld(
	located: LocatedFile,
	key: string,
	context: BoxUploadContext,
): Promise<Outcome<StoredItem> | undefined> {
	const { connection, takenTargets } = context;
	const holder = takenTargets.holderOf(targetKey(connection, key));
	if (holder === undefined || !holder.isOwn || located.file.ifExists === 'rename') return undefined;
	const stored = storedItem(holder.stored);
	return await outcomeAtHeldTarget(located, holder.itemIndex, stored, context);
}

/** One text for one target: folders and files have the same ID for everybody, All Files alone is each user's own. */
function targetKey({ client }: Connection, key: string): string {
	return key.startsWith('0/') ? `${client.signInKey} ${key}` : key;
}

/** What becomes of a file when an earlier item of the run has its target; nothing of it is sent. */
export async function outcomeAtHeldTarget(
	{ file }: LocatedFile,
	itemIndex: number,
	/** Undefined where it is not known whether the earlier item's file is stored. */
	stored: StoredItem | undefined,
	context: BoxDryRunContext,
): Promise<Outcome<StoredItem>> {
	if (stored !== undefined && (await isUnchanged(byContent(file), stored, context))) {
		return success({ ...stored, skipped: 'unchanged' });
	}
	const isLeft =
		stored !== undefined && file.ifExists === 'skip' && file.destination.kind === 'folder';
	if (isLeft) return success({ ...stored, skipped: 'exists' });
	return failed({
		...SAME_TARGET,
		remedy: `${SAME_TARGET.remedy} Item ${itemIndex} goes to the same place.`,
		subject: nameOf(file.destination),
	});
}

const SAME_TARGET = toFailure(
	'items/same_place',
	wrongInput(
		"Another item of this run has the same destination, so this file wasn't uploaded",
		"Set 'Keep Folders Below' for files from several folders. Otherwise enter a different 'File Name' for each file, or set 'If File Exists' to Rename.",
	),
);
