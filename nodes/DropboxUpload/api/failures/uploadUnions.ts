import { forUser, ourFault, passing, wrongInput } from '../../../shared/catalogue';
import { REPORT_BUG } from '../../../shared/issues';
import { propertyUnions } from './propertyUnions';
import type { Tag, UnionTable } from './union';
import { busyWriting, writeUnions } from './writeUnions';

const sessionGone = wrongInput(
	'Dropbox no longer has this upload session',
	'Start a new session and send the file again. A session ends with its commit, or after 7 days.',
);
const wrongOffset = wrongInput(
	"The offset isn't where the upload session ends",
	'Continue from the offset that Dropbox names, or start a new session.',
);
const sessionClosed = wrongInput(
	'The upload session is closed and accepts no more data',
	"Commit it with 'Finish Session' or 'Finish Upload Batch', or start a new session.",
);
const tooLarge = wrongInput(
	'The file is larger than Dropbox accepts in one upload session',
	'Split the file. The limit is 2,199,019,061,248 bytes (2^41 − 2^22).',
);
const offsetNotAligned = wrongInput(
	"The offset isn't a multiple of 4 MiB",
	'Correct the offset. In a concurrent session, it must be a multiple of 4,194,304 bytes.',
);
const sizeNotAligned = wrongInput(
	"The data isn't a multiple of 4 MiB",
	'Send a multiple of 4,194,304 bytes. In a concurrent session, only the last part can have another size.',
);
const payloadTooLarge = wrongInput(
	'The request has more data than Dropbox accepts in one request',
	'Send at most 150 MiB in one request.',
);
const damagedOnTheWay = passing(
	'The data changed on its way to Dropbox',
	'Run this again. Nothing was stored. If it happens every time, check the network between n8n and Dropbox.',
);
const concurrentWithData = wrongInput(
	"A concurrent session doesn't accept data in this call",
	"Send the data with 'Append to Session', and close the session with the last part.",
);
const encryptedFolder = forUser(
	"The folder is end-to-end encrypted, and Dropbox doesn't allow uploads to it through the API",
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
		"Dropbox couldn't save the file at this path",
		'Check the path and your permission to write there.',
	),
};

const properties: Tag = {
	union: 'file_properties.InvalidPropertyGroupError',
	otherwise: wrongInput(
		"The file is stored, but its property groups aren't valid",
		"Correct the property groups and add them to the stored file. Don't upload the file again.",
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
			"A concurrent session can't be closed by the call that starts it",
			"Turn off 'Close Session'. The last part closes the session.",
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
			"The lengths of the packed files don't add up",
			`${REPORT_BUG} Nothing was stored.`,
		),
	},
	'files.UploadSessionLookupError': {
		...appendProblems,
		not_closed: wrongInput(
			'The upload session is still open',
			"Append the last part with 'Close Session' turned on, then commit.",
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
			"Append the last part with 'Close Session' turned on, then commit.",
		),
		concurrent_session_missing_data: wrongInput(
			'A part of the file is missing in the upload session',
			'Append the missing part, or start a new session.',
		),
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
		encryption_not_supported: encryptedFolder,
	},
	'files.UploadError': {
		path: write,
		properties_error: properties,
		payload_too_large: payloadTooLarge,
		content_hash_mismatch: damagedOnTheWay,
		encryption_not_supported: encryptedFolder,
	},
	'async.PollError': {
		invalid_async_job_id: wrongInput(
			"Dropbox doesn't know this job",
			"Check the job ID. Dropbox keeps a job's results for a limited time. After that, look at the files.",
			'unknown',
		),
		internal_error: forUser(
			'Dropbox lost track of the job',
			'Look at the files in Dropbox before you send anything again. They may be stored.',
			'unknown',
		),
	},
};
