import { passing } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import { isObject, isString } from '../../shared/json';
import type { Listing } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { changedSince, nameInUse } from '../api/failures/codes';
import { toFailure } from '../api/failures/read';
import { checkUpload, getFile } from '../api/files';
import { itemsPage, listFolderPage } from '../api/folders';
import { storedItem } from '../api/shapes';
import type { Files, StoredItem } from '../api/types';
import type { SeenVersion, ResolvedTarget } from './types';
import { nameKey } from './types';

const FIELDS = [
	...['name', 'size', 'sha1', 'etag', 'created_at', 'file_version'],
	// Where it is, for what comes out of a file that is skipped.
	...['parent', 'path_collection'],
];
/** Of 1,000 items each. */
const MAX_PAGES_FOR_ONE = 20;
const CONFLICTS = new Set(['item_name_in_use', 'precondition_failed']);

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

/**
 * The item that has the name of a new file. Box knows no look-up by name; its check names who has it, and where it
 * says only that somebody has, the folder is listed.
 */
export async function itemAt(
	connection: Connection,
	newFile: { readonly folderId: string; readonly fileName: string },
	sizeBytes: number,
): Promise<Outcome<StoredItem | undefined>> {
	const checked = await checkUpload(connection, newFile, sizeBytes);
	if (checked.ok) return success(undefined);
	const named = namedIn(checked.failure);
	if (named !== undefined) return await wholeItem(connection, named);
	if (checked.failure.path !== 'item_name_in_use') return checked;
	const listed = await itemsIn(connection, newFile.folderId, MAX_PAGES_FOR_ONE);
	if (!listed.ok) return listed;
	const wanted = nameKey(newFile.fileName);
	const item = listed.value.files.find(({ name }) => nameKey(name ?? '') === wanted);
	return item === undefined ? checked : success(item);
}

/** The item that has the name, where the conflict says which one. */
export function namedIn({ path, inTheWay: named }: Failure): StoredItem | undefined {
	return CONFLICTS.has(path) ? storedItem(named) : undefined;
}

/** A conflict tells neither size nor time. */
export async function wholeItem(
	connection: Connection,
	named: StoredItem,
): Promise<Outcome<StoredItem>> {
	return named.type === 'file' ? await getFile(connection, named.id) : success(named);
}

/** The failure for an item that has the name, or a version that somebody else has made. */
export function inTheWay(resolved: ResolvedTarget, item: StoredItem): Failure {
	const failure =
		resolved.kind === 'newFile'
			? toFailure('item_name_in_use', nameInUse)
			: toFailure('precondition_failed', changedSince);
	return { ...failure, inTheWay: item };
}

/** What has become of a spot since something was sent to it. */
export type Since =
	/** What was sent is there. */
	| { readonly item: StoredItem }
	/** Nothing has come there, so that sending it again, to this spot, stores it once. */
	| { readonly resolved: ResolvedTarget };

/**
 * Looks at the spot after an answer that leaves open whether the file was stored, and after an etag that is not the
 * present one. Another item there, or another version, is a failure that names it.
 */
export async function lookAgain(
	connection: Connection,
	resolved: ResolvedTarget,
	sent: { readonly sha1: string; readonly sizeBytes: number; readonly mayBeStored: boolean },
): Promise<Outcome<Since>> {
	const there =
		resolved.kind === 'newFile'
			? await itemAt(connection, resolved, sent.sizeBytes)
			: await getFile(connection, resolved.fileId);
	if (!there.ok) return failed(there.failure);
	const { value } = there;
	if (value === undefined) return success({ resolved });
	const isOurs = sent.mayBeStored && value.sha1?.toLowerCase() === sent.sha1;
	if (resolved.kind === 'newVersion') {
		const { etag } = value;
		const isSame = etag === resolved.etag || isSameVersion(resolved.seen, value, isOurs);
		if (isSame && isString(etag)) return success({ resolved: { ...resolved, etag } });
	}
	if (isOurs) return success({ item: value });
	const conflict = inTheWay(resolved, value);
	const mayHoldOurs = sent.mayBeStored && mayHaveReplaced(connection, resolved, value);
	return failed(mayHoldOurs ? { ...conflict, stored: 'unknown', remedy: SEE_VERSIONS } : conflict);
}

/**
 * Whether what was sent may be an earlier version of what is there: not of a file that was there before, nor of one
 * that nobody has changed. Etags count the changes of an item from "0". Of a file without a SHA-1 nobody knows.
 */
function mayHaveReplaced(
	{ client }: Connection,
	{ kind }: ResolvedTarget,
	{ type, etag, sha1, created_at: createdAt }: StoredItem,
): boolean {
	if (type !== 'file') return false;
	if (!SHA1.test(sha1 ?? '')) return true;
	const isOld = isString(createdAt) && Date.parse(createdAt) < client.serverNowMs() - DAY_MS;
	return kind === 'newVersion' || (etag !== '0' && !isOld);
}

const SHA1 = /^[\da-f]{40}$/i;
/** Longer than any commit is waited for. */
const DAY_MS = 24 * 60 * 60 * 1_000;

const SEE_VERSIONS =
	'What was sent may have been stored before that. Look at the versions of the file in Box before you send it again.';

/** Whether the version may still be the one that was seen, although its etag is not. */
export function mayBeOnlyEtag({ status }: Failure, resolved: ResolvedTarget): boolean {
	return status === 412 && resolved.kind === 'newVersion' && resolved.seen !== undefined;
}

export function versionOf({ file_version: version, sha1 }: StoredItem): SeenVersion {
	const versionId = isObject(version) && isString(version.id) ? version.id : undefined;
	return { versionId, sha1: sha1?.toLowerCase() };
}

/** Without the ID of the version its content decides, unless that is what was sent as well. */
function isSameVersion(
	seen: SeenVersion | undefined,
	present: StoredItem,
	mayBeOurs: boolean,
): boolean {
	if (seen === undefined) return false;
	const { versionId, sha1 } = versionOf(present);
	if (seen.versionId !== undefined && versionId !== undefined) return seen.versionId === versionId;
	return !mayBeOurs && sha1 !== undefined && seen.sha1 === sha1;
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
