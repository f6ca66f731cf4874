import type { IExecuteFunctions } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { InputProblem } from '../../shared/fields/inputProblem';
import { collectionOf } from '../../shared/fields/parameters';
import { readMaxRetries } from '../../shared/fields/waiting';
import { onePer } from '../../shared/memoized';
import { printableUrl } from '../../shared/redact';
import type { CloudEntry, CloudInput } from '../../shared/source/cloud/cloudFile';
import { asSource, cloudFailure } from '../../shared/source/cloud/failures';
import type { GivenSource } from '../../shared/source/cloud/given';
import { givenSource, isAtDomain, urlOf } from '../../shared/source/cloud/given';
import type { Connection } from '../api/connection';
import type { GivenLink } from '../api/downloads';
import { getSharedLinkMetadata } from '../api/downloads';
import { storedForm } from '../api/paths';
import { connect, credentialOf } from '../run';
import type { ReadContext } from './contents';
import { accountFile, linkedFile } from './contents';
import { accountFolder, entryAt, linkedFolder } from './listing';

const CREDENTIAL = {
	credentialType: 'dropboxUploadSourceOAuth2Api',
	credentialLabel: 'Dropbox Upload Source OAuth2 API',
};
const REMEDY =
	'Enter a path like /Reports/2026, an ID that begins with id:, or a shared link of dropbox.com.';

/** Reads items whose source is a file or folder of Dropbox, with one connection for the run. */
export class DropboxSource {
	private readonly connectionFor = onePer(
		String,
		async (maxRetries: number) => await this.connect(maxRetries),
	);

	constructor(private readonly context: IExecuteFunctions) {}

	/** Throws InputProblem. */
	read(itemIndex: number, isFolder: boolean): CloudInput {
		const field = { vendor: 'Dropbox', isFolder, remedy: REMEDY, ...CREDENTIAL } as const;
		const given = givenSource(this.context, itemIndex, field);
		const wanted = wantedIn(given, isFolder);
		const maxRetries = readMaxRetries(collectionOf(this.context, itemIndex));
		return {
			vendor: 'Dropbox',
			isFolder,
			entries: async (downloader) => {
				const { context } = this;
				const { credentialType } = CREDENTIAL;
				const connection = await this.connectionFor(maxRetries);
				const readContext = { context, connection, downloader, credentialType };
				if (isFolder) return await folderEntries(readContext, wanted);
				const file = await fileEntry(readContext, wanted);
				return file.ok ? success([file.value]) : file;
			},
		};
	}

	private async connect(maxRetries: number): Promise<Connection> {
		const { context } = this;
		const credential = await credentialOf(context, CREDENTIAL.credentialType);
		const root = { kind: credential.accessType === 'folder' ? 'home' : 'teamSpace' } as const;
		return connect(context, { root, member: undefined, maxRetries }, credential);
	}
}

type Wanted = { readonly path: string } | { readonly link: GivenLink };

/** Throws InputProblem. */
function wantedIn({ password, text }: GivenSource, isFolder: boolean): Wanted {
	const url = urlOf(text);
	if (url !== undefined && isAtDomain(url, 'dropbox.com')) {
		return { link: { url: url.href, password } };
	}
	if (url === undefined && /^(?:\/|id:.|ns:\d)/.test(text)) {
		// The root's path is empty.
		return { path: storedForm(text.replace(/\/+$/, '')) };
	}
	throw new InputProblem(
		isFolder ? 'dropboxFolder' : 'dropboxFile',
		isFolder
			? "'Dropbox Folder' isn't a path, an ID or a shared link of Dropbox"
			: "'Dropbox File' isn't a path, an ID or a shared link of Dropbox",
		REMEDY,
		printableUrl(text),
	);
}

async function fileEntry(readContext: ReadContext, wanted: Wanted): Promise<Outcome<CloudEntry>> {
	if ('path' in wanted) return await fileAt(readContext, wanted.path);
	const { link } = wanted;
	const place = printableUrl(link.url);
	const linked = await getSharedLinkMetadata(readContext.connection, link);
	if (!linked.ok) return failed(asSource(linked.failure, place));
	const { id, path_lower: path, size } = linked.value;
	if (linked.value['.tag'] === 'folder' || size === undefined) {
		return failed(cloudFailure('Dropbox', 'not_a_file', place));
	}
	// The account's own file is read like any other: its hash is known.
	if (path !== undefined && id !== undefined) return await fileAt(readContext, id);
	return success(linkedFile(readContext, { ...linked.value, size }, link, undefined));
}

async function fileAt(readContext: ReadContext, path: string): Promise<Outcome<CloudEntry>> {
	if (path === '') return failed(cloudFailure('Dropbox', 'not_a_file', '/'));
	const there = await entryAt(readContext, path);
	if (!there.ok) return there;
	if (there.value['.tag'] === 'folder') return failed(cloudFailure('Dropbox', 'not_a_file', path));
	return success(accountFile(readContext, there.value, undefined));
}

async function folderEntries(
	readContext: ReadContext,
	wanted: Wanted,
): Promise<Outcome<readonly CloudEntry[]>> {
	if ('path' in wanted) return await accountFolder(readContext, wanted.path);
	const { link } = wanted;
	const place = printableUrl(link.url);
	const linked = await getSharedLinkMetadata(readContext.connection, link);
	if (!linked.ok) return failed(asSource(linked.failure, place));
	const { '.tag': tag, id, path_lower: path } = linked.value;
	if (tag === 'file') return failed(cloudFailure('Dropbox', 'not_a_folder', place));
	if (path !== undefined && id !== undefined) return await accountFolder(readContext, id);
	return await linkedFolder(readContext, link);
}
