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
			'Dropbox does not accept this path',
			'Write it as /Folder/name.ext. Remove empty parts, backslashes, line breaks, and spaces at the end of a name.',
		),
		conflict: {
			union: 'files.WriteConflictError',
			otherwise: forUser(
				'Something is in the way at this path',
				'Choose another path, or Rename in If File Exists (Autorename when you finish a session yourself).',
			),
		},
		no_write_permission: forUser(
			'You may not write to this folder',
			'Ask the owner of the folder for permission to edit, or choose another folder.',
		),
		insufficient_space: forUser(
			'The Dropbox account is full',
			'Free some space or upgrade the account, then run this again.',
		),
		disallowed_name: wrongInput(
			'Dropbox does not store files with this name',
			'Rename the file. Names over 255 characters and names of system files are refused.',
		),
		team_folder: wrongInput(
			'A team folder itself cannot be replaced',
			'Choose a path inside the team folder.',
		),
		operation_suppressed: passing(
			'Dropbox is not accepting this change right now',
			'Try again later.',
		),
		too_many_write_operations: busyWriting,
		access_restricted: forUser(
			'Access to this folder is restricted',
			'Ask the administrator of the Dropbox team.',
		),
	},
	'files.WriteConflictError': {
		file: forUser(
			'A file is already there',
			'Choose Overwrite or Rename in If File Exists (in Mode and Autorename when you finish a session yourself), or another path.',
		),
		folder: forUser('A folder of this name is already there', 'Choose another path.'),
		file_ancestor: forUser(
			'A part of the path that should be a folder is a file',
			'Choose another folder, or rename the file that is in the way.',
		),
	},
};
