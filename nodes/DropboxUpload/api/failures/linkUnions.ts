import { forUser, wrongInput } from '../../../shared/catalogue';
import type { Tag, UnionTable } from './union';

const alreadyThere = forUser(
	"The file already has a shared link, which Dropbox didn't return",
	'Copy the link at dropbox.com, or delete it there under Shared > Links and run this again. Dropbox keeps one link for each file.',
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
			"The email address of the Dropbox account isn't verified",
			'Verify it at dropbox.com under Settings > General, then run this again.',
		),
		shared_link_already_exists: {
			union: 'sharing.SharedLinkAlreadyExistsMetadata',
			otherwise: alreadyThere,
		},
		settings_error: {
			union: 'sharing.SharedLinkSettingsError',
			otherwise: forUser(
				"Dropbox doesn't make a link with these settings",
				'Change the audience, the expiry or the password of the shared link.',
			),
		},
		access_denied: forUser(
			"You can't create a link to this file",
			'Ask the owner of the folder to allow links for its members, or the team admin to allow sharing.',
		),
		banned_member: forUser(
			'Dropbox has stopped sharing for this account',
			'Ask Dropbox support at dropbox.com/support, or use another account.',
		),
		too_many_shared_folders: forUser(
			'The account has too many shared folders',
			'Leave or unshare some of them at dropbox.com, then run this again.',
		),
	},
	'sharing.SharedLinkAlreadyExistsMetadata': { metadata: alreadyThere },
	'sharing.SharedLinkSettingsError': {
		invalid_settings: wrongInput(
			"Dropbox doesn't accept the settings of the shared link",
			'Set an expiry in the future, or remove the expiry, the password and the audience one by one.',
		),
		not_authorized: forUser(
			"The Dropbox plan or team doesn't allow these shared link settings",
			'Remove the expiry, the password and the audience of the shared link: a basic account has none of them. In a team, ask the admin to allow them.',
		),
	},
	'sharing.ListSharedLinksError': {
		path: lookup,
		reset: wrongInput('The list of links was reset', 'Try again.'),
	},
};
