import { InputProblem } from '../../shared/input/inputProblem';

export const MAX_NAME_CHARACTERS = 255;

/** A name that Box stores; throws InputProblem. https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
export function checkedFileName(name: string, parameter = 'fileName', label = 'File Name'): string {
	const refuse = (message: string, remedy: string): never => {
		throw new InputProblem(parameter, `${label} ${message}`, remedy, name.slice(0, 300));
	};
	if (name.trim() === '') refuse('is empty', 'Give it a name.');
	if (/[/\\]/.test(name)) {
		refuse(
			'has a slash or backslash',
			'In a file name give the name alone, and choose the folder with Parent Folder. In a folder path write / between the folders.',
		);
	}
	if (name.trim() !== name) refuse('begins or ends with a blank', 'Remove the blank.');
	if (name === '.' || name === '..') refuse('is only dots', 'Choose another name.');
	if (name.length > MAX_NAME_CHARACTERS) {
		refuse(
			'is too long for Box',
			`It has ${name.length} characters; ${MAX_NAME_CHARACTERS} are allowed.`,
		);
	}
	return name;
}
