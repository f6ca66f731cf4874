/**
 * A path as Dropbox stores it, whatever a commit was given: NFC. Other calls find it in that form alone,
 * so every path goes out in it. https://github.com/samschott/maestral/pull/678
 */
export function storedForm(path: string): string {
	return path.normalize('NFC');
}

/** Dropbox compares paths without case; this is near enough to tell two items with one path. */
export function pathKey(path: string): string {
	return storedForm(path).toLowerCase();
}

/** The folder of a path, as list_folder wants it: the root is empty. */
export function parentOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/'));
}

export function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}
