import { forUser, passing, wrongInput } from '../../../shared/catalogue';
import type { UnionTable } from './union';

/** Unions of the calls with which Dropbox fetches a file itself. */
export const fetchUnions: UnionTable = {
	'files.SaveUrlError': {
		path: {
			union: 'files.WriteError',
			otherwise: forUser(
				"Dropbox couldn't write to this path",
				'Check the path and your permissions in the folder.',
			),
		},
		download_failed: passing(
			"Dropbox couldn't download the file from the URL",
			"Open the URL in a private browser window. Dropbox must be able to reach it without a sign-in. If you turn off 'Let Dropbox Fetch It', n8n downloads it.",
		),
		invalid_url: wrongInput(
			"Dropbox doesn't accept this URL",
			'Use a URL that begins with https:// or http:// and can be reached from the internet.',
		),
		not_found: wrongInput(
			'Dropbox found nothing at the URL',
			'Check the URL. The link may have expired, or the file may have been deleted.',
		),
	},
};
