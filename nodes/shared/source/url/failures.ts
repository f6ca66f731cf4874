import type { Explanation } from '../../catalogue';
import { forUser, passing } from '../../catalogue';
import type { Failure } from '../../failure';
import { failureOf } from '../../failureOf';
import { noReplyFailure } from '../../http/noReply';
import type { NoReply } from '../../http/types';
import { quotable } from '../../json';
import { printableUrl } from '../../redact';

type Vendor = Failure['vendor'];

/** What can be wrong with a link; the file was not committed in any of these cases. */
const problems = {
	web_page: forUser(
		'The URL leads to a web page instead of a file',
		"Open the URL in a private browser window: it must open the file itself. Usually it leads to a sign-in page or a download page. To store a web page, enter a 'File Name' that ends in .html.",
	),
	no_size: forUser(
		"The server doesn't say how large the file is",
		'Get the file with an HTTP Request node (response format File), and upload it from the binary field. Box needs the size before the first byte.',
	),
	changed: passing(
		'The file at the URL changed while it was being read',
		'Run the workflow again when the file is complete. Nothing was stored.',
	),
	broken: passing('The connection to the server broke several times', 'Try again later.'),
	stalled: passing(
		'The server stopped sending in the middle of the file',
		'Try again later. The node waited two minutes each time, and asked for the rest if the server allows it.',
	),
	too_slow: passing(
		'The server sends the file too slowly',
		'Try again later, or get the file from another server. This one sent less than 1 KB a second over several minutes.',
	),
	sign_in: forUser(
		'The server requires a sign-in for the file',
		'Create a new link that anyone can open. This one may have expired or need a sign-in, and the node never sends one to other servers.',
	),
	redirects: forUser(
		'The URL redirects too many times',
		'Open the URL in a private browser window, and use the URL where the file really is.',
	),
	not_there: forUser(
		'There is no file at the URL',
		'Check the URL. The link may have expired, or the file may have been deleted.',
	),
} as const;

export type Problem = keyof typeof problems;

export function sourceFailure(
	vendor: Vendor,
	reason: Problem,
	url: string,
	details: Partial<Failure> = {},
): Failure {
	return linkFailure(vendor, `source/${reason}`, problems[reason], url, details);
}

/** An answer that is no file. */
export function statusFailure(vendor: Vendor, status: number, url: string): Failure {
	if (status === 401 || status === 403) return sourceFailure(vendor, 'sign_in', url, { status });
	if (status === 404 || status === 410) {
		return sourceFailure(vendor, 'not_there', url, { status });
	}
	const explanation = mayPass(status)
		? passing('The server is temporarily unavailable', 'Try again later.')
		: forUser(
				'The server refused the file',
				'Open the URL in a private browser window to see why.',
			);
	return linkFailure(vendor, `source/http_${status}`, explanation, url, { status });
}

function mayPass(status: number): boolean {
	return status >= 500 || status === 429 || status === 408;
}

/** No answer at all. */
export function unreachedFailure(vendor: Vendor, noReply: NoReply, url: string): Failure {
	if (noReply.kind === 'canceled') return noReplyFailure(vendor, noReply);
	if (noReply.kind === 'unauthorized' || noReply.kind === 'notRenewed') {
		return { ...noReplyFailure(vendor, noReply), subject: printableUrl(url) };
	}
	const reason = quotable(noReply.reason ?? '', [url]) ?? '';
	if (/redirects/i.test(reason)) return sourceFailure(vendor, 'redirects', url, { reason });
	if (noReply.kind === 'unsent' && !noReply.passes) {
		const refused = forUser(
			"n8n didn't connect to the server of the URL",
			"Check the URL. It may lead to a private network, which the settings of the n8n server don't allow, or the server's certificate isn't trusted.",
		);
		return linkFailure(vendor, 'source/not_allowed', refused, url, { reason });
	}
	const explanation = passing(
		"The server couldn't be reached",
		'Check the URL and the network of the n8n server, then try again.',
	);
	return linkFailure(vendor, 'source/unreachable', explanation, url, { reason });
}

function linkFailure(
	vendor: Vendor,
	code: string,
	explanation: Explanation,
	url: string,
	details: Partial<Failure>,
): Failure {
	return failureOf(vendor, code, explanation, { subject: printableUrl(url), ...details });
}
