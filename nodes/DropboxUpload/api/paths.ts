/** Dropbox compares paths without case; this is near enough to tell two items with one path. */
export function pathKey(path: string): string {
	return path.normalize('NFC').toLowerCase();
}

/** The folder of a path, as list_folder wants it: the root is empty. */
export function parentOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/'));
}

export function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
