import { InputProblem } from './inputProblem';

/** Names of the folders that a file lies in below `keepBelow`, e.g. 2026, june for /data/in/2026/june and /data/in. */
export function keptFolders(directory: string | undefined, keepBelow: unknown): string[] {
	if (typeof keepBelow !== 'string' || keepBelow.trim() === '') return [];
	const base = folders(keepBelow);
	const own = folders(directory ?? '');
	// macOS gives names in NFD, and keyboards make NFC.
	if (base.some((name, index) => own[index]?.normalize('NFC') !== name.normalize('NFC'))) {
		throw new InputProblem(
			'keepFoldersBelow',
			"The file isn't in the folder set in 'Keep Folders Below'",
			"Set 'Keep Folders Below' to a folder that contains all files, as the node that reads them names it, without /**/*.",
			`The file is in ${directory ?? 'no known folder'}, and the field has ${keepBelow}`,
		);
	}
	return own.slice(base.length);
}

function folders(directory: string): string[] {
	return directory.split(/[/\\]+/).filter((name) => name !== '' && name !== '.');
}
