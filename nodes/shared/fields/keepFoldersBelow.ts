import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InputProblem } from './inputProblem';
import { optionText } from './parameters';

const LABEL = 'Keep Folders Below';

export const keepFoldersBelowOption: INodeProperties = {
	displayName: LABEL,
	name: 'keepFoldersBelow',
	type: 'string',
	default: '',
	placeholder: 'e.g. /data/outbox',
	description:
		'Keep the folders of the files below this one. With /data/outbox, a file in /data/outbox/2026/june goes to 2026/june in the destination folder.',
};

/** What is known of the folders of a file. */
interface Located {
	readonly directory: string | undefined;
	/** Of a file from a cloud; `folders`: below the chosen folder. */
	readonly origin?: { readonly folders: readonly string[] | undefined };
}

/**
 * Names of the folders that go along with a file: all below a chosen folder, else those below the option.
 * Throws InputProblem.
 */
export function foldersToKeep({ directory, origin }: Located, options: IDataObject): string[] {
	const keepBelow = optionText(options, 'keepFoldersBelow', LABEL);
	if (origin?.folders !== undefined) return [...origin.folders];
	// A file of a link lies in no folder that is known.
	if (origin !== undefined && directory === undefined) return [];
	return keptFolders(directory, keepBelow);
}

/** Names of the folders that a file lies in below `keepBelow`, e.g. 2026, june for /data/in/2026/june and /data/in. */
function keptFolders(directory: string | undefined, keepBelow: string): string[] {
	if (keepBelow.trim() === '') return [];
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
