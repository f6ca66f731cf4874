import { passing } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Page } from '../../shared/http/pages';
import { pollUntilDone } from '../../shared/http/poll';
import { parseRetryAfterMs } from '../../shared/http/retry';
import type { Connection } from './connection';
import { API_URL } from './connection';
import { idSegment } from './endpoint';
import { toFailure } from './failures/read';
import { itemsPage } from './folders';
import * as shapes from './shapes';
import type { StoredItem } from './types';

/** A shared link, with the password that it may need. */
export interface GivenLink {
	readonly url: string;
	readonly password: string | undefined;
}

/** What is read of each file. */
const FIELDS = [
	...['type', 'name', 'size', 'sha1', 'etag', 'file_version'],
	...['content_created_at', 'content_modified_at'],
];
const ITEMS_PAGE = 1_000;
const READY_WITHIN_MS = 10 * 60_000;

/** A file with what is needed to read it. */
export async function getSourceFile(
	connection: Connection,
	fileId: string,
	link: GivenLink | undefined,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'GET',
		url: `${API_URL}/files/${idSegment(fileId)}?fields=${FIELDS.join(',')}`,
		...opening(link),
		shape: shapes.storedItem,
	});
}

/** What a shared link leads to: https://developer.box.com/reference/get-shared-items/ */
export async function getSharedItem(
	connection: Connection,
	link: GivenLink,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'GET',
		url: `${API_URL}/shared_items?fields=${FIELDS.join(',')}`,
		...opening(link),
		shape: shapes.storedItem,
	});
}

/** One page of what is in a folder. */
export async function sourcePage(
	connection: Connection,
	folderId: string,
	link: GivenLink | undefined,
	marker: string | undefined,
): Promise<Outcome<Page<StoredItem>>> {
	const url = new URL(`${API_URL}/folders/${idSegment(folderId)}/items`);
	url.searchParams.set('fields', FIELDS.join(','));
	url.searchParams.set('usemarker', 'true');
	url.searchParams.set('limit', String(ITEMS_PAGE));
	if (marker !== undefined) url.searchParams.set('marker', marker);
	const page = await connection.send({
		method: 'GET',
		url: url.href,
		...opening(link),
		shape: shapes.itemsPage,
	});
	return itemsPage(page);
}

/** Where the content is, or how long Box takes until it is there. */
type ContentPlace = { readonly url: string } | { readonly retryAfterMs: number | undefined };

/**
 * An address that gives the content of a version of a file to whoever has it, for 15 minutes. Box answers with a
 * redirect to it, or 202 while it isn't ready: https://developer.box.com/guides/downloads/file/
 */
export async function getContentUrl(
	connection: Connection,
	fileId: string,
	versionId: string | undefined,
	link: GivenLink | undefined,
): Promise<Outcome<string>> {
	const version = versionId === undefined ? '' : `?version=${idSegment(versionId)}`;
	const polled = await pollUntilDone<Outcome<string>>(
		async () => {
			const asked = await connection.send<ContentPlace>({
				method: 'GET',
				url: `${API_URL}/files/${idSegment(fileId)}/content${version}`,
				...opening(link),
				takesRedirect: true,
				ofStatus: placeOf,
				shape: () => undefined,
			});
			if (!asked.ok) return { done: true, value: asked };
			if ('url' in asked.value) return { done: true, value: success(asked.value.url) };
			const { retryAfterMs: waitMs } = asked.value;
			return { done: false, ...(waitMs !== undefined && { waitMs }) };
		},
		{
			deadlineMs: READY_WITHIN_MS,
			firstDelayMs: 1_000,
			maxDelayMs: 30_000,
			cancelSignal: connection.client.cancelSignal,
		},
	);
	return polled.kind === 'done' ? polled.value : failed(NOT_READY);
}

function placeOf(
	status: number,
	headers: Readonly<Record<string, string>>,
): ContentPlace | undefined {
	if (status === 202) {
		return { retryAfterMs: parseRetryAfterMs(headers['retry-after'], Date.now()) };
	}
	const { location = '' } = headers;
	const isAddress = status === 302 && URL.canParse(location);
	return isAddress && new URL(location).protocol === 'https:' ? { url: location } : undefined;
}

/**
 * "This header can be used to access items that have not been explicitly shared with a user", and what is below
 * them: https://developer.box.com/reference/get-files-id-content/
 */
function opening(link: GivenLink | undefined) {
	if (link === undefined) return {};
	const { password, url } = link;
	const secret = password === undefined ? '' : `&shared_link_password=${password}`;
	return {
		headers: { BoxApi: `shared_link=${url}${secret}` },
		secrets: [url, ...(password === undefined ? [] : [password])],
	};
}

const NOT_READY = toFailure(
	'content/not_ready',
	passing(
		"Box isn't ready to give out the content of this file",
		'Run this again in a few minutes: a file that has just been uploaded takes a moment.',
	),
);
