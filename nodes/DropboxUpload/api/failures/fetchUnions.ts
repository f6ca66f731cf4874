import { forUser, passing, wrongInput } from '../../../shared/catalogue';
import type { UnionTable } from './union';

/** Unions of the calls with which Dropbox fetches a file itself. */
export const fetchUnions: UnionTable = {
	'files.SaveUrlError': {
		path: {
			union: 'files.WriteError',
			otherwise: forUser(
				'Dropbox could not write to this path',
				'Check the path and your permissions in the folder.',
			),
		},
		download_failed: passing(
			'Dropbox could not download the file from the link',
			'Open the link in a private browser window: Dropbox must be able to reach it, without a sign-in. With Let Dropbox Fetch It off, n8n downloads it.',
		),
		invalid_url: wrongInput(
			'Dropbox does not accept this URL',
			'Use an address that begins with https:// or http:// and can be reached from the internet.',
		),
		not_found: wrongInput(
			'Dropbox found nothing behind the link',
			'Check the URL. The link may have expired, or the file may have been deleted.',
		),
	},
};
