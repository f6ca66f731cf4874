import type { Explanation } from '../../../shared/catalogue';
import { forUser, ourFault, passing, wrongInput } from '../../../shared/catalogue';
import { REPORT_BUG } from '../../../shared/issues';
import { scopeToTick } from './signIn';

export const nameInUse = forUser(
	'An item with this name is already in the folder',
	"Choose another name. In 'Upload File', 'If File Exists' can also be Upload New Version, Rename or Skip.",
);
export const changedSince = forUser(
	'The file has been changed since you last saw it',
	"Run this again, or enter the current etag in 'Unchanged Since' if you use it. Nothing was replaced.",
);
const nameRefused = wrongInput(
	"Box doesn't accept this name",
	'Change the name: it may have 1 to 255 printable characters, no slash or backslash, no blank at either end, and not only dots.',
);
export const noSession = wrongInput(
	'Box no longer has this upload session',
	'Send the file again in a new upload session. A session ends with its commit, or after 7 days.',
);
const damagedOnTheWay = passing(
	"The data doesn't match its digest",
	"Run this again. Nothing was stored. If it happens every time, check the network between n8n and Box, or the option 'Digest'.",
);
export const otherFile = wrongInput(
	"The uploaded parts don't make up the file: Box computed another digest",
	"Check that the input field or the option 'Digest' holds the very file that the parts were cut from: nothing was stored. If it does, a part was damaged: parts can't be replaced, so create a new upload session and upload all of them again.",
);
export const outsideRange = wrongInput(
	"The part doesn't fit into the upload session",
	"Correct the offset and the data. The offset must be a multiple of the session's part size. Each part but the last has exactly that size.",
);
export const partIsThere = wrongInput(
	'This part of the file is already in the upload session',
	"Continue with the next part. Uploaded parts can't be replaced.",
);
export const halfAList = passing('The list of parts from Box is inconsistent', 'Try again later.');
const noPermission = forUser(
	"You don't have permission for this in Box",
	'Ask the owner of the folder for permission to upload and share, or use another folder or credential.',
);
const accountFull = forUser('The Box account is full', 'Free some space, then run this again.');
const fileTooLarge = forUser(
	'The file is larger than this Box account allows',
	'Split the file, or use an account with a higher limit.',
);
const notFound = wrongInput(
	"Box can't find the folder or file",
	'Check the ID, and that the account of the credential has access to it.',
);
const signIn = forUser(
	'Box no longer accepts the sign-in',
	'Open the credential and connect it again.',
);
export const partRefused = wrongInput(
	'Box no longer accepts this part for the upload session',
	'Send the file again in a new upload session: this one may have been changed or committed by another run.',
);
const tooManyRequests = passing(
	'Box is receiving too many requests',
	'Run fewer uploads at the same time, or try again later.',
);
export const badRequest = wrongInput(
	"Box didn't accept the request",
	'Correct the field that Box names below. If it names none, check the name, the folder ID and the dates of this item.',
);
export const badRequestOfSession = wrongInput(
	badRequest.message,
	'Correct the field that Box names below. If it names none, send the file again in a new upload session.',
);
const boxTrouble = passing('Box is temporarily unavailable', 'Try again later.');

const badPage = ourFault("Box didn't accept the page of the list", REPORT_BUG);

