import { InputProblem } from '../../shared/input/inputProblem';

const MAX_NAME_CHARACTERS = 255;

/** A name that Box stores; throws InputProblem. https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
export function checkedFileName(name: string): string {
	const refuse = (message: string, remedy: string): never => {
		throw new InputProblem('fileName', message, remedy, name.slice(0, 300));
	};
	if (name.trim() === '') refuse('File Name is empty', 'Give the file a name.');
	if (/[/\\]/.test(name)) {
		refuse(
			'File Name has a slash or backslash',
			'Choose the folder with Parent Folder, and give the name alone.',
		);
	}
	if (name.trim() !== name) refuse('File Name begins or ends with a blank', 'Remove the blank.');
	if (name === '.' || name === '..') refuse('File Name is only dots', 'Choose another name.');
	if (name.length > MAX_NAME_CHARACTERS) {
		refuse(
			'File Name is too long for Box',
			`It has ${name.length} characters; ${MAX_NAME_CHARACTERS} are allowed.`,
		);
	}
	return name;
}
