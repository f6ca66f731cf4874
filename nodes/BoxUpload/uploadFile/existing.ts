import { passing } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import type { Listing } from '../../shared/upload/existing';
import type { Connection } from '../api/connection';
import { changedSince, nameInUse } from '../api/failures/codes';
import { toFailure } from '../api/failures/read';
import { checkUpload, getFile } from '../api/fileCalls';
import { itemsPage, listFolderPage } from '../api/folderCalls';
import { storedItem } from '../api/shapes';
import type { Files, StoredItem } from '../api/types';
import type { Spot } from './types';

const FIELDS = ['name', 'size', 'sha1', 'etag'];

/** What is in a folder, without what is in its subfolders. */
export async function itemsIn(
	connection: Connection,
	folderId: string,
	maxPages: number,
): Promise<Outcome<Listing<StoredItem>>> {
	const files: StoredItem[] = [];
	const listed = await readPages<StoredItem>(
		'Box',
		async (marker) => itemsPage(await listFolderPage(connection, folderId, FIELDS, marker)),
		(item) => {
			files.push(item);
		},
		{ maxPages },
	);
	return listed.ok ? success({ files, complete: listed.value.complete }) : listed;
}

/** The item that has the name of a new file. Box knows no look-up by name; its check names who has it. */
export async function itemAt(
	connection: Connection,
	newFile: { readonly folderId: string; readonly fileName: string },
	sizeBytes: number,
): Promise<Outcome<StoredItem | undefined>> {
	const checked = await checkUpload(connection, newFile, sizeBytes);
	if (checked.ok) return success(undefined);
	const named = storedItem(checked.failure.inTheWay);
	return named === undefined ? checked : await wholeItem(connection, named);
}

/** A conflict tells neither size nor time. */
export async function wholeItem(
	connection: Connection,
	named: StoredItem,
): Promise<Outcome<StoredItem>> {
	return named.type === 'file' ? await getFile(connection, named.id) : success(named);
}

/** The failure for an item that has the name, or a version that somebody else has made. */
export function inTheWay(spot: Spot, item: StoredItem): Failure {
	const failure =
		spot.kind === 'newFile'
			? toFailure('item_name_in_use', nameInUse)
			: toFailure('precondition_failed', changedSince);
	return { ...failure, inTheWay: item };
}

/**
 * After a lost answer: what was sent, if it is at the spot. Undefined when nothing has come there
 * yet, so that sending it again stores it once. Another item there is a failure that names it.
 */
export async function storedSince(
	connection: Connection,
	spot: Spot,
	sent: { readonly sha1: string; readonly sizeBytes: number },
): Promise<Outcome<StoredItem | undefined>> {
	const there =
		spot.kind === 'newFile'
			? await itemAt(connection, spot, sent.sizeBytes)
			: await getFile(connection, spot.fileId);
	if (!there.ok) return failed(there.failure);
	const { value } = there;
	if (value === undefined || (spot.kind === 'newVersion' && value.etag === spot.etag)) {
		return success(undefined);
	}
	const isOurs = value.size === sent.sizeBytes && value.sha1?.toLowerCase() === sent.sha1;
	return isOurs ? success(value) : failed(inTheWay(spot, value));
}

/**
 * The failure when nothing is at the spot: a request that Box itself has ended comes to nothing later.
 * Of a 503 Box says that the change may be made all the same after a while.
 */
export function nothingStored(failure: Failure): Failure {
	return failure.status === 500 ? { ...failure, stored: 'no' } : failure;
}

/** The file in an answer, if it has the content that was sent. */
export function verified({ entries }: Files, sha1: string): Outcome<StoredItem> {
	const stored = storedItem(entries[0]);
	if (stored === undefined) return failed(NO_FILE);
	const isSame = stored.sha1 === undefined || stored.sha1.toLowerCase() === sha1;
	return isSame ? success(stored) : failed(OTHER_CONTENT);
}

const OTHER_CONTENT = toFailure(
	'verify/sha1',
	passing(
		'The file in Box does not have the content that was sent',
		'Upload it again with If File Exists set to Upload New Version.',
		'yes',
	),
);

const NO_FILE = toFailure(
	'http/unexpected_reply',
	passing(
		'Box did not say which file it has stored',
		'Look into the folder in Box before you send it again.',
		'unknown',
	),
);
