import { lengthOf, refusedCharacter, storableName } from '../../shared/fields/fileName';
import { InputProblem } from '../../shared/fields/inputProblem';

export const MAX_NAME_CHARACTERS = 255;

/** A name that Box stores; throws InputProblem. https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
export function checkedFileName(
	name: string,
	parameter = 'fileName',
	label = "'File Name'",
): string {
	const refuse = (message: string, remedy: string): never => {
		throw new InputProblem(parameter, `${label} ${message}`, remedy, name.slice(0, 300));
	};
	if (name.trim() === '') refuse('is empty', 'Enter a name.');
	if (/[/\\]/.test(name)) {
		refuse(
			'has a slash or backslash',
			"Enter only the name, and choose the folder in 'Parent Folder'. In a folder path, write / between the folders.",
		);
	}
	if (name.trim() !== name) refuse('begins or ends with a space', 'Remove the space.');
	if (name === '.' || name === '..') refuse('is only dots', 'Choose another name.');
	if (!name.isWellFormed()) {
		refuse('has a broken character', 'Correct the name. Half of an emoji or similar is missing.');
	}
	const refused = refusedCharacter(name);
	if (refused !== undefined) {
		refuse("has a character that Box doesn't store", `Remove the ${refused}.`);
	}
	// Box says 255 characters, not of which kind: assumed to be whole ones, and left to it where they are fewer.
	const length = lengthOf(name);
	if (length > MAX_NAME_CHARACTERS) {
		refuse(
			'is too long for Box',
			`Shorten it to ${MAX_NAME_CHARACTERS} characters. It has ${length}.`,
		);
	}
	return name;
}

/** The name that was typed, or else the file's own, made storable; throws InputProblem. */
export function typedOrOwnName(typed: string, ownName: string | undefined): string {
	return checkedFileName(typed === '' ? storableName(ownName ?? '') : typed);
}
