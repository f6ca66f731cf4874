import type { Failure } from '../../shared/failure';
import { readUnion } from '../api/failures/read';
import type { FileToUpload } from './types';

type InTheWay = 'file' | 'folder' | 'file_ancestor';

/** The failure that Dropbox answers when this is in the way of a commit, or of a file that it fetches. */
export function conflictWith(
	tag: InTheWay,
	union: 'files.UploadSessionFinishError' | 'files.SaveUrlError' = 'files.UploadSessionFinishError',
): Failure {
	const conflict = { '.tag': 'conflict', conflict: { '.tag': tag } };
	return readUnion(union, { '.tag': 'path', path: conflict });
}

/** Whoever gave a revision does not want to hear that a file is there. */
export function saidFor({ ifExists }: FileToUpload, failure: Failure): Failure {
	const isStale = ifExists === 'update' && failure.code === 'path/conflict/file';
	return isStale ? { ...failure, message: STALE.message, remedy: STALE.remedy } : failure;
}

const STALE: Failure = {
	...conflictWith('file'),
	code: 'path/conflict/file',
	class: 'user',
	message: "The file no longer has the revision in 'Revision'",
	remedy:
		"Look at the file in Dropbox, then enter its current revision, or set 'If File Exists' to Overwrite. Nothing was replaced.",
};

/** Of a file that Dropbox fetches itself. */
export const TAKEN: Failure = {
	...conflictWith('file', 'files.SaveUrlError'),
	remedy:
		"Set 'If File Exists' to Rename or Skip, or choose another path. To replace the file, turn off 'Let Dropbox Fetch It'.",
};

export const TAKEN_BY_FOLDER = conflictWith('folder', 'files.SaveUrlError');