/** Box's error codes; https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
export const boxCodes: Readonly<Record<string, Explanation>> = {
	access_denied_insufficient_permissions: noPermission,
	access_denied_item_locked: forUser(
		'The file is locked in Box',
		'Unlock it, or wait for the lock to end.',
	),
	access_from_location_blocked: forUser(
		"Box doesn't allow access from the n8n server",
		'Ask the admin of the Box enterprise.',
	),
	account_deactivated: forUser(
		'This Box account is deactivated',
		'Ask the admin of the Box enterprise.',
	),
	bad_digest: damagedOnTheWay,
	bad_gateway: boxTrouble,
	bad_request: badRequest,
	conflict: nameInUse,
	// Of the whole file at its commit: https://github.com/box/box-windows-sdk-v2/issues/767
	digest_mismatch: damagedOnTheWay,
	folder_not_empty: wrongInput("The folder in Box isn't empty", 'Empty the folder first.'),
	file_size_limit_exceeded: fileTooLarge,
	file_size_too_small: wrongInput(
		'The file is too small for an upload session',
		"Use 'Upload File'. Upload sessions need files of 20,000,000 bytes or more.",
	),
	forbidden: noPermission,
	forbidden_by_policy: forUser(
		'A policy of the Box enterprise forbids this',
		'Ask the admin of the Box enterprise.',
	),
	incorrect_shared_item_password: forUser(
		'The item is protected by a password in Box',
		'Use an account that has access to it without a shared link.',
	),
	insufficient_scope: scopeToTick(),
	internal_server_error: boxTrouble,
	invalid_folder_id: notFound,
	invalid_limit: badPage,
	invalid_offset: badPage,
	invalid_parameter: notFound,
	invalid_request_parameters: badRequest,
	invalid_token: signIn,
	invalid_upload_session_id: noSession,
	item_name_in_use: nameInUse,
	item_name_invalid: nameRefused,
	item_name_too_long: nameRefused,
	length_required: ourFault("The request didn't include its length", REPORT_BUG),
	metadata_after_file_contents: ourFault(
		'The attributes came after the content of the file',
		REPORT_BUG,
	),
	method_not_allowed: wrongInput(
		"Box doesn't allow this call",
		'Check the IDs in this node: the item may be of another kind, such as a folder instead of a file.',
	),
	name_temporarily_reserved: passing(
		'Another upload is about to use this name',
		'Try again in a moment.',
	),
	not_found: notFound,
	operation_blocked_temporary: passing(
		'Box is still working on another change in this folder',
		'Try again later.',
	),
	// Right after the last part this passes with time: the commit is sent again, with a new list.
	parts_mismatch: wrongInput(
		"The committed parts aren't the parts that Box has",
		"Check that every part was uploaded, and set 'Parts' to From Box.",
	),
	password_reset_required: forUser(
		'The Box account must set a new password',
		'Sign in at box.com once and set it.',
	),
	precondition_failed: changedSince,
	range_out_of_bounds: outsideRange,
	range_overlaps_existing_part: partIsThere,
	rate_limit_exceeded: tooManyRequests,
	request_entity_too_large: fileTooLarge,
	request_size_mismatch: damagedOnTheWay,
	session_conflict: forUser(
		'An upload session for this file is open already',
		"Resume that session, or abort it with 'Abort'.",
	),
	session_expired: noSession,
	storage_limit_exceeded: accountFull,
	sync_state_precondition_failed: changedSince,
	terms_of_service_required: forUser(
		'The Box account must accept the terms of service',
		'Sign in at box.com once and accept them.',
	),
	too_many_requests: tooManyRequests,
	trashed: forUser(
		'The folder or file is in the trash of Box',
		'Restore it in Box, or choose another one.',
	),
	unauthorized: signIn,
	unavailable: boxTrouble,
	unsupported_media_type: ourFault("Box doesn't accept this type of data", REPORT_BUG),
	upload_failed: forUser(
		"The upload session failed at Box and can't continue",
		'Send the file again in a new upload session.',
	),
	upload_session_not_found: noSession,
	user_email_confirmation_required: forUser(
		"The email address of this Box account isn't confirmed",
		'Confirm it at box.com, then try again.',
	),
};

/** What a code means that Box documents. */
export function knownCode(code: string | undefined): Explanation | undefined {
	return code !== undefined && Object.hasOwn(boxCodes, code) ? boxCodes[code] : undefined;
}

export const byStatus: Readonly<Record<number, Explanation>> = {
	304: forUser(
		"The file hasn't changed since the given etag, so nothing was committed",
		"Remove the option 'If None Match' to commit anyway.",
	),
	401: signIn,
	404: notFound,
	412: changedSince,
	413: fileTooLarge,
	507: accountFull,
};
