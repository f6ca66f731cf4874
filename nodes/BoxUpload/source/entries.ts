import { createHash } from 'node:crypto';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { readPages } from '../../shared/http/pages';
import { isObject, isString } from '../../shared/json';
import type { CloudEntry } from '../../shared/source/cloud/cloudFile';
import { asSource, cloudFailure } from '../../shared/source/cloud/failures';
import { LinkedContent } from '../../shared/source/cloud/linkedContent';
import type { StreamDigest } from '../../shared/source/origin';
import { timestampOf } from '../../shared/source/origin';
import type { Downloader } from '../../shared/source/url/request';
import { inParallel } from '../../shared/transfer/inParallel';
import type { Connection } from '../api/connection';
import type { GivenLink } from '../api/downloads';
import { getContentUrl, sourcePage } from '../api/downloads';
import type { StoredItem } from '../api/types';
import { SHA1 } from '../uploadFile/decide';

const PARALLEL_FOLDERS = 4;
/** Google's documents in Box: a name, and nothing behind it that could be copied. */
const CLOUD_DOCUMENT = /\.(?:gdoc|gsheet|gslides?)$/i;

/** What files of Box are read with. */
export interface ReadContext {
	readonly connection: Connection;
	readonly downloader: Downloader;
	/** What the items were opened with. */
	readonly link: GivenLink | undefined;
}

/** Where a file lies, as far as that is known. */
export interface Where {
	readonly place: string;
	readonly directory: string | undefined;
	readonly folders: readonly string[] | undefined;
}

/** A file to read: its content is that of the version that was looked at. */
export function fileEntry(
	{ connection, downloader, link }: ReadContext,
	item: StoredItem,
	where: Where,
): CloudEntry {
	const { id, name = id, sha1, size } = item;
	const { place } = where;
	if (item.type === 'web_link') {
		return { place, failure: cloudFailure('Box', 'web_link', place) };
	}
	if (CLOUD_DOCUMENT.test(name) || size === undefined) {
		return { place, failure: cloudFailure('Box', 'cloud_document', place) };
	}
	const { file_version: version } = item;
	const versionId = isObject(version) && isString(version.id) ? version.id : undefined;
	const newUrl = async () => await getContentUrl(connection, id, versionId, link);
	return {
		...where,
		name,
		sizeBytes: size,
		modifiedAt: timestampOf(item.content_modified_at),
		createdAt: timestampOf(item.content_created_at),
		claim:
			sha1 === undefined
				? undefined
				: { algorithm: SHA1, hash: sha1.toLowerCase(), newDigest: () => new Sha1Stream() },
		content: new LinkedContent(downloader, place, newUrl),
	};
}

class Sha1Stream implements StreamDigest {
	private readonly hash = createHash('sha1');

	update(chunk: Buffer): void {
		this.hash.update(chunk);
	}

	hex(): string {
		return this.hash.digest('hex');
	}
}

interface OpenFolder {
	readonly id: string;
	readonly folders: readonly string[];
}

/** All files of a folder, wherever they lie in it; each folder is listed once. */
export async function folderEntries(
	readContext: ReadContext,
	root: StoredItem,
	path: string,
): Promise<Outcome<readonly CloudEntry[]>> {
	const found: CloudEntry[] = [];
	let level: OpenFolder[] = [{ id: root.id, folders: [] }];
	const seen = new Set([root.id]);
	while (level.length > 0) {
		const listed = await inParallel(level, PARALLEL_FOLDERS, async ({ id, folders }) => {
			const place = [path, ...folders].join('/');
			const items = await itemsOf(readContext, id, place);
			return items.ok ? success({ folders, items: items.value }) : items;
		});
		const next: OpenFolder[] = [];
		for (const one of listed) {
			if (!one.ok) return one;
			const { folders, items } = one.value;
			const directory = [path, ...folders].join('/');
			for (const item of items) {
				const { id, name = id } = item;
				if (item.type === 'folder') {
					if (!seen.has(id)) next.push({ id, folders: [...folders, name] });
					seen.add(id);
				} else {
					const where = { place: `${directory}/${name}`, directory, folders };
					found.push(fileEntry(readContext, item, where));
				}
			}
		}
		level = next;
	}
	return success(found);
}

async function itemsOf(
	{ connection, link }: ReadContext,
	folderId: string,
	place: string,
): Promise<Outcome<StoredItem[]>> {
	const items: StoredItem[] = [];
	const listed = await readPages<StoredItem>(
		'Box',
		async (marker) => await sourcePage(connection, folderId, link, marker),
		(item) => {
			items.push(item);
		},
	);
	return listed.ok ? success(items) : failed(asSource(listed.failure, place));
}
