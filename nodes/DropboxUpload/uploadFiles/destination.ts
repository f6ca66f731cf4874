import type { IExecuteFunctions } from 'n8n-workflow';

import { storableName } from '../../shared/fields/fileName';
import { InputProblem } from '../../shared/fields/inputProblem';
import { textOf } from '../../shared/fields/parameters';
import { storedForm } from '../api/paths';
import { readFolder } from '../fields/folder';
import { checkName, isRefusedName } from '../fields/path';

interface Destination {
	/** Without a slash at its end; empty for the top folder. */
	readonly folder: string;
	/** As it was typed; empty for the file's own name. */
	readonly typedName: string;
}

/** Folder and File Name of one item; throws InputProblem. */
export function readDestination(context: IExecuteFunctions, itemIndex: number): Destination {
	const folder = readFolder(context, itemIndex);
	const typedName = textOf(context, itemIndex, 'fileName', 'File Name');
	if (typedName !== '') checkTyped(typedName);
	return { folder, typedName };
}

/** The path of one file in Dropbox, below the folders that are kept; throws InputProblem. */
export function destinationPath(
	{ folder, typedName }: Destination,
	fileName: string | undefined,
	keptFolders: readonly string[],
): string {
	const name = typedName === '' ? storableOwnName(fileName ?? '') : typedName;
	if (name === '') {
		throw new InputProblem('fileName', 'The file has no name', "Enter a name in 'File Name'.");
	}
	const kept = keptFolders.map(storableOwnName);
	for (const keptName of kept) checkName(keptName, 'keepFoldersBelow', 'A folder name');
	checkName(name, 'fileName', "'File Name'");
	return storedForm([folder, ...kept, name].join('/'));
}

function checkTyped(name: string): void {
	if (name.trim() === '') {
		throw new InputProblem(
			'fileName',
			"'File Name' has only spaces",
			'Enter a name, or leave it empty to use the name of the input file.',
		);
	}
	if (name.includes('/')) {
		throw new InputProblem(
			'fileName',
			"'File Name' has a slash",
			"Enter only the name in 'File Name', and the folders before it in 'Folder'.",
			name.slice(0, 300).toWellFormed(),
		);
	}
	checkName(name, 'fileName', "'File Name'");
}

/** What a file brings along is made storable; a name like macOS's `Icon` with a carriage return stays refused. */
function storableOwnName(name: string): string {
	return isRefusedName(name) ? name : storableName(name);
}
