import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Connection } from '../api/connection';
import type { StoredItem } from '../api/types';
import type { FileHashContext, Placed } from './decide';
import { isUnchanged } from './decide';
import { nameOf } from './types';

/** One text for one place: folders and files have the same ID for everybody, All Files alone is each user's own. */
export function targetKey({ client }: Connection, key: string): string {
	return key.startsWith('0/') ? `${client.accountKey} ${key}` : key;
}

/** What becomes of a file when an earlier item of the run has its place; nothing of it is sent. */
export async function outcomeAtHeldTarget(
	{ file }: Placed,
	itemIndex: number,
	/** Undefined where it is not known whether the earlier item's file is stored. */
	stored: StoredItem | undefined,
	context: FileHashContext,
): Promise<Outcome<StoredItem>> {
	if (stored !== undefined && (await isUnchanged(file, stored, context))) {
		return success({ ...stored, skipped: 'unchanged' });
	}
	const isLeft = stored !== undefined && file.ifExists === 'skip' && file.place.kind === 'folder';
	if (isLeft) return success({ ...stored, skipped: 'exists' });
	return failed({
		...SAME_TARGET,
		remedy: `${SAME_TARGET.remedy} Item ${itemIndex} goes to the same place.`,
		subject: nameOf(file.place),
	});
}

const SAME_TARGET: Failure = {
	vendor: 'Box',
	path: 'items/same_place',
	message: 'Another item of this run goes to the same place, so this file was not uploaded',
	remedy:
		'Set Keep Folders Below for files of one name from several folders. Otherwise give each file its own File Name, or set If File Exists to Rename.',
	class: 'input',
	retryable: false,
	stored: 'no',
};
