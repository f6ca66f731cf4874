import { lengthOf, positionOf, refusedCharacter } from '../../shared/fields/fileName';
import { InputProblem } from '../../shared/fields/inputProblem';
import { requiredText } from '../../shared/fields/values';
import { storedForm } from '../api/paths';

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

/** A path to write to, in one of the forms of Dropbox's WritePathOrId, as Dropbox stores it; throws InputProblem. */
export function checkedPath(value: unknown): string {
	const path =
		typeof value === 'string' ? value : requiredText(value, 'path', 'Destination Path', hint);
	if (path.trim() === '') throw problem('path', "'Destination Path' is empty", hint, path);
	if (/^id:./.test(path)) {
		checkCharacters(path, 'path', "'Destination Path'", "'Destination Path'");
		return path;
	}
	const names = namesOf(path);
	if (names === undefined) {
		throw problem('path', "'Destination Path' doesn't begin with a slash", hint, path);
	}
	if (names.at(-1) === '' || names.length === 0) {
		throw problem(
			'path',
			"'Destination Path' names a folder, not a file",
			'Add the file name at the end.',
			path,
		);
	}
	checkNames(names, path, 'path', 'Destination Path');
	return storedForm(path);
}

const hint = 'Write it as /Folder/name.ext.';

/** The parts between slashes, or `undefined` for what is no path. */
export function namesOf(path: string): string[] | undefined {
	const match = /^(?:ns:[0-9]+)?\/([\s\S]*)$/.exec(path);
	return match?.[1]?.split('/');
}

/** Whether Dropbox stores no file of this name, whatever is in it. */
export function isRefusedName(name: string): boolean {
	return REFUSED_NAMES.has(name.toLowerCase());
}

/** What Dropbox refuses in the names of a path. What it may take is left to it. Throws InputProblem. */
export function checkNames(
	names: readonly string[],
	text: string,
	parameter: string,
	label: string,
): void {
	for (const name of names) {
		if (name === '') {
			throw problem(parameter, `'${label}' has an empty part`, 'Remove the double slash.', text);
		}
		if (name === '.' || name === '..') {
			throw problem(
				parameter,
				`'${label}' has a part that is only dots`,
				'Write the folders by name.',
				text,
			);
		}
		checkStorable(name, text, parameter, `A name in '${label}'`);
	}
	checkCharacters(text, parameter, `'${label}'`, `A name in '${label}'`);
}

/** The same for one name, which has something in it. Throws InputProblem. */
export function checkName(name: string, parameter: string, label: string): void {
	if (name === '.' || name === '..') {
		throw problem(parameter, `${label} is only dots`, 'Choose another name.', name);
	}
	checkStorable(name, name, parameter, label);
	checkCharacters(name, parameter, label, label);
}

function checkStorable(name: string, text: string, parameter: string, label: string): void {
	const length = lengthOf(name.normalize('NFC'));
	if (length > MAX_NAME_CHARACTERS) {
		throw problem(
			parameter,
			`${label} is too long for Dropbox`,
			`Shorten it to ${MAX_NAME_CHARACTERS} characters. It has ${length}.`,
			text,
		);
	}
	if (isRefusedName(name)) {
		throw problem(
			parameter,
			"Dropbox doesn't store files with this name",
			'Rename the file, or leave it out.',
			text,
		);
	}
}

/** Says which character of the text Dropbox does not store, and where it is. Throws InputProblem. */
function checkCharacters(
	text: string,
	parameter: string,
	label: string,
	/** What ends where a slash follows. */
	nameLabel: string,
): void {
	if (!text.isWellFormed()) {
		throw problem(
			parameter,
			`${label} has a broken character`,
			'Correct the name. Half of an emoji or similar is missing.',
			text.toWellFormed(),
		);
	}
	const refused = refusedCharacter(text);
	if (refused !== undefined) {
		throw problem(
			parameter,
			`${label} has a character that Dropbox doesn't store`,
			`Remove the ${refused}.`,
			text,
		);
	}
	const blank = text.search(/ (?=\/|$)/);
	if (blank < 0) return;
	throw problem(
		parameter,
		`${nameLabel} ends with a space`,
		`Remove the space at position ${positionOf(text, blank)}.`,
		text,
	);
}

function problem(parameter: string, message: string, remedy: string, text: string): InputProblem {
	return new InputProblem(
		parameter,
		message,
		remedy,
		text.length > 300 ? `${text.slice(0, 300)}…` : text,
	);
}
