import { forUser, ourFault, passing, wrongInput } from '../../../shared/catalogue';
import { REPORT_BUG } from '../../../shared/issues';
import { propertyUnions } from './propertyUnions';
import type { Tag, UnionTable } from './union';
import { busyWriting, writeUnions } from './writeUnions';

const sessionGone = wrongInput(
	'Dropbox no longer has this upload session',
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
	'Send a multiple of 4,194,304 bytes: in a concurrent session, only the last part, which closes the session, may have another size.',
);
const payloadTooLarge = wrongInput(
	'The request has more data than Dropbox accepts in one request',
	'Send at most 150 MiB in one request.',
);
const damagedOnTheWay = passing(
	'The data changed on its way to Dropbox',
	'Run this again: nothing was stored. If it happens every time, check the network between n8n and Dropbox.',
);
const concurrentWithData = wrongInput(
	'A concurrent session takes no data in this call',
	'Send the data with Append to Session, and close the session with its last part.',
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
		'Check the path and your permission to write there.',
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
	...writeUnions,
	...propertyUnions,
	'files.UploadSessionStartError': {
		concurrent_session_data_not_allowed: concurrentWithData,
		concurrent_session_close_not_allowed: wrongInput(
			'A concurrent session cannot be closed by the call that starts it',
			'Turn off Close Session: the last part closes the session.',
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
			'Append the last part with Close Session on, then commit.',
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
			'Append the last part with Close Session on, then commit.',
		),
		concurrent_session_missing_data: wrongInput(
			'A part of the file is missing in the upload session',
			'Append the missing part, or start a new session.',
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
};
