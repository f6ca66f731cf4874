import { tag, type Tagged } from './errors';

/** What Dropbox lets a path look like, beyond the patterns of the type tables. */
export type PathFault = 'malformed_path' | 'disallowed_name';

const disallowedNames = new Set([
	'.dropbox',
	'.dropbox.attr',
	'.dropbox.cache',
	'desktop.ini',
	'thumbs.db',
	'.ds_store',
	'icon\r',
]);
const longestName = 255;

export function faultOfPath(path: string): PathFault | undefined {
	const names = withoutNamespace(path).split('/').slice(1);
	if (names.length === 0) return undefined;
	for (const name of names) {
		if (disallowedNames.has(name.toLowerCase())) return 'disallowed_name';
		if (name === '' || name === '.' || name === '..') return 'malformed_path';
		// rclone (backend/dropbox, EncodeBackSlash, EncodeDel, EncodeRightSpace) found the backslash, DEL and
		// blanks at the end refused; of other control characters a public report says so of line breaks.

		if (/[\\\x00-\x1f\x7f]| $/.test(name)) return 'malformed_path';
		// Assumed to be counted in code points, as rclone's checkPathLength counts them.
		if ([...name].length > longestName) return 'disallowed_name';
	}
	return undefined;
}

/** The union value of a fault; the specification lets `malformed_path` carry a text (`String?`). */
export function pathFaultTag(fault: PathFault, path: string): Tagged {
	if (fault === 'disallowed_name') return tag(fault);
	return tag(fault, { malformed_path: `Path '${path}' did not match what a path looks like` });
}

/**
 * Whether a path is written as Dropbox stores it. It stores NFC whatever a commit is given, and answers
 * `not_found` to a look-up of the same path in NFD: https://github.com/samschott/maestral/pull/678
 */
export function isAsStored(path: string): boolean {
	return path === storedForm(path);
}

export function storedForm(path: string): string {
	return path.normalize('NFC');
}

function withoutNamespace(path: string): string {
	return path.replace(/^ns:[0-9]+/, '');
}

/** `a.txt` with 1 becomes `a (1).txt`. */
export function withSuffix(path: string, suffix: string): string {
	const slash = path.lastIndexOf('/');
	const dot = path.lastIndexOf('.');
	const at = dot > slash + 1 ? dot : path.length;
	return `${path.slice(0, at)} (${suffix})${path.slice(at)}`;
}
