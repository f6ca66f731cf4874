import { createHash } from 'node:crypto';

import type { UploadChoices } from '../../shared/run/uploadChoices';
import type { ItemFile } from '../../shared/run/uploadRun';
import type { SizedSource } from '../../shared/source/byteSource';
import type { NewFile } from '../api/files';
import type { FileAttributes } from '../fields/attributes';
import type { FolderRef } from '../fields/parentFolder';

/** Box takes upload sessions from this size on. */
const SESSION_FROM_BYTES = 20_000_000;

export function isLarge({ sizeBytes }: { readonly sizeBytes: number }): boolean {
	return sizeBytes >= SESSION_FROM_BYTES;
}

/** What to do when the name is taken. */
export type IfExists = 'fail' | 'version' | 'rename' | 'skip';

/** What was asked for: where the file is to go. */
export type Destination =
	| { readonly kind: 'folder'; readonly folder: FolderRef; readonly fileName: string }
	| {
			readonly kind: 'file';
			readonly fileId: string;
			/** Undefined: it keeps its name. */
			readonly fileName: string | undefined;
			/** Undefined: whatever it has now. */
			readonly etag: string | undefined;
	  };

/** One item's file and where it goes. */
export interface FileToUpload extends ItemFile, UploadChoices {
	readonly source: SizedSource;
	readonly destination: Destination;
	readonly ifExists: IfExists;
	readonly attributes: FileAttributes;
}

/** A file, and the folder that it goes to; a file that is named by its ID has none. */
export interface LocatedFile {
	readonly file: FileToUpload;
	readonly folderId: string;
	/** Files with the same one go one after the other, in input order. */
	readonly key: string;
}

/** `folderId`: what the folder of its destination came to. */
export function locatedIn(folderId: string, file: FileToUpload): LocatedFile {
	const { destination } = file;
	return destination.kind === 'file'
		? { file, folderId: '', key: fileKey(destination.fileId) }
		: { file, folderId, key: nameKeyIn(folderId, destination.fileName) };
}

/** What was decided: where exactly the next try stores it. */
export type ResolvedTarget =
	| ({
			readonly kind: 'newFile';
			/** Of a file whose name is taken. */ readonly isCopy?: boolean;
	  } & NewFile)
	| {
			readonly kind: 'newVersion';
			readonly fileId: string;
			readonly fileName: string | undefined;
			readonly currentName: string;
			/** The folder that it was found in by its name; undefined for a file that is named by its ID. */
			readonly foundIn: string | undefined;
			/** Always sent along: a version that somebody else makes meanwhile is not buried. */
			readonly etag: string;
			/** Undefined when the etag itself is the user's condition. */
			readonly seen: SeenVersion | undefined;
	  };

/** The version that is to be replaced: an etag also counts what is no new content, such as a description or a link. */
export interface SeenVersion {
	readonly versionId: string | undefined;
	readonly sha1: string | undefined;
}

/** Box compares names without case; this is near enough to tell two items with one name. */
export function nameKey(name: string): string {
	return name.normalize('NFC').toLowerCase();
}

/** A name in a folder; equal for what Box would store at one target. */
export function nameKeyIn(folderId: string, name: string): string {
	return `${folderId}/${nameKey(name)}`;
}

/** The target of a file that is named by its ID. */
export function fileKey(fileId: string): string {
	return `file ${fileId}`;
}

/**
 * What a session was opened for, and what its commit was to say: only for the very same it may be gone on with.
 * The bytes are compared apart from that.
 */
export function sessionKey(resolved: ResolvedTarget, attributes: FileAttributes): string {
	const target =
		resolved.kind === 'newFile'
			? `folder ${resolved.folderId}/${resolved.fileName}`
			: `file ${resolved.fileId}${resolved.fileName === undefined ? '' : `/${resolved.fileName}`}`;
	const { content_created_at: created, content_modified_at: modified, description } = attributes;
	const given = [created, modified, description];
	if (given.every((value) => value === undefined)) return target;
	// No name has a slash.
	return `${target}/${createHash('sha1').update(JSON.stringify(given)).digest('hex')}`;
}

/** For people. */
export function nameOf({ fileName, ...destination }: Destination): string {
	if (destination.kind === 'file') return fileName ?? `file ${destination.fileId}`;
	const { names } = destination.folder;
	return `${names.map((name) => `/${name}`).join('')}${names.length > 0 ? '/' : ''}${fileName}`;
}
