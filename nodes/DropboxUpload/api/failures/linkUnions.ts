import { forUser, wrongInput } from '../../../shared/catalogue';
import type { Tag, UnionTable } from './union';

const alreadyThere = forUser(
	'The file has a shared link already, which Dropbox did not show',
	'Copy the link at dropbox.com, or delete it there under Shared > Links and run this again: Dropbox keeps one link for each file.',
);
const lookup: Tag = {
	union: 'files.LookupError',
	otherwise: wrongInput('Nothing is at this path in Dropbox', 'Check the path.'),
};

/** Unions of the calls that make and find links. */
export const linkUnions: UnionTable = {
	'sharing.CreateSharedLinkWithSettingsError': {
		path: lookup,
		email_not_verified: forUser(
			'The email address of the Dropbox account is not verified',
			'Verify it at dropbox.com under Settings > General, then run this again.',
		),
		shared_link_already_exists: {
			union: 'sharing.SharedLinkAlreadyExistsMetadata',
			otherwise: alreadyThere,
		},
		settings_error: {
			union: 'sharing.SharedLinkSettingsError',
			otherwise: forUser(
				'Dropbox does not make a link with these settings',
				'Change the audience, the expiry or the password of the shared link.',
			),
		},
		access_denied: forUser(
			'You may not make a link to this file',
			'Ask the owner of the folder to allow links for its members, or the administrator of the team to allow sharing.',
		),
		banned_member: forUser(
			'Dropbox has stopped sharing for this account',
			'Ask the support of Dropbox at dropbox.com/support, or use another account.',
		),
		too_many_shared_folders: forUser(
			'The account has too many shared folders',
			'Leave or unshare some of them at dropbox.com, then run this again.',
		),
	},
	'sharing.SharedLinkAlreadyExistsMetadata': { metadata: alreadyThere },
	'sharing.SharedLinkSettingsError': {
		invalid_settings: wrongInput(
			'Dropbox does not accept the settings of the shared link',
			'Set an expiry in the future, or remove the expiry, the password and the audience one by one.',
		),
		not_authorized: forUser(
			'The Dropbox plan or the team does not allow these settings of a link',
			'Remove the expiry, the password and the audience of the shared link: a basic account has none of them. In a team, ask the administrator to allow them.',
		),
	},
	'sharing.ListSharedLinksError': {
		path: lookup,
		reset: wrongInput('The list of links was reset', 'Try again.'),
	},
};
