import type { Assumption, Checked } from '../assumption';

const REFERENCE = 'https://developer.box.com/reference';
const NONE = 'none';

const MISSING_ROUTES = 'test/nodes/boxUpload/missingRoutes.test.ts';
const EXISTING = 'test/nodes/boxUpload/existing.test.ts';
const CLOUD_SOURCES = 'test/nodes/cloudSources/files.test.ts';
const FOLDERS = 'test/nodes/boxUpload/folders.test.ts';
const FAULTS = 'test/nodes/boxUpload/faults.test.ts';
const RESUME = 'test/nodes/boxUpload/resume.test.ts';
const ANSWERS = 'test/nodes/boxUpload/answers.test.ts';
const NAMES = 'test/nodes/boxUpload/names.test.ts';
const ENDPOINTS = 'test/nodes/box/endpoints.test.ts';

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
	// One request
	[
		'check',
		'OPTIONS /files/content checks an upload, and may name a URL of box.com for it.',
		`${REFERENCE}/options-files-content/`,
		'The upload itself shows whether the file is taken.',
		MISSING_ROUTES,
	],
	[
		'check-conflict',
		'The check names the file that has the name.',
		NONE,
		'The folder is listed.',
		MISSING_ROUTES,
	],
	[
		'direct',
		'POST /files/content stores a file, and responds with SHA-1 and etag.',
		`${REFERENCE}/post-files-content/`,
		TOLD,
		MISSING_ROUTES,
	],
	['empty-file', 'A file may be empty.', NONE, TOLD, MISSING_ROUTES],
	[
		'content-md5',
		'Content with another SHA-1 than the header Content-MD5 is refused.',
		`${REFERENCE}/post-files-content/`,
		'The SHA-1 of the stored file is compared as well, and the item fails with verify/sha1.',
		FAULTS,
	],
	[
		'name-conflict',
		'A taken name is refused with 409 item_name_in_use.',
		`${REFERENCE}/post-files-content/`,
		'The item fails with the reason that Box gives.',
		EXISTING,
	],
	[
		'case',
		'Names that differ in case only are one file.',
		NONE,
		'Two items with such names go one after the other, and both are stored.',
		NAMES,
	],
	[
		'version',
		'POST /files/:id/content makes a new version of the same file.',
		`${REFERENCE}/post-files-id-content/`,
		TOLD,
		EXISTING,
	],
	[
		'if-match',
		'A stale etag in If-Match is refused with 412.',
		`${REFERENCE}/post-files-id-content/`,
		'Nothing can keep another change from being replaced.',
		EXISTING,
	],
	[
		'description',
		'A description changes the etag, and makes no new version.',
		NONE,
		'A file that was only described counts as changed, and the item fails with precondition_failed.',
		EXISTING,
	],
	[
		'request-id',
		'Each response has the header box-request-id.',
		NONE,
		'Errors come with the request ID of the body, or without one.',
		'test/nodes/box/reasons.test.ts',
	],
	// Folders
	[
		'list-items',
		'A folder is listed by marker, with size and SHA-1 of each file.',
		`${REFERENCE}/get-folders-id-items/`,
		'Each file is asked for with the check, and each folder by making it.',
		MISSING_ROUTES,
	],
	[
		'folder-conflict',
		'The refusal to make a folder that is there names it.',
		'https://github.com/duplicati/duplicati/pull/7099',
		'The list of the folder is read again for a while.',
		FOLDERS,
	],
	// Sessions
	[
		'session-minimum',
		'Upload sessions take files from 20,000,000 bytes on.',
		`${REFERENCE}/post-files-upload-sessions/`,
		'Nothing: smaller files go in one request.',
		MISSING_ROUTES,
	],
	[
		'session',
		'A session names the size and the number of its parts, and URLs of box.com.',
		`${REFERENCE}/post-files-upload-sessions/`,
		'The session is given up; files of up to 50 MB go in one request if Box gives no session.',
		MISSING_ROUTES,
	],
	[
		'part-digest',
		'A part with another SHA-1 than its digest is refused.',
		`${REFERENCE}/put-files-upload-sessions-id/`,
		'The commit compares the SHA-1 of the whole file.',
		FAULTS,
	],
	[
		'part-repeat',
		'A part that is there is refused with 409 or 416, or accepted as before.',
		`${REFERENCE}/put-files-upload-sessions-id/`,
		'The file is sent in a new session.',
		FAULTS,
	],
	[
		'list-parts',
		'The parts of a session are listed with SHA-1, size and offset.',
		`${REFERENCE}/get-files-upload-sessions-id-parts/`,
		'An upload is not resumed but sent again.',
		MISSING_ROUTES,
	],
	[
		'session-status',
		'A session can be asked for, and keeps its part size.',
		`${REFERENCE}/get-files-upload-sessions-id/`,
		'An upload is not resumed but sent again.',
		RESUME,
	],
	[
		'commit',
		'Parts may arrive in any order; the commit makes the file of them.',
		`${REFERENCE}/post-files-upload-sessions-id-commit/`,
		'Files of up to 50 MB go in one request; larger ones fail, and the error tells the reason.',
		MISSING_ROUTES,
	],
	[
		'commit-digest',
		'A commit with another SHA-1 is refused.',
		`${REFERENCE}/post-files-upload-sessions-id-commit/`,
		'The SHA-1 of the stored file is compared as well, and the item fails with verify/sha1.',
		ANSWERS,
	],
	[
		'abort',
		'A session can be given up, and is gone then.',
		`${REFERENCE}/delete-files-upload-sessions-id/`,
		'The session expires after 7 days.',
		MISSING_ROUTES,
	],
	// Files as the source
	[
		'download',
		'GET /files/:id/content redirects to an address that sends the file, or the rest of it, without a sign-in.',
		`${REFERENCE}/get-files-id-content/`,
		'Files with Box as the source fail, and the error tells the reason.',
		CLOUD_SOURCES,
	],
	// Seen only if it happens
	[
		'download-later',
		'A file that is not ready gets a 202 response with Retry-After.',
		'https://developer.box.com/guides/downloads/file/',
		'The run waits and asks again.',
		CLOUD_SOURCES,
		'observed',
	],
	[
		'rate-limit',
		'A 429 says in Retry-After how long to wait.',
		'https://developer.box.com/guides/api-calls/permissions-and-errors/rate-limits/',
		'The run waits for a time that doubles.',
		'test/nodes/http/rateLimits.test.ts',
		'observed',
	],
	[
		'processing',
		'A commit may get a 202 response and Retry-After until the file is there.',
		`${REFERENCE}/post-files-upload-sessions-id-commit/`,
		'The run asks again at growing intervals.',
		'test/nodes/box/commitAnswers.test.ts',
		'observed',
	],
	[
		'parts-lag',
		'Right after the last part a commit may be refused with parts_mismatch.',
		NONE,
		'It is sent again with a new list.',
		'test/nodes/box/commitAnswers.test.ts',
		'observed',
	],
	[
		'folder-lag',
		'A new folder may not be found for a moment.',
		NONE,
		'It is asked for again.',
		FOLDERS,
		'observed',
	],
	[
		'folder-locked',
		'A folder may be locked by another change for a while.',
		'https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/',
		'The run waits for it.',
		ANSWERS,
		'observed',
	],
	[
		'session-lifetime',
		'A session can be used for 7 days.',
		`${REFERENCE}/post-files-upload-sessions/`,
		'A session that is gone is replaced, and the file is sent again.',
		RESUME,
		'not provable',
	],
	[
		'session-conflict',
		'A second session for the same new file may be refused with the first one.',
		NONE,
		'The first one is used.',
		RESUME,
		'not provable',
	],
	[
		'part-sizes',
		'Box hands out parts of 8 to 64 MiB.',
		'https://support.box.com/hc/community/posts/360049143154',
		'Sessions with parts above 1 GiB are refused.',
		ENDPOINTS,
		'not provable',
	],
];

export const boxAssumptions: readonly Assumption[] = rows.map(
	([id, what, source, otherwise, test, checked = 'probed']) => ({
		id: `box/${id}`,
		what,
		source,
		checked,
		otherwise,
		test,
	}),
);
