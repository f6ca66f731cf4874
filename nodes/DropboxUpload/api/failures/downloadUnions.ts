import { forUser, wrongInput } from '../../../shared/catalogue';
import type { UnionTable } from './union';

const noLink = wrongInput(
	"Dropbox doesn't find the shared link",
	'Open the link in a private browser window. If it shows nothing, ask for a new one: it may have expired.',
);
const linkRefused = forUser(
	"Dropbox doesn't open the shared link for this account",
	"Enter the password in 'Source Link Password' if the link has one. Otherwise, ask the owner to allow access.",
);
const noDownload = forUser(
	"Dropbox doesn't give out this kind of link",
	'Ask the owner for a link to the file or folder that allows downloads.',
);
const linkTags = {
	shared_link_not_found: noLink,
	shared_link_access_denied: linkRefused,
	unsupported_link_type: noDownload,
	unsupported_parameter_field: forUser(
		"The shared link is a private one, which can't have a password or a path",
		"Remove 'Source Link Password', or use the path of the file.",
	),
};

/** Unions of the calls that read files. */
export const downloadUnions: UnionTable = {
	'files.GetTemporaryLinkError': {
		path: {
			union: 'files.LookupError',
			otherwise: wrongInput('Nothing is at this path in Dropbox', 'Check the path.'),
		},
		email_not_verified: forUser(
			'The email address of the Dropbox account is not verified',
			'Verify it at dropbox.com under Settings > General, then run this again.',
		),
		unsupported_file: forUser(
			'Dropbox has no content of its own for this file',
			'Open the document in a browser, download it as a file such as PDF or DOCX, and upload that one.',
		),
		not_allowed: forUser(
			"Dropbox doesn't let this account download the file",
			"Ask the file's owner whether it is restricted, or the support of Dropbox if links of the account are banned.",
		),
	},
	'sharing.SharedLinkError': linkTags,
};
