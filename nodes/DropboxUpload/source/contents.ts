import type { IExecuteFunctions } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import type { Download } from '../../shared/http/download';
import { createSignedInFetch } from '../../shared/http/download';
import { hostOf } from '../../shared/http/outageBudget';
import { isObject, isString, parseJson } from '../../shared/json';
import type { CloudEntry, CloudFile, ContentReader } from '../../shared/source/cloud/cloudFile';
import { asSource, cloudFailure } from '../../shared/source/cloud/failures';
import { LinkedContent, rangeFrom } from '../../shared/source/cloud/linkedContent';
import type { ContentClaim } from '../../shared/source/origin';
import { timestampOf } from '../../shared/source/origin';
import type { Downloader } from '../../shared/source/url/request';
import { ask } from '../../shared/source/url/request';
import type { Connection } from '../api/connection';
import { CONTENT_HASH, ContentDigest } from '../api/contentHash';
import type { GivenLink } from '../api/downloads';
import { getTemporaryLink, sharedLinkFile } from '../api/downloads';
import { parentOf } from '../api/paths';
import type { StoredFile } from '../api/types';

/** What files of Dropbox are read with. */
export interface ReadContext {
	readonly context: IExecuteFunctions;
	readonly connection: Connection;
	readonly downloader: Downloader;
	readonly credentialType: string;
}

/** A file of the account itself: its content is that of the revision that was looked at. */
export function accountFile(
	{ connection, downloader }: ReadContext,
	file: StoredFile,
	folders: readonly string[] | undefined,
): CloudEntry {
	const { id, path_display: path, rev } = file;
	const place = [path, id].find(isString) ?? file.name;
	if (file.is_downloadable === false) {
		return { place, failure: cloudFailure('Dropbox', 'cloud_document', place) };
	}
	const version = isString(rev) ? `rev:${rev}` : (id ?? place);
	const newUrl = async () => await getTemporaryLink(connection, version);
	return {
		...describe(file, folders),
		place,
		directory: isString(path) ? parentOf(path) : undefined,
		content: new LinkedContent(downloader, place, newUrl),
	};
}

/** A file behind a link that the account doesn't have itself; `path`: within a linked folder. */
export function linkedFile(
	readContext: ReadContext,
	file: Pick<StoredFile, 'name' | 'size' | 'client_modified' | 'content_hash' | 'rev'>,
	link: GivenLink,
	within: { readonly path: string; readonly folders: readonly string[] } | undefined,
): CloudFile {
	const place = within?.path ?? file.name;
	return {
		...describe(file, within?.folders),
		place,
		directory: undefined,
		content: new SharedContent(readContext, place, { link, path: within?.path, rev: file.rev }),
	};
}

function describe(
	file: Pick<StoredFile, 'name' | 'size' | 'client_modified' | 'content_hash'>,
	folders: readonly string[] | undefined,
) {
	const { client_modified: modified, content_hash: hash } = file;
	const claim: ContentClaim | undefined = isString(hash)
		? { algorithm: CONTENT_HASH, hash, newDigest: () => new ContentDigest() }
		: undefined;
	return {
		name: file.name,
		folders,
		sizeBytes: file.size,
		modifiedAt: timestampOf(modified),
		createdAt: undefined,
		claim,
	};
}

interface SharedFile {
	readonly link: GivenLink;
	readonly path: string | undefined;
	readonly rev: string | undefined;
}

/** Content that Dropbox gives to whoever is signed in and has the link. */
class SharedContent implements ContentReader {
	readonly host: string;

	constructor(
		private readonly readContext: ReadContext,
		private readonly place: string,
		private readonly file: SharedFile,
	) {
		this.host = hostOf(sharedLinkFile(file.link, file.path).url);
	}

	async from(offset: number): Promise<Outcome<Download>> {
		const { connection, context, credentialType, downloader } = this.readContext;
		const { link, path, rev } = this.file;
		const account = await connection.accountHeaders();
		if (!account.ok) return account;
		const { headers, url } = sharedLinkFile(link, path);
		const signedIn = { credentialType, method: 'POST', headers: { ...account.value, ...headers } };
		const fetch = createSignedInFetch(context, { ...signedIn, method: 'POST' });
		const answer = await ask({ ...downloader, fetch }, url, rangeFrom(offset));
		if (!answer.ok) {
			const { status } = answer.failure;
			const isRefused = status !== undefined && status < 500 && status !== 429;
			return failed(
				isRefused
					? cloudFailure('Dropbox', 'refused', this.place, { status })
					: asSource(answer.failure, this.place),
			);
		}
		const present = parseJson(answer.value.headers['dropbox-api-result'] ?? '');
		const isOther = isObject(present) && isString(present.rev) && present.rev !== rev;
		if (rev === undefined || !isOther) return answer;
		answer.value.close();
		return failed(cloudFailure('Dropbox', 'changed', this.place));
	}
}
