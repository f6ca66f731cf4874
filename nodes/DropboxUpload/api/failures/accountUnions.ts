import { forUser, passing, wrongInput } from '../../../shared/catalogue';
import { tickScope } from './badRequest';
import type { UnionTable } from './union';

const planTooSmall = forUser(
	"The Dropbox plan of this account doesn't include this function",
	'Use an account whose plan includes it.',
);

const lostPlace = passing('Dropbox has lost its place in the list', 'Open the list again.');

/** Unions of sign-in, access, rate limits, path roots and sharing. */
export const accountUnions: UnionTable = {
	'auth.AuthError': {
		invalid_access_token: forUser(
			'Dropbox no longer accepts the sign-in',
			'Open the credential and connect it again.',
		),
		expired_access_token: forUser(
			"The sign-in to Dropbox has expired and couldn't be renewed",
			'Open the credential and connect it again.',
		),
		invalid_select_user: wrongInput(
			"Dropbox doesn't accept the member in 'Act as Team Member'",
			'Choose an active member from the list, with a credential of a team app.',
		),
		invalid_select_admin: wrongInput(
			"Dropbox doesn't accept the member in 'Act as Team Admin'",
			'Choose a team admin from the list, with a credential of a team app.',
		),
		user_suspended: forUser(
			'This Dropbox account is suspended',
			'Ask the admin of the Dropbox team.',
		),
		missing_scope: forUser('The Dropbox app lacks a permission that this needs', tickScope()),
		route_access_denied: forUser(
			"The Dropbox app can't use this function",
			"In the Dropbox App Console, check that the app has the access type Full Dropbox and isn't disabled.",
		),
	},
	'auth.AccessError': {
		invalid_account_type: {
			union: 'auth.InvalidAccountTypeError',
			otherwise: planTooSmall,
		},
		paper_access_denied: {
			union: 'auth.PaperAccessError',
			otherwise: forUser('This account may not use Dropbox Paper', 'Ask the team admin.'),
		},
		team_access_denied: forUser(
			"The team doesn't allow this access",
			'Ask the admin of the Dropbox team.',
		),
		no_permission: {
			union: 'auth.NoPermissionError',
			otherwise: forUser(
				'The account may not do this',
				"Check the account's permissions for the folder, or ask the admin of the Dropbox team.",
			),
		},
	},
	'auth.InvalidAccountTypeError': { endpoint: planTooSmall, feature: planTooSmall },
	'auth.PaperAccessError': {
		paper_disabled: forUser('Dropbox Paper is turned off', 'Ask the team admin.'),
		not_paper_user: forUser(
			'This account has never used Dropbox Paper',
			'Open Dropbox Paper once.',
		),
	},
	'auth.NoPermissionError': {
		unauthorized_account_id_usage: forUser(
			'The request names an account that this credential may not use',
			'Use a credential of that account.',
		),
	},
	'auth.RateLimitReason': {
		too_many_requests: passing(
			'Dropbox is receiving too many requests from this app',
			'Run fewer uploads at the same time, or try again later.',
		),
		too_many_write_operations: passing(
			'Dropbox is busy with other changes in this account',
			'Run fewer uploads to this account at the same time.',
		),
	},
	'common.PathRootError': {
		invalid_root: wrongInput(
			"The root doesn't match this account",
			"Check 'Paths Begin In Folder', or set 'Paths Begin In' to Automatic in Options.",
		),
		no_permission: forUser(
			"This account can't use that namespace as the root",
			"Set 'Paths Begin In' to Automatic in Options, or ask the owner of the shared folder for access.",
		),
	},
	'team.MembersListError': {},
	'team.MembersGetInfoError': {},
	'team.MembersListContinueError': { invalid_cursor: lostPlace },
	'sharing.ListFoldersContinueError': { invalid_cursor: lostPlace },
	'sharing.GetFileMetadataError': {
		user_error: {
			union: 'sharing.SharingUserError',
			otherwise: forUser('This account may not use sharing', 'Check the account at dropbox.com.'),
		},
		access_error: {
			union: 'sharing.SharingFileAccessError',
			otherwise: forUser(
				'Dropbox gives no access to this file',
				'Check the path or ID of the file.',
			),
		},
	},
	'sharing.SharingUserError': {
		email_unverified: forUser(
			"The email address of this Dropbox account isn't verified",
			'Verify it at dropbox.com. Sharing requires it.',
		),
	},
	'sharing.SharingFileAccessError': {
		no_permission: forUser(
			"You can't see who this file is shared with",
			'Ask the owner of the file for access.',
		),
		invalid_file: wrongInput(
			"Dropbox can't find this file",
			"Check the path (/Folder/name.ext) or ID (id:…) and the option 'Paths Begin In'.",
		),
		is_folder: wrongInput('This is a folder, not a file', 'Enter the path or ID of a file.'),
		inside_public_folder: wrongInput(
			'Files in the Public folder have no sharing information',
			'Move the file to another folder.',
		),
		inside_osx_package: wrongInput(
			'Files inside a macOS package have no sharing information',
			'Use the package as a whole or move the file out of it.',
		),
	},
};
