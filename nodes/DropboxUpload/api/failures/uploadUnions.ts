import { forUser, ourFault, passing, wrongInput } from '../../../shared/catalogue';
import { REPORT_BUG } from '../../../shared/issues';
import type { Tag, UnionTable } from './union';

const sessionGone = wrongInput(
	'Dropbox does not know this upload session any more',
	'Start a new session and send the file again. Sessions are used up by a commit and expire after 7 days.',
);
const wrongOffset = wrongInput(
	'The offset is not where the upload session ends',
	'Continue from the offset that Dropbox names, or start a new session.',
);
const sessionClosed = wrongInput(
	'The upload session is closed, so it takes no more data',
	'Commit it with Finish Session or Finish Upload Batch, or start a new session.',
);
const tooLarge = wrongInput(
	'The file is larger than Dropbox accepts in one upload session',
	'Split the file: it may have 2,199,019,061,248 bytes (2^41 − 2^22) at most.',
);
const offsetNotAligned = wrongInput(
	'The offset is not a multiple of 4 MiB',
	'Correct the offset: in a concurrent session it must be a multiple of 4,194,304 bytes.',
);
const sizeNotAligned = wrongInput(
	'The data is not a multiple of 4 MiB',
	'Send a multiple of 4,194,304 bytes: in a concurrent session only the last piece, the one that closes the session, may have another size.',
);
const payloadTooLarge = wrongInput(
	'The request carries more data than Dropbox takes at once',
	'Send at most 150 MiB in one request.',
);
const damagedOnTheWay = passing(
	'The data changed on its way to Dropbox',
	'Run this again: nothing was stored. If it happens every time, check the network between n8n and Dropbox.',
);
const concurrentWithData = wrongInput(
	'A concurrent session takes no data in this call',
	'Send the data with Append to Session, then close the session with its last piece.',
);
const busyWriting = passing(
	'Dropbox is busy with other changes in this account',
	'Try again in a moment, with fewer uploads to this account at once.',
);
const encryptedFolder = forUser(
	'The folder is encrypted end to end, which Dropbox does not allow for uploads through its API',
	'Choose another folder.',
);

const appendProblems = {
	not_found: sessionGone,
	incorrect_offset: wrongOffset,
	closed: sessionClosed,
	too_large: tooLarge,
	concurrent_session_invalid_offset: offsetNotAligned,
	concurrent_session_invalid_data_size: sizeNotAligned,
};

const write: Tag = {
	union: 'files.WriteError',
	otherwise: forUser(
		'Dropbox could not save the file at this path',
		'Check the path and your rights to write there.',
	),
};

const properties: Tag = {
	union: 'file_properties.InvalidPropertyGroupError',
	otherwise: wrongInput(
		'The file is stored, but its property groups are not valid',
		'Correct the property groups and add them to the stored file; do not send the file again.',
		'yes',
	),
};

/** Unions of the calls that start, fill and commit upload sessions. */
export const uploadUnions: UnionTable = {
	'files.UploadSessionStartError': {
		concurrent_session_data_not_allowed: concurrentWithData,
		concurrent_session_close_not_allowed: wrongInput(
			'A concurrent session cannot be closed by the call that starts it',
			'Turn Close Session off; the last piece of data closes the session.',
		),
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
	},
	'files.UploadSessionAppendError': {
		...appendProblems,
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
	},
	'files.UploadSessionAppendBatchEntryError': appendProblems,
	'files.UploadSessionAppendBatchError': {
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
		length_mismatch: ourFault(
			'The lengths of the packed files do not add up',
			`${REPORT_BUG} Nothing was stored.`,
		),
	},
	'files.UploadSessionLookupError': {
		...appendProblems,
		not_closed: wrongInput(
			'The upload session is still open',
			'Append the last piece of data with Close Session on, then commit.',
		),
		payload_too_large: payloadTooLarge,
	},
	'files.UploadSessionFinishError': {
		lookup_failed: { union: 'files.UploadSessionLookupError', otherwise: sessionGone },
		path: write,
		properties_error: properties,
		too_many_shared_folder_targets: wrongInput(
			'The batch writes into too many different shared folders',
			'Put the files of one shared folder into one batch.',
		),
		too_many_write_operations: busyWriting,
		concurrent_session_data_not_allowed: concurrentWithData,
		concurrent_session_not_closed: wrongInput(
			'The concurrent upload session is still open',
			'Append the last piece of data with Close Session on, then commit.',
		),
		concurrent_session_missing_data: wrongInput(
			'A piece of the file is missing in the upload session',
			'Append the missing piece, or start a new session.',
		),
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
		encryption_not_supported: encryptedFolder,
	},
	'async.PollError': {
		invalid_async_job_id: wrongInput(
			'Dropbox does not know this job',
			'Check the job ID. Results of a job are kept for a limited time; look at the files themselves.',
			'unknown',
		),
		internal_error: forUser(
			'Dropbox lost track of the job',
			'Look at the paths of the files before you send anything again: they may be stored.',
			'unknown',
		),
	},
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
			'Ask the owner of the folder for edit rights, or choose another folder.',
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
	'file_properties.InvalidPropertyGroupError': {
		template_not_found: wrongInput(
			'The file is stored, but there is no property template with this ID',
			'Check the template ID and add the properties to the stored file.',
			'yes',
		),
		restricted_content: forUser(
			'The file is stored, but you may not use this property template',
			'Ask the owner of the template, then add the properties to the stored file.',
			'yes',
		),
		path: {
			union: 'file_properties.LookupError',
			otherwise: wrongInput(
				'The file is stored, but its properties could not be added',
				'Add the properties to the stored file.',
				'yes',
			),
		},
		unsupported_folder: wrongInput(
			'The file is stored, but this folder cannot carry properties',
			'Leave the property groups out for this folder.',
			'yes',
		),
		property_field_too_large: wrongInput(
			'The file is stored, but a property value is too long',
			'Shorten the value and add it to the stored file: names may have 256 bytes and values 1,024 bytes.',
			'yes',
		),
		does_not_fit_template: wrongInput(
			'The file is stored, but its properties do not fit the template',
			'Compare the field names and types with the template.',
			'yes',
		),
		duplicate_property_groups: wrongInput(
			'The file is stored, but two property groups use the same template',
			'Use each template once per file.',
			'yes',
		),
	},
	'file_properties.LookupError': {
		malformed_path: wrongInput(
			'The file is stored, but Dropbox did not accept its path for properties',
			'Add the properties to the stored file.',
			'yes',
		),
		not_found: wrongInput(
			'The file is stored, but Dropbox did not find it to add properties',
			'Add the properties to the stored file.',
			'yes',
		),
		not_file: wrongInput(
			'The properties were meant for a file, but the path is a folder',
			'Check the path.',
			'yes',
		),
		not_folder: wrongInput(
			'The properties were meant for a folder, but the path is a file',
			'Check the path.',
			'yes',
		),
		restricted_content: forUser(
			'The file is stored, but its content is restricted, so no properties were added',
			'Ask the owner of the content.',
			'yes',
		),
	},
};
