import { forUser } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { claimedHash, isSameByTime } from '../../shared/source/origin';
import { hashOfSource } from '../../shared/transfer/lookup';
import { toFailure } from '../api/failures/read';
import type { StoredItem } from '../api/types';
import type { FreeNames } from './freeNames';
import { conflict } from './lookup';
import { versionOf } from './reconcile';
import { Sha1Digest } from './sha1Digest';
import type { BoxDryRunContext } from './uploadContext';
import type { FileToUpload, LocatedFile, ResolvedTarget } from './types';

/** Box's own hash of a file. */
export const SHA1 = 'sha1';
const HASHED_AT_ONCE_BYTES = 256 * 1024;

/** Of a new version. */
type Wanted = Pick<Extract<ResolvedTarget, { kind: 'newVersion' }>, 'fileName' | 'foundIn'> & {
	/** Undefined: whatever it has now. */
	readonly etag: string | undefined;
};

export type Decision =
	{ readonly resolved: ResolvedTarget } | { readonly end: Outcome<StoredItem> };

/** What becomes of a file when this is at its target. */
export async function decide(
	located: LocatedFile,
	there: StoredItem | undefined,
	context: BoxDryRunContext,
	freeNames: FreeNames,
): Promise<Decision> {
	const { file, folderId } = located;
	const { destination, skipUnchanged } = file;
	const isNamed = destination.kind !== 'file' || hasName(there, destination.fileName);
	if (isNamed && there && skipUnchanged && (await isUnchanged(file, there, context))) {
		return { end: success(unchanged(there)) };
	}
	if (destination.kind === 'file') {
		const { etag, fileName } = destination;
		if (there === undefined) return { end: failed(NO_ETAG) };
		return newVersion(there, { etag, fileName, foundIn: undefined });
	}
	const newFile = { kind: 'newFile', folderId, fileName: destination.fileName } as const;
	if (there === undefined) return { resolved: newFile };
	return await decideConflict(file, newFile, there, context, freeNames);
}

async function decideConflict(
	file: FileToUpload,
	newFile: Extract<ResolvedTarget, { kind: 'newFile' }>,
	there: StoredItem,
	context: BoxDryRunContext,
	freeNames: FreeNames,
): Promise<Decision> {
	const { ifExists, source } = file;
	if (ifExists === 'rename') {
		const free = await freeNames.next(newFile.folderId, newFile.fileName, source.sizeBytes);
		if (!free.ok) return { end: free };
		return { resolved: { ...newFile, fileName: free.value, isCopy: there.type === 'file' } };
	}
	if (ifExists === 'fail') {
		const isThere = await isUnchanged(file, there, context);
		return { end: isThere ? success(unchanged(there)) : failed(conflict(newFile, there)) };
	}
	if (there.type !== 'file') return { end: failed(NO_FILE) };
	return ifExists === 'skip'
		? { end: success({ ...there, skipped: 'exists' }) }
		: newVersion(there, { etag: undefined, fileName: undefined, foundIn: newFile.folderId });
}

/** A file that is named by its ID may get another name with its new version. */
function hasName(there: StoredItem | undefined, wanted: string | undefined): boolean {
	return wanted === undefined || wanted === there?.name;
}

function unchanged(there: StoredItem): StoredItem {
	return { ...there, skipped: 'unchanged' };
}

/**
 * The file, to be compared with what the same run has stored: an export writes many different files of one size in one
 * second.
 */
export function byContent(file: FileToUpload): FileToUpload {
	return { ...file, compareContent: true };
}

/** Reads the file only where the sizes agree, and its own cloud doesn't know enough of it. */
export async function isUnchanged(
	{ source, skipUnchanged, compareContent }: FileToUpload,
	there: StoredItem,
	context: BoxDryRunContext,
): Promise<boolean> {
	if (there.size !== source.sizeBytes || there.sha1 === undefined) return false;
	const byTime = isSameByTime(source.origin, {
		algorithm: SHA1,
		modifiedAt: there.content_modified_at,
		mayGoByTime: skipUnchanged && !compareContent,
	});
	if (byTime !== undefined) return byTime;
	return (await sha1Of(source, context)) === there.sha1.toLowerCase();
}

export async function sha1Of(
	source: FileToUpload['source'],
	context: BoxDryRunContext,
): Promise<string | undefined> {
	const { connection, settings } = context;
	const claimed = claimedHash(source.origin, SHA1);
	if (claimed !== undefined) return claimed;
	return await hashOfSource(source, () => new Sha1Digest(), HASHED_AT_ONCE_BYTES, {
		...context,
		memoryLimitBytes: settings.memoryLimitBytes,
		cancelSignal: connection.client.cancelSignal,
	});
}

function newVersion(there: StoredItem, { etag, fileName, foundIn }: Wanted): Decision {
	const { id: fileId, name: currentName = '' } = there;
	const present = etag ?? there.etag ?? undefined;
	if (present === undefined) return { end: failed(NO_ETAG) };
	const seen = etag === undefined ? versionOf(there) : undefined;
	const named = { fileName, currentName, foundIn };
	return { resolved: { kind: 'newVersion', fileId, ...named, etag: present, seen } };
}

const NO_FILE = toFailure(
	'item_name_in_use',
	forUser(
		'A folder or web link with this name is already in the folder',
		"Choose another file name, or set 'If File Exists' to Rename. Only a file can get a new version.",
	),
);

const NO_ETAG = toFailure(
	'file/no_etag',
	forUser(
		"Box didn't return the file's current version",
		'Check that the item is a file that you can change. Nothing was replaced.',
	),
);
