import { forUser } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { internalFailure, withNothingStored } from '../../shared/net';
import type { Found } from '../../shared/transfer/lookup';
import { hashOfSource, lookUp } from '../../shared/transfer/lookup';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { getFile } from '../api/files';
import type { StoredItem } from '../api/types';
import { inTheWay, itemAt, itemsIn, versionOf } from './lookup';
import type { FreeNames } from './freeNames';
import { Sha1Digest } from './sha1Digest';
import type { Context } from './uploadContext';
import type { FileToUpload, ResolvedTarget } from './types';
import { nameKey } from './types';

const HASHED_AT_ONCE_BYTES = 256 * 1024;

/** A file, and the folder that it goes to; a file that is named by its ID has none. */
export interface Placed {
	readonly file: FileToUpload;
	readonly folderId: string;
	/** Files with the same one go one after the other, in input order. */
	readonly key: string;
}

export type Decision =
	{ readonly resolved: ResolvedTarget } | { readonly end: Outcome<StoredItem> };

export type FileHashContext = Pick<Context, 'connection' | 'settings' | 'memory' | 'canceled'>;

/** Whether the run looks at what is in the place before it sends anything. */
export function asksBefore({ file: { ifExists, place, skipUnchanged } }: Placed): boolean {
	return place.kind === 'file' || ifExists !== 'fail' || skipUnchanged;
}

/** What is in the places of these files. */
export async function lookUpPlaces(
	connection: Connection,
	placed: readonly Placed[],
): Promise<Found<Placed, StoredItem>> {
	return await lookUp<Placed, StoredItem>(
		{
			folderOf: ({ file: { place }, folderId }) => (place.kind === 'file' ? undefined : folderId),
			nameKeyOf: ({ file: { place } }) => nameKey(place.fileName ?? ''),
			storedNameKeyOf: ({ name }) => nameKey(name ?? ''),
			list: async (folderId, maxPages) => await itemsIn(connection, folderId, maxPages),
			ask: async ({ file: { place, source }, folderId }) =>
				place.kind === 'file'
					? await getFile(connection, place.fileId)
					: await itemAt(connection, { folderId, fileName: place.fileName }, source.sizeBytes),
			thrown: withNothingStored((error) => internalFailure('Box', error)),
		},
		placed,
	);
}

/** What becomes of a file when this is in its place. */
export async function decide(
	{ file, folderId }: Placed,
	there: StoredItem | undefined,
	context: FileHashContext,
	freeNames: FreeNames,
): Promise<Decision> {
	const { place, ifExists, skipUnchanged } = file;
	if (there !== undefined && skipUnchanged && (await isUnchanged(file, there, context))) {
		return { end: success(unchanged(there)) };
	}
	if (place.kind === 'file') {
		const name = place.fileName;
		return there === undefined ? { end: failed(NO_ETAG) } : newVersion(there, place.etag, name);
	}
	const resolved = { kind: 'newFile', folderId, fileName: place.fileName } as const;
	if (there === undefined) return { resolved };
	if (ifExists === 'rename') {
		const fileName = await freeNames.next(folderId, place.fileName, file.source.sizeBytes);
		return fileName.ok
			? { resolved: { ...resolved, fileName: fileName.value } }
			: { end: fileName };
	}
	if (ifExists === 'fail') {
		const isThere = await isUnchanged(file, there, context);
		return { end: isThere ? success(unchanged(there)) : failed(inTheWay(resolved, there)) };
	}
	if (there.type !== 'file') return { end: failed(NO_FILE) };
	return ifExists === 'skip'
		? { end: success({ ...there, skipped: 'exists' }) }
		: newVersion(there, undefined, undefined);
}

function unchanged(there: StoredItem): StoredItem {
	return { ...there, skipped: 'unchanged' };
}

/** Reads the file only where the sizes agree. */
export async function isUnchanged(
	{ source }: FileToUpload,
	there: StoredItem,
	context: FileHashContext,
): Promise<boolean> {
	if (there.size !== source.sizeBytes || there.sha1 === undefined) return false;
	return (await sha1Of(source, context)) === there.sha1.toLowerCase();
}

export async function sha1Of(
	source: FileToUpload['source'],
	context: FileHashContext,
): Promise<string | undefined> {
	const { connection, settings } = context;
	return await hashOfSource(source, () => new Sha1Digest(), HASHED_AT_ONCE_BYTES, {
		...context,
		memoryLimitBytes: settings.memoryLimitBytes,
		cancelSignal: connection.client.cancelSignal,
	});
}

function newVersion(
	there: StoredItem,
	etag: string | undefined,
	fileName: string | undefined,
): Decision {
	const { id: fileId, name: currentName = '' } = there;
	const present = etag ?? there.etag ?? undefined;
	if (present === undefined) return { end: failed(NO_ETAG) };
	const seen = etag === undefined ? versionOf(there) : undefined;
	return { resolved: { kind: 'newVersion', fileId, fileName, currentName, etag: present, seen } };
}

const NO_FILE = toFailure(
	'item_name_in_use',
	forUser(
		'Something of this name that is no file is already in the folder',
		'Choose another file name, or set If File Exists to Rename. Only a file can get a new version.',
	),
);

const NO_ETAG = toFailure(
	'file/no_etag',
	forUser(
		'Box does not say which version of the file is the present one',
		'Check that the item is a file that you may change: nothing was replaced.',
	),
);
