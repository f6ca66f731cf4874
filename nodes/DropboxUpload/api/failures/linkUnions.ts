import { forUser, wrongInput } from '../../../shared/catalogue';
import type { Tag, UnionTable } from './union';

const alreadyThere = forUser(
	'The file has a shared link already',
	'Dropbox keeps one link for each file.',
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
			'The e-mail address of the Dropbox account is not verified',
			'Verify it in the settings of the account; links can be made afterwards.',
		),
		shared_link_already_exists: {
			union: 'sharing.SharedLinkAlreadyExistsMetadata',
			otherwise: alreadyThere,
		},
		settings_error: {
			union: 'sharing.SharedLinkSettingsError',
			otherwise: forUser(
				'Dropbox does not make a link with these settings',
				'Change the audience, the expiry or the password of the link.',
			),
		},
		access_denied: forUser(
			'You may not make a link to this file',
			'Ask the owner of the folder, or the team administrator.',
		),
		banned_member: forUser(
			'The Dropbox account may not share any more',
			'Ask the support of Dropbox.',
		),
		too_many_shared_folders: forUser(
			'The account has too many shared folders',
			'Leave or remove some of them.',
		),
	},
	'sharing.SharedLinkAlreadyExistsMetadata': { metadata: alreadyThere },
	'sharing.SharedLinkSettingsError': {
		invalid_settings: wrongInput(
			'The settings of the link do not go together',
			'Change the audience, the expiry or the password of the link.',
		),
		not_authorized: forUser(
			'The Dropbox plan or the team does not allow these settings of a link',
			'Remove the expiry and the password, or ask the team administrator.',
		),
	},
	'sharing.ListSharedLinksError': {
		path: lookup,
		reset: wrongInput('The list of links was reset', 'Try again.'),
	},
};
