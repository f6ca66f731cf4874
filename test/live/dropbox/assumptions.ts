import type { Assumption, Checked } from '../assumption';

const REFERENCE = 'https://www.dropbox.com/developers/documentation/http/documentation';
const SPEC = 'https://github.com/dropbox/dropbox-api-spec';
const NONE = 'none';

const MISSING_ROUTES = 'test/nodes/upload/missingRoutes.test.ts';
const COMMITS = 'test/nodes/upload/commits.test.ts';
const EXISTING = 'test/nodes/upload/existing.test.ts';
const RESUME = 'test/nodes/upload/resume.test.ts';
const SIZES = 'test/nodes/upload/sizes.test.ts';
const NAMES = 'test/nodes/upload/names.test.ts';
const REASONS = 'test/nodes/dropbox/reasons.test.ts';
const SESSIONS = 'test/nodes/dropbox/sessions.test.ts';
const CLOUD_SOURCES = 'test/nodes/cloudSources/files.test.ts';
const SLOW_COMMITS = 'test/nodes/upload/slowCommits.test.ts';

const TOLD = 'The files fail, and the error tells the reason.';

type Row = readonly [
	id: string,
	what: string,
	source: string,
	otherwise: string,
	test: string,
	checked?: Checked,
];

const rows: readonly Row[] = [
	// The account
	[
		'root-info',
		'users/get_current_account tells the root namespace of the account.',
		REFERENCE,
		'The root is learned from the refusal of a wrong one.',
		MISSING_ROUTES,
	],
	[
		'wrong-root',
		'A call with a wrong root is refused with 422, which tells the right root.',
		SPEC,
		'Used only if the account cannot be asked for. Otherwise the files fail, and the error tells the reason.',
		MISSING_ROUTES,
	],
	[
		'unknown-function',
		'A function that is not there gets a 400 response with "Unknown API function".',
		'https://github.com/orgzly/orgzly-android/issues/1011',
		'404, 403, 405, 410 and a 409 without a reason count as the same.',
		MISSING_ROUTES,
	],
	[
		'request-id',
		'Each response has the header X-Dropbox-Request-Id.',
		REFERENCE,
		'Errors come without a request ID.',
		REASONS,
	],
	// Sessions
	[
		'start-batch',
		'start_batch opens as many sessions as asked for.',
		`${REFERENCE}#files-upload_session-start_batch`,
		'Each small file goes into a session of its own; each large file opens one.',
		MISSING_ROUTES,
	],
	[
		'append-batch',
		'append_batch takes the bytes of many sessions in one body, and closes them.',
		SPEC,
		'Each small file goes into a session of its own.',
		MISSING_ROUTES,
	],
	[
		'header-8k',
		'Dropbox-API-Arg may have nearly 8 KiB.',
		NONE,
		'The pack is sent in halves, and later packs are smaller.',
		SIZES,
	],
	[
		'start-closed',
		'A session that is closed at its start holds the bytes that came with it.',
		`${REFERENCE}#files-upload_session-start`,
		'Used for empty files, and without append_batch. Files are then stored with files/upload.',
		MISSING_ROUTES,
	],
	['empty-file', 'A session without bytes makes an empty file.', NONE, TOLD, SIZES],
	[
		'incorrect-offset',
		'A wrong offset is refused with incorrect_offset and the right offset.',
		SPEC,
		'The file is sent in a new session.',
		RESUME,
	],
	[
		'closed',
		'A closed session refuses bytes with closed.',
		SPEC,
		'After a lost response, the file is sent in a new session.',
		RESUME,
	],
	[
		'hash-checked',
		'Bytes with another content_hash are refused.',
		SPEC,
		'The hash of the stored file is compared as well, and the item fails with verify/content_hash.',
		COMMITS,
	],
	[
		'concurrent',
		'A concurrent session takes parts in any order.',
		`${REFERENCE}#files-upload_session-start`,
		'Parts are sent one after the other.',
		MISSING_ROUTES,
	],
	[
		'concurrent-repeat',
		'The same part again is refused with incorrect_offset, which tells where the part ends, or taken.',
		NONE,
		'After a lost response, the file is sent in a new session.',
		RESUME,
	],
	[
		'concurrent-other-data',
		'Other bytes for a part that is there are refused with 400.',
		NONE,
		'The hash of the stored file is compared, and the item fails with verify/content_hash.',
		RESUME,
	],
	[
		'concurrent-unaligned',
		"A part of a concurrent session that isn't a multiple of 4 MiB is refused.",
		`${REFERENCE}#files-upload_session-append_v2`,
		'Nothing: the node sends multiples of 4 MiB.',
		SESSIONS,
	],
	// Commits
	[
		'finish-batch',
		'finish_batch_v2 commits many sessions, and responds in order.',
		`${REFERENCE}#files-upload_session-finish_batch`,
		'finish_batch and its check, then finish for each file.',
		MISSING_ROUTES,
	],
	[
		'finish-job',
		'finish_batch works as a job that its check tells the end of.',
		`${REFERENCE}#files-upload_session-finish_batch`,
		'finish_batch_v2 for Finish By Job; finish for each file.',
		MISSING_ROUTES,
	],
	[
		'finish-empty',
		'finish commits a closed session without further bytes.',
		NONE,
		'Used only if no batch can be committed. The files fail then, and the error tells the reason.',
		MISSING_ROUTES,
	],
	[
		'files-upload',
		'files/upload stores a file of up to 150 MiB in one request.',
		`${REFERENCE}#files-upload`,
		'Used only if Dropbox gives no sessions. The files fail then, and the error tells the reason.',
		MISSING_ROUTES,
	],
	[
		'stored-hash',
		'content_hash is SHA-256 over the SHA-256 of each 4 MiB.',
		'https://www.dropbox.com/developers/reference/content-hash',
		'The item fails with verify/content_hash, and says that the file is stored.',
		COMMITS,
	],
	[
		'used-up',
		'A session is used up by its commit: a second one is refused with lookup_failed/not_found.',
		SPEC,
		'After a lost response, the path is looked at before anything is sent again.',
		COMMITS,
	],
	[
		'same-content',
		'The same content at the same path makes no new revision.',
		`${REFERENCE}#files-upload`,
		'The file counts as replaced.',
		EXISTING,
	],
	[
		'conflict',
		'A taken name is refused with path/conflict/file.',
		SPEC,
		'The item fails with the reason that Dropbox gives.',
		EXISTING,
	],
	[
		'refused-keeps',
		'A session that a refused commit names can be committed elsewhere.',
		SPEC,
		'The file is sent in a new session.',
		SESSIONS,
	],
	[
		'rename',
		'With autorename, report.pdf becomes report (1).pdf.',
		`${REFERENCE}#files-upload`,
		'After a lost response, a renamed file is not found, and the item says that it may be stored.',
		COMMITS,
	],
	[
		'stale-revision',
		'A revision that is not the present one is a conflict.',
		SPEC,
		'Nothing can keep another change from being replaced.',
		EXISTING,
	],
	['overwrite', 'Mode overwrite makes a new revision of the file.', SPEC, TOLD, EXISTING],
	['client-modified', 'client_modified is kept.', SPEC, 'The file gets another time.', COMMITS],
	// Lookups
	[
		'escaped-header',
		'Names in Dropbox-API-Arg may be escaped as in JSON.',
		'https://www.dropbox.com/developers/reference/json-encoding',
		TOLD,
		'test/nodes/dropbox/encoding.test.ts',
	],
	[
		'case',
		'Names that differ in case only are one file.',
		REFERENCE,
		'Two items with such names are taken for one file, and the second is refused.',
		NAMES,
	],
	[
		'absent',
		'get_metadata responds with path/not_found if nothing is there.',
		SPEC,
		'The folder is listed instead.',
		MISSING_ROUTES,
	],
	[
		'list-folder',
		'list_folder tells size and content_hash of each file.',
		`${REFERENCE}#files-list_folder`,
		'Each file is asked for with get_metadata.',
		MISSING_ROUTES,
	],
	// Files as the source
	[
		'temporary-link',
		'get_temporary_link gives an address that sends the file, or the rest of it, without a sign-in.',
		`${REFERENCE}#files-get_temporary_link`,
		'Files with Dropbox as the source fail, and the error tells the reason.',
		CLOUD_SOURCES,
	],
	// Seen only if it happens
	[
		'link-expired',
		'A temporary link responds with 410 after 4 hours.',
		`${REFERENCE}#files-get_temporary_link`,
		'401, 403 and 404 count as expired, too. A new link is asked for, and the file is read on.',
		CLOUD_SOURCES,
		'observed',
	],
	[
		'rate-limit',
		'A 429 says in Retry-After how long to wait.',
		`${REFERENCE}#error-handling`,
		'The run waits for a time that doubles.',
		'test/nodes/http/rateLimits.test.ts',
		'observed',
	],
	[
		'busy',
		'A commit beside another one is put off with too_many_write_operations.',
		'https://github.com/rclone/rclone/issues/5491',
		'Commits of one account go one after the other anyway.',
		COMMITS,
		'observed',
	],
	[
		'slow-commit',
		'A commit may take minutes.',
		'https://github.com/rclone/rclone/issues/1539',
		'The run waits for 10 minutes, then looks at the path.',
		SLOW_COMMITS,
		'observed',
	],
	[
		'server-error',
		'After a 5xx response, a commit may have stored the file.',
		NONE,
		'The path is looked at before anything is sent again.',
		COMMITS,
		'observed',
	],
	[
		'session-lifetime',
		'A session can be used for 7 days.',
		`${REFERENCE}#files-upload_session-start`,
		'A session that is gone is replaced, and the file is sent again.',
		RESUME,
		'not provable',
	],
	[
		'file-size',
		'A file may have 2,199,019,061,248 bytes.',
		SPEC,
		'The item fails with too_large.',
		SIZES,
		'not provable',
	],
	[
		'batch-size',
		'A batch may have 1,000 files.',
		SPEC,
		'Max Files per Save can be set lower.',
		'test/nodes/upload/units.test.ts',
		'not provable',
	],
];

export const dropboxAssumptions: readonly Assumption[] = rows.map(
	([id, what, source, otherwise, test, checked = 'probed']) => ({
		id: `dropbox/${id}`,
		what,
		source,
		checked,
		otherwise,
		test,
	}),
);
