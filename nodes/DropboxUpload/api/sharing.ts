import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { conflictOf, failed, success } from '../../shared/failure';
import type { LinkRequest } from '../../shared/fields/sharedLink';
import type { JsonObject } from '../../shared/json';
import { toJson } from '../../shared/json';
import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import * as shapes from './shapes';
import type { SharedFileBatchEntry, SharedFileMetadata } from './types';

/** Most files in one sharing/get_file_metadata/batch. */
export const MAX_SHARED_FILES = 100;

/** https://www.dropbox.com/developers/documentation/http/documentation#sharing-get_file_metadata: not for apps with App Folder access. */
export async function getSharedFile(
	connection: Connection,
	file: string,
	actions: readonly string[],
): Promise<CallOutcome<SharedFileMetadata>> {
	return await connection.rpc({
		name: 'sharing/get_file_metadata',
		argument: { file, ...(actions.length > 0 && { actions }) },
		shape: shapes.sharedFileMetadata,
		errorUnion: 'sharing.GetFileMetadataError',
	});
}

/** The same for up to 100 files: one entry for each, in order. */
export async function getSharedFiles(
	connection: Connection,
	files: readonly string[],
	actions: readonly string[],
): Promise<CallOutcome<readonly SharedFileBatchEntry[]>> {
	return await connection.rpc({
		name: 'sharing/get_file_metadata/batch',
		argument: { files, ...(actions.length > 0 && { actions }) },
		shape: shapes.sharedFileEntries,
		errorUnion: 'sharing.SharingUserError',
	});
}

/** The link to what is at a path or has an ID; the one that it has, when it has one. */
export async function sharedLinkTo(
	connection: Connection,
	path: string,
	linkRequest: LinkRequest,
): Promise<Outcome<IDataObject>> {
	const created = await createSharedLink(connection, path, linkRequest);
	if (created.ok) return success(toJson(created.value));
	const { failure } = created;
	if (!failure.code.startsWith('shared_link_already_exists')) {
		return failed(LACKS_SCOPE.has(failure.code) ? { ...failure, remedy: TICK } : failure);
	}
	const there = shapes.sharedLink(conflictOf(failure));
	if (there !== undefined) return success(toJson(there));
	const listed = await listSharedLinks(connection, path);
	if (!listed.ok) return listed;
	const [first] = listed.value;
	return first === undefined ? failed(failure) : success(toJson(first));
}

const LACKS_SCOPE = new Set(['missing_scope', 'auth/app_lacks_scope']);
const TICK =
	"In the Dropbox App Console, select sharing.write under Permissions and choose Submit. In n8n, turn on 'Shared Links' in the credential, and connect it again.";

async function createSharedLink(
	connection: Connection,
	path: string,
	{ audience, expires, password }: LinkRequest,
): Promise<CallOutcome<JsonObject>> {
	const settings = {
		...(audience !== undefined && { audience }),
		...(expires !== undefined && { expires }),
		...(password !== undefined && { require_password: true, link_password: password }),
	};
	return await connection.rpc({
		name: 'sharing/create_shared_link_with_settings',
		argument: { path, ...(Object.keys(settings).length > 0 && { settings }) },
		shape: shapes.sharedLink,
		errorUnion: 'sharing.CreateSharedLinkWithSettingsError',
		...(password !== undefined && { secrets: [password] }),
	});
}

async function listSharedLinks(
	connection: Connection,
	path: string,
): Promise<CallOutcome<readonly JsonObject[]>> {
	return await connection.rpc({
		name: 'sharing/list_shared_links',
		argument: { path, direct_only: true },
		shape: shapes.sharedLinks,
		errorUnion: 'sharing.ListSharedLinksError',
	});
}
