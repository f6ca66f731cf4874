import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import { isString } from '../../shared/json';
import type { CloudEntry } from '../../shared/source/cloud/cloudFile';
import { asSource, cloudFailure } from '../../shared/source/cloud/failures';
import type { GivenLink, ListedFolder } from '../api/downloads';
import { sourcePage } from '../api/downloads';
import { getMetadata } from '../api/lookups';
import type { StoredEntry, StoredFile } from '../api/types';
import type { ReadContext } from './contents';
import { accountFile, linkedFile } from './contents';

/** A folder that changes all the time: what was read of it doesn't go on. */
const MAX_LISTINGS = 5;

/** All files of a folder of the account, wherever they lie in it. The root's path is empty. */
export async function accountFolder(
	readContext: ReadContext,
	path: string,
): Promise<Outcome<readonly CloudEntry[]>> {
	const root = await rootOf(readContext, path);
	if (!root.ok) return root;
	const listed = await entriesOf(readContext, { path, recursive: true }, path);
	if (!listed.ok) return listed;
	const files = listed.value.filter(isFile).sort(byPath);
	const hasPaths = files.every(({ path_lower: lower }) => isString(lower));
	if (!hasPaths) return await unmountedFolder(readContext, path);
	const names = new Map(
		listed.value.flatMap((entry) =>
			entry['.tag'] === 'folder' ? [[entry.path_lower ?? '', entry.name] as const] : [],
		),
	);
	return success(
		files.map((file) => accountFile(readContext, file, foldersBelow(root.value, file, names))),
	);
}

/** What is at a path of the account, or has this ID. */
export async function entryAt(
	{ connection }: ReadContext,
	path: string,
): Promise<Outcome<StoredEntry>> {
	const there = await getMetadata(connection, path);
	if (!there.ok) return failed(asSource(there.failure, path));
	return there.value === 'deleted'
		? failed(cloudFailure('Dropbox', 'not_found', path))
		: success(there.value);
}

/** The path as Dropbox writes it in lower case, since an ID is no path, and a path may have any case. */
async function rootOf(readContext: ReadContext, path: string): Promise<Outcome<string>> {
	if (path === '') return success('');
	const there = await entryAt(readContext, path);
	if (!there.ok) return there;
	if (there.value['.tag'] === 'file') return failed(cloudFailure('Dropbox', 'not_a_folder', path));
	return success(there.value.path_lower ?? path.toLowerCase());
}

/** Dropbox promises the right case for the last name of a path alone, so each folder's own entry gives its name. */
function foldersBelow(
	root: string,
	{ path_lower: path = '' }: StoredFile,
	names: ReadonlyMap<string, string>,
): string[] {
	const lowerNames = path
		.slice(root.length + 1)
		.split('/')
		.slice(0, -1);
	return lowerNames.map((lower, index) => {
		const at = `${root}/${lowerNames.slice(0, index + 1).join('/')}`;
		return names.get(at) ?? lower;
	});
}

/**
 * The same for a shared folder that the account hasn't added to its Dropbox: what isn't mounted has no path there
 * (https://www.dropbox.com/developers/documentation/http/documentation#files-list_folder, `path_lower`).
 */
async function unmountedFolder(
	readContext: ReadContext,
	path: string,
): Promise<Outcome<readonly CloudEntry[]>> {
	return await levelByLevel(path, {
		list: async (at) => await entriesOf(readContext, { path: at, recursive: false }, path),
		pathOf: ({ id, name }, { path: above }) => (isString(id) ? id : `${above}/${name}`),
		fileOf: (file, folders) => accountFile(readContext, file, folders),
	});
}

/** The same for a linked folder: Dropbox lists what is shared in no other way. */
export async function linkedFolder(
	readContext: ReadContext,
	link: GivenLink,
): Promise<Outcome<readonly CloudEntry[]>> {
	return await levelByLevel('', {
		list: async (path) =>
			await entriesOf(readContext, { path, recursive: false, link }, path || '/'),
		pathOf: ({ name }, { path: above }) => `${above}/${name}`,
		fileOf: (file, folders) => {
			const path = `/${[...folders, file.name].join('/')}`;
			return file.is_downloadable === false
				? { place: path, failure: cloudFailure('Dropbox', 'cloud_document', path) }
				: linkedFile(readContext, file, link, { path, folders });
		},
	});
}

/** A folder, by the names that lead to it and as Dropbox is asked for it. */
interface Level {
	readonly folders: readonly string[];
	readonly path: string;
}

interface Levels {
	readonly list: (path: string) => Promise<Outcome<StoredEntry[]>>;
	readonly pathOf: (folder: StoredEntry, within: Level) => string;
	readonly fileOf: (file: StoredFile, folders: readonly string[]) => CloudEntry;
}

async function levelByLevel(
	path: string,
	{ list, pathOf, fileOf }: Levels,
): Promise<Outcome<readonly CloudEntry[]>> {
	const found: CloudEntry[] = [];
	const open: Level[] = [{ folders: [], path }];
	const seen = new Set<string>();
	for (let level = open.shift(); level !== undefined; level = open.shift()) {
		const listed = await list(level.path);
		if (!listed.ok) return listed;
		for (const entry of [...listed.value].sort(byName)) {
			if (isFile(entry)) {
				found.push(fileOf(entry, level.folders));
				continue;
			}
			const inside = { folders: [...level.folders, entry.name], path: pathOf(entry, level) };
			const known = isString(entry.id) ? entry.id : inside.path;
			if (!seen.has(known)) open.push(inside);
			seen.add(known);
		}
	}
	return success(found);
}

async function entriesOf(
	{ connection }: ReadContext,
	folder: ListedFolder,
	place: string,
): Promise<Outcome<StoredEntry[]>> {
	for (let listings = 1; ; listings++) {
		const entries: StoredEntry[] = [];
		const listed = await readPages<StoredEntry>(
			'Dropbox',
			async (cursor) => await sourcePage(connection, folder, cursor),
			(entry) => {
				entries.push(entry);
			},
		);
		if (listed.ok) return success(entries);
		const { failure } = listed;
		if (failure.code !== 'reset' || listings >= MAX_LISTINGS) {
			return failed(asSource(failure, place));
		}
	}
}

function isFile(entry: StoredEntry): entry is StoredFile {
	return entry['.tag'] === 'file';
}

function byPath({ path_lower: one = '' }: StoredFile, { path_lower: other = '' }: StoredFile) {
	return one < other ? -1 : 1;
}

function byName({ name: one }: StoredEntry, { name: other }: StoredEntry) {
	return one < other ? -1 : 1;
}
