import { success } from '../../shared/failure';
import type { Outcome } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import { API_URL, UPLOAD_URL } from './connection';
import { checkedEndpoint, idSegment } from './endpoint';
import * as shapes from './shapes';
import type { Files, StoredItem } from './types';

const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** A whole file in one request. */
export interface Form {
	readonly body: Buffer;
	readonly contentType: string;
	/** Of the file in it, in hexadecimal. */
	readonly sha1: string;
}

/** `uploadUrl`: where a check said that the file should go. After a lost answer the caller looks first. */
export async function uploadFile(
	connection: Connection,
	form: Form,
	folderId: string,
	uploadUrl: string | undefined,
): Promise<CallOutcome<Files>> {
	const url = uploadUrl ?? `${UPLOAD_URL}/files/content`;
	return await postForm(connection, { step: 'newFile', url, folderId, headers: {} }, form);
}

/** The same for a new version, which Box makes only while the file has this etag (412 otherwise). */
export async function uploadFileVersion(
	connection: Connection,
	form: Form,
	fileId: string,
	etag: string,
): Promise<CallOutcome<Files>> {
	const url = `${UPLOAD_URL}/files/${idSegment(fileId)}/content`;
	const headers = { 'If-Match': etag };
	return await postForm(connection, { step: 'newVersion', url, headers }, form);
}

interface Receiver {
	readonly step: 'newFile' | 'newVersion';
	readonly url: string;
	readonly folderId?: string;
	readonly headers: Readonly<Record<string, string>>;
}

async function postForm(
	connection: Connection,
	{ step, url, folderId, headers }: Receiver,
	{ body, contentType, sha1 }: Form,
): Promise<CallOutcome<Files>> {
	return await connection.send({
		method: 'POST',
		url,
		// Despite its name the header holds the SHA-1: Box stores nothing that has another.
		headers: { 'Content-Type': contentType, 'Content-MD5': sha1, ...headers },
		body,
		shape: shapes.files,
		step,
		...(folderId !== undefined && { folderId }),
		afterLostResponse: 'settle',
	});
}

/** A file by the name that it gets. */
export interface NewFile {
	readonly folderId: string;
	readonly fileName: string;
}

/** Whether Box would take the file: its name, its size, the rights. Gives the address to send it to. */
export async function checkUpload(
	connection: Connection,
	{ folderId, fileName }: NewFile,
	fileSizeBytes: number,
): Promise<Outcome<string | undefined>> {
	const checked = await connection.send({
		method: 'OPTIONS',
		url: `${API_URL}/files/content`,
		headers: JSON_HEADERS,
		body: JSON.stringify({ name: fileName, parent: { id: folderId }, size: fileSizeBytes }),
		shape: shapes.uploadUrl,
		step: 'newFile',
		folderId,
	});
	if (!checked.ok) return checked;
	const { upload_url: url } = checked.value;
	return url === undefined ? success(undefined) : checkedEndpoint(url);
}

/** A file with the fields that Box gives unasked. */
export async function getFile(
	connection: Connection,
	fileId: string,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'GET',
		url: `${API_URL}/files/${idSegment(fileId)}`,
		shape: shapes.storedItem,
	});
}

/** At most 256 characters. */
export async function setDescription(
	connection: Connection,
	fileId: string,
	description: string,
): Promise<CallOutcome<StoredItem>> {
	return await connection.send({
		method: 'PUT',
		url: `${API_URL}/files/${idSegment(fileId)}`,
		headers: JSON_HEADERS,
		body: JSON.stringify({ description }),
		shape: shapes.storedItem,
	});
}
