import { forUser, passing, wrongInput } from '../../../shared/catalogue';
import type { UnionTable } from './union';

export const busyWriting = passing(
	'Dropbox is busy with other changes in this account',
	'Try again in a moment, with fewer uploads to this account at the same time.',
);
/** Why a file cannot be saved at its path. */
export const writeUnions: UnionTable = {
	'files.WriteError': {
		malformed_path: wrongInput(
			"Dropbox doesn't accept this path",
			'Write it as /Folder/name.ext. Remove empty parts, backslashes, line breaks, and spaces at the end of a name.',
		),
		conflict: {
			union: 'files.WriteConflictError',
			otherwise: forUser(
				'Another item is already at this path',
				"Choose another path, or set 'If File Exists' to Rename. In the session steps, use 'Autorename'.",
			),
		},
		no_write_permission: forUser(
			"You can't write to this folder",
			'Ask the owner of the folder for permission to edit, or choose another folder.',
		),
		insufficient_space: forUser(
			'The Dropbox account is full',
			'Free some space or upgrade the account, then run this again.',
		),
		disallowed_name: wrongInput(
			"Dropbox doesn't store files with this name",
			'Rename the file. Names over 255 characters and names of system files are refused.',
		),
		team_folder: wrongInput(
			"A team folder itself can't be replaced",
			'Choose a path inside the team folder.',
		),
		operation_suppressed: passing(
			"Dropbox isn't accepting this change right now",
			'Try again later.',
		),
		too_many_write_operations: busyWriting,
		access_restricted: forUser(
			'Access to this folder is restricted',
			'Ask the admin of the Dropbox team.',
		),
	},
	'files.WriteConflictError': {
		file: forUser(
			'A file is already there',
			"Set 'If File Exists' to Overwrite or Rename, or choose another path. In the session steps, use 'Mode' and 'Autorename'.",
		),
		folder: forUser(
			'A folder with this name is already there',
			"Choose another name. To store the file in that folder, choose the folder in 'Folder', or add a file name to 'Destination Path'.",
		),
		file_ancestor: forUser(
			'Part of the path is a file, not a folder',
			'Choose another folder, or rename the file.',
		),
	},
};
