import { InputProblem } from '../../shared/input/inputProblem';
import { requiredText } from '../../shared/input/values';

const MAX_NAME_CHARACTERS = 255;

/** Names that Dropbox answers with `disallowed_name`; https://help.dropbox.com/organize/file-names */
const REFUSED_NAMES = new Set([
	'desktop.ini',
	'thumbs.db',
	'.ds_store',
	'icon\r',
	'.dropbox',
	'.dropbox.attr',
]);

/** A path to write to, in one of the forms of Dropbox's WritePathOrId; throws InputProblem. */
export function checkedPath(value: unknown): string {
	const path =
		typeof value === 'string' ? value : requiredText(value, 'path', 'Destination Path', hint);
	if (path.trim() === '') throw problem('Destination Path is empty', hint, path);
	if (/^id:./.test(path)) return path;
	const names = namesOf(path);
	if (names === undefined)
		throw problem('Destination Path does not begin with a slash', hint, path);
	if (names.at(-1) === '' || names.length === 0) {
		throw problem(
			'Destination Path names a folder, not a file',
			'Add the file name at the end.',
			path,
		);
	}
	for (const name of names) checkName(name, path);
	return path;
}

const hint = 'Write it as /Folder/name.ext.';

/** The parts between slashes, or `undefined` for what is no path. */
function namesOf(path: string): string[] | undefined {
	const match = /^(?:ns:[0-9]+)?\/([\s\S]*)$/.exec(path);
	return match?.[1]?.split('/');
}

function checkName(name: string, path: string): void {
	if (name === '') {
		throw problem('Destination Path has an empty part', 'Remove the double slash.', path);
	}
	if (name === '.' || name === '..') {
		throw problem(
			'Destination Path has a part that is only dots',
			'Write the folders by name.',
			path,
		);
	}
	if (name.length > MAX_NAME_CHARACTERS) {
		throw problem(
			'A name in Destination Path is too long for Dropbox',
			`It has ${name.length} characters; ${MAX_NAME_CHARACTERS} are allowed.`,
			path,
		);
	}
	if (REFUSED_NAMES.has(name.toLowerCase())) {
		throw problem('Dropbox does not store files with this name', 'Rename the file.', path);
	}
	if (!name.isWellFormed()) {
		throw problem(
			'Destination Path has a broken character',
			'Half of an emoji or similar is missing.',
			path,
		);
	}
}

function problem(message: string, remedy: string, path: string): InputProblem {
	return new InputProblem(
		'path',
		message,
		remedy,
		path.length > 300 ? `${path.slice(0, 300)}…` : path,
	);
}
