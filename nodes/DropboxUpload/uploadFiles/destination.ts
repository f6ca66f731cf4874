import { InputProblem } from '../../shared/input/inputProblem';
import { checkedPath } from '../fields/path';

export interface Destination {
	/** As entered: empty, a folder with a slash at its end, or the whole path. */
	readonly entered: string;
	readonly fileName: string | undefined;
	/** Folder of the file where it was read. */
	readonly directory: string | undefined;
	/** When set, the folders below this one are kept. */
	readonly keepBelow: string;
}

/** The path of one file in Dropbox; throws InputProblem. */
export function destinationPath({ entered, fileName, directory, keepBelow }: Destination): string {
	const namesFolder = entered.trim() === '' || entered.endsWith('/');
	if (!namesFolder) return checkedPath(entered);
	if (fileName === undefined || fileName === '') {
		throw new InputProblem(
			'path',
			'The file has no name to be stored under',
			'Write the whole path with the file name into Destination Path.',
		);
	}
	const folder = entered.trim() === '' ? '/' : entered;
	return checkedPath(
		`${folder}${keptFolders(directory, keepBelow)}${fileName.replaceAll(/[/\\]/g, '_')}`,
	);
}

/** E.g. `2026/june/` for a file in /data/in/2026/june with /data/in given. */
function keptFolders(directory: string | undefined, keepBelow: string): string {
	if (keepBelow.trim() === '') return '';
	const base = folders(keepBelow);
	const own = folders(directory ?? '');
	if (base.some((name, index) => own[index] !== name)) {
		throw new InputProblem(
			'keepFoldersBelow',
			'The file does not lie below the folder given in Keep Folders Below',
			'Name a folder that all files lie in, as the node that reads them calls it.',
			directory ?? 'no folder known',
		);
	}
	return own
		.slice(base.length)
		.map((name) => `${name}/`)
		.join('');
}

function folders(directory: string): string[] {
	return directory.split(/[/\\]+/).filter((name) => name !== '' && name !== '.');
}
