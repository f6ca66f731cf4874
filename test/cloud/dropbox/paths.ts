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
		if (name === '' || name === '.' || name === '..') return 'malformed_path';
		if (/[\\\0]/.test(name)) return 'malformed_path';
		if (name.length > longestName || disallowedNames.has(name.toLowerCase())) {
			return 'disallowed_name';
		}
	}
	return undefined;
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
