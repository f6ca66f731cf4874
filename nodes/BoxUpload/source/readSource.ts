import type { IExecuteFunctions } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { InputProblem } from '../../shared/fields/inputProblem';
import { collectionOf } from '../../shared/fields/parameters';
import { readMaxRetries } from '../../shared/fields/waiting';
import { readPages } from '../../shared/http/pages';
import { onePer } from '../../shared/memoized';
import { printableUrl } from '../../shared/redact';
import type { CloudEntry, CloudInput } from '../../shared/source/cloud/cloudFile';
import { asSource, cloudFailure } from '../../shared/source/cloud/failures';
import type { GivenSource } from '../../shared/source/cloud/given';
import { givenSource, isAtDomain, urlOf } from '../../shared/source/cloud/given';
import type { Connection } from '../api/connection';
import type { GivenLink } from '../api/downloads';
import { getSharedItem, getSourceFile, sourcePage } from '../api/downloads';
import { getFolder } from '../api/folders';
import type { StoredItem } from '../api/types';
import { BOX_SOURCE_CREDENTIAL, connect } from '../run';
import { nameKey } from '../uploadFile/types';
import type { ReadContext, Where } from './entries';
import { fileEntry, folderEntries } from './entries';

const CREDENTIAL = {
	credentialType: BOX_SOURCE_CREDENTIAL,
	credentialLabel: 'Box Upload Source OAuth2 API',
};
/** Whose it is, its token doesn't say. */
const SOURCE_ACCOUNT = { authentication: 'source', account: undefined } as const;
const REMEDY = 'Enter a path like /Reports/2026, an ID, or a URL or shared link of box.com.';
const ALL_FILES = '0';

/** Reads items whose source is a file or folder of Box, with one connection for the run. */
export class BoxSource {
	private readonly connectionFor = onePer(String, (maxRetries: number) =>
		connect(this.context, { asUser: undefined, maxRetries }, SOURCE_ACCOUNT),
	);

	constructor(private readonly context: IExecuteFunctions) {}

	/** Throws InputProblem. */
	read(itemIndex: number, isFolder: boolean): CloudInput {
		const field = { vendor: 'Box', isFolder, remedy: REMEDY, ...CREDENTIAL } as const;
		const given = givenSource(this.context, itemIndex, field);
		const wanted = wantedIn(given, isFolder);
		const maxRetries = readMaxRetries(collectionOf(this.context, itemIndex));
		return {
			vendor: 'Box',
			isFolder,
			entries: async (downloader) => {
				const link = 'link' in wanted ? wanted.link : undefined;
				const readContext = { connection: this.connectionFor(maxRetries), downloader, link };
				const place = placeOf(wanted);
				const found = await itemOf(readContext, wanted, isFolder);
				if (!found.ok) return failed(asSource(found.failure, place));
				return await entriesOf(readContext, found.value, isFolder, {
					place: 'names' in wanted || isFolder ? place : (found.value.name ?? place),
					path: 'names' in wanted ? wanted.names : undefined,
				});
			},
		};
	}
}

type Wanted =
	| { readonly id: string }
	| { readonly names: readonly string[] }
	/** `within`: the ID of something in what the link shares. */
	| { readonly link: GivenLink; readonly within: string | undefined };

/** Throws InputProblem. */
function wantedIn({ password, text }: GivenSource, isFolder: boolean): Wanted {
	if (/^\d+$/.test(text)) return { id: text };
	const url = urlOf(text);
	if (url !== undefined && isAtDomain(url, 'box.com')) {
		const id = /\/(?:file|folder)\/(\d+)(?:\/|$)/.exec(url.pathname)?.[1];
		const shared = /^.*?\/[sv]\/[^/]+/.exec(url.pathname)?.[0];
		if (id !== undefined && shared === undefined) return { id };
		// Box compares the link with its own, which has nothing behind it.
		return { link: { url: url.origin + (shared ?? url.pathname), password }, within: id };
	}
	if (text.startsWith('/')) {
		const names = text
			.split('/')
			.map((part) => part.trim())
			.filter((part) => part !== '');
		return { names };
	}
	throw new InputProblem(
		isFolder ? 'boxFolder' : 'boxFile',
		isFolder
			? "'Box Folder' isn't a path, an ID or a link of Box"
			: "'Box File' isn't a path, an ID or a link of Box",
		REMEDY,
		printableUrl(text),
	);
}

function placeOf(wanted: Wanted): string {
	if ('id' in wanted) return wanted.id;
	return 'link' in wanted ? printableUrl(wanted.link.url) : `/${wanted.names.join('/')}`;
}

/** The file or folder itself; what it is, is looked at later. */
async function itemOf(
	{ connection }: ReadContext,
	wanted: Wanted,
	isFolder: boolean,
): Promise<Outcome<StoredItem>> {
	if ('link' in wanted) return await sharedItem(connection, wanted, isFolder);
	if ('names' in wanted) return await itemAt(connection, wanted.names);
	if (!isFolder) return await getSourceFile(connection, wanted.id, undefined);
	const folder = await getFolder(connection, wanted.id);
	return folder.ok ? success({ type: 'folder', id: folder.value.id }) : folder;
}

/** What a link shares, or something in it, as the address in a browser then says. */
async function sharedItem(
	connection: Connection,
	{ link, within }: Extract<Wanted, { readonly link: GivenLink }>,
	isFolder: boolean,
): Promise<Outcome<StoredItem>> {
	if (within === undefined) return await getSharedItem(connection, link);
	// Whether there is such a folder, its listing tells.
	if (isFolder) return success({ type: 'folder', id: within });
	return await getSourceFile(connection, within, link);
}

/** Box knows no look-up by path, so each folder on the way is listed. */
async function itemAt(
	connection: Connection,
	names: readonly string[],
): Promise<Outcome<StoredItem>> {
	let item: StoredItem = { type: 'folder', id: ALL_FILES };
	for (const [index, name] of names.entries()) {
		const place = `/${names.slice(0, index + 1).join('/')}`;
		let found: StoredItem | undefined;
		if (item.type === 'folder') {
			const listed = await readPages<StoredItem>(
				'Box',
				async (marker) => await sourcePage(connection, item.id, undefined, marker),
				(entry) => {
					if (nameKey(entry.name ?? '') !== nameKey(name)) return false;
					found = entry;
					return true;
				},
			);
			if (!listed.ok) return listed;
		}
		if (found === undefined) return failed(cloudFailure('Box', 'not_found', place));
		item = found;
	}
	return success(item);
}

async function entriesOf(
	readContext: ReadContext,
	item: StoredItem,
	isFolder: boolean,
	{ place, path }: { readonly place: string; readonly path: readonly string[] | undefined },
): Promise<Outcome<readonly CloudEntry[]>> {
	if (isFolder !== (item.type === 'folder')) {
		return failed(cloudFailure('Box', isFolder ? 'not_a_folder' : 'not_a_file', place));
	}
	const above = path === undefined ? '' : path.map((name) => `/${name}`).join('');
	if (isFolder) return await folderEntries(readContext, item, above);
	const where: Where = {
		place,
		directory: path === undefined ? undefined : above.slice(0, above.lastIndexOf('/')),
		folders: undefined,
	};
	return success([fileEntry(readContext, item, where)]);
}
