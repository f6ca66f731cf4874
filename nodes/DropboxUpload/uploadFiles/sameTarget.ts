import type { Failure } from '../../shared/failure';
import type { Connection } from '../api/connection';
import { pathKey } from '../api/paths';
import type { FileToUpload } from './types';
import { wrongInput } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

/** One text for one place of an account, whichever way it is written. */
export function targetKey({ placeKey, signInKey }: Connection, path: string): string {
	// A namespace means the same below every root.
	return `${path.startsWith('ns:') ? signInKey : placeKey} ${pathKey(path)}`;
}

/** Told before a byte of the file is sent. */
export function sameTarget({ commit }: FileToUpload, itemIndex: number): Failure {
	return {
		...SAME_TARGET,
		remedy: `${SAME_TARGET.remedy} Item ${itemIndex} goes to the same place.`,
		subject: commit.path,
	};
}

const SAME_TARGET = toFailure(
	'items/same_place',
	wrongInput(
		"Another item of this run has the same destination, so this file wasn't uploaded",
		"Set 'Keep Folders Below' for files from several folders. Otherwise leave 'File Name' empty, enter a different name for each file, or set 'If File Exists' to Rename.",
	),
);
