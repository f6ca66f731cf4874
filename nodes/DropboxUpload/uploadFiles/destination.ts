import type { IExecuteFunctions } from 'n8n-workflow';

import { storableName } from '../../shared/input/fileNames';
import { InputProblem } from '../../shared/input/inputProblem';
import { textOf } from '../../shared/input/parameters';
import { readFolder } from '../fields/folder';
import { checkCharacters, checkedPath, isRefusedName } from '../fields/path';

export interface Destination {
	/** As entered: empty, a folder with a slash at its end, or the whole path. */
	readonly entered: string;
	readonly fileName: string | undefined;
	/** Names of the folders that are kept below an entered folder. */
	readonly keptFolders: () => readonly string[];
}

/** Destination Path, below Folder where one is chosen; throws InputProblem. */
export function enteredPath(context: IExecuteFunctions, itemIndex: number): string {
	const path = textOf(context, itemIndex, 'path', 'Destination Path');
	if (path.trim() !== '') checkCharacters(path, 'path', 'Destination Path');
	const folder = readFolder(context, itemIndex);
	if (folder === '') return path;
	if (/^(?:id|ns):/.test(path)) {
		throw new InputProblem(
			'folder',
			'Destination Path does not lie in a folder',
			'An ID or a path in a namespace (ns:123/name) is a whole destination: leave Folder empty with it.',
			path,
		);
	}
	return `${folder}/${path.trim() === '' ? '' : path.replace(/^\/+/, '')}`;
}

/** Whether the file keeps its own name. */
export function namesFolder(entered: string): boolean {
	return entered.trim() === '' || entered.endsWith('/');
}

/** The path of one file in Dropbox; throws InputProblem. */
export function destinationPath({ entered, fileName, keptFolders }: Destination): string {
	if (!namesFolder(entered)) return checkedPath(entered);
	const name = ownName(fileName ?? '');
	if (name === '') {
		throw new InputProblem(
			'path',
			'The file has no name to be stored under',
			'Write the whole path with the file name into Destination Path.',
		);
	}
	const folder = entered.trim() === '' ? '/' : entered;
	const kept = keptFolders()
		.map((keptName) => `${ownName(keptName)}/`)
		.join('');
	return checkedPath(`${folder}${kept}${name}`);
}

/** What a file brings along is made storable; a name like macOS's `Icon` with a carriage return stays refused. */
function ownName(name: string): string {
	return isRefusedName(name) ? name : storableName(name);
}
