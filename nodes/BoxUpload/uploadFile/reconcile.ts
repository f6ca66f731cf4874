import { passing } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { isObject, isString } from '../../shared/json';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { getFile } from '../api/files';
import { storedItem } from '../api/shapes';
import type { Files, StoredItem } from '../api/types';
import { conflict, itemAt } from './lookup';
import type { ResolvedTarget, SeenVersion } from './types';

/** The content that went out, and whether Box may have stored it. */
export interface Sent {
	/** Hexadecimal. */
	readonly sha1: string;
	readonly sizeBytes: number;
	readonly mayBeStored: boolean;
}

/** What has become of a target since something was sent to it. */
export type Reconciled =
	/** What was sent is there. */
	| { readonly item: StoredItem }
	/** Nothing has come there, so that sending it again, to this target, stores it once. */
	| { readonly resolved: ResolvedTarget };

/** Whether only a look can say what became of a file, or whether it is still the one to replace. */
export function mustReconcile(
	failure: Failure,
	resolved: ResolvedTarget,
	mayBeStored: boolean,
): boolean {
	if (failure.code === 'canceled') return false;
	return mayBeStored || mayBeOnlyEtag(failure, resolved);
}

/**
 * Looks at the target after an answer that leaves open whether the file was stored, and after an etag that is not the
 * present one. Another item there, or another version, is a failure that names it.
 */
export async function reconcile(
	connection: Connection,
	resolved: ResolvedTarget,
	sent: Sent,
): Promise<Outcome<Reconciled>> {
	const there =
		resolved.kind === 'newFile'
			? await itemAt(connection, resolved, sent.sizeBytes)
			: await getFile(connection, resolved.fileId);
	if (!there.ok) return failed(there.failure);
	const { value: item } = there;
	if (item === undefined) return success({ resolved });
	const isOurs = sent.mayBeStored && item.sha1?.toLowerCase() === sent.sha1;
	const unreplaced = ifUnreplaced(resolved, item, isOurs);
	if (unreplaced !== undefined) return success({ resolved: unreplaced });
	if (isOurs) return success({ item });
	const failure = conflict(resolved, item);
	const mayHoldOurs = sent.mayBeStored && mayHaveReplaced(connection, resolved, item);
	return failed(mayHoldOurs ? { ...failure, stored: 'unknown', remedy: SEE_VERSIONS } : failure);
}

/** The version that is to be replaced, with the etag that it has now; undefined where another one is there. */
function ifUnreplaced(
	resolved: ResolvedTarget,
	present: StoredItem,
	isOurs: boolean,
): ResolvedTarget | undefined {
	if (resolved.kind === 'newFile') return undefined;
	const { etag } = present;
	const isSame = etag === resolved.etag || isSameVersion(resolved.seen, present, isOurs);
	if (!isSame || !isString(etag) || !isWhereFound(resolved, present)) return undefined;
	return { ...resolved, etag, currentName: present.name ?? resolved.currentName };
}

/** False if somebody has renamed or moved the file since it was found by its name. */
function isWhereFound(
	{ currentName, foundIn }: Extract<ResolvedTarget, { kind: 'newVersion' }>,
	{ name = currentName, parent }: StoredItem,
): boolean {
	if (foundIn === undefined) return true;
	const folderId = isObject(parent) && isString(parent.id) ? parent.id : foundIn;
	return name === currentName && folderId === foundIn;
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
 * The failure when nothing is at the target: a request that Box itself has ended comes to nothing later.
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
		"The file in Box doesn't have the content that was sent",
		"Upload the file again with 'If File Exists' set to Upload New Version.",
		'yes',
	),
);

const NO_FILE = toFailure(
	'http/unexpected_reply',
	passing(
		"Box didn't return the stored file",
		'Look into the folder in Box before you upload the file again.',
		'unknown',
	),
);
