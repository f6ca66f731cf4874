import type { Explanation } from '../catalogue';
import { forUser, passing } from '../catalogue';
import type { Failure } from '../failure';
import { failureOf } from '../failureOf';
import { ISSUES } from '../issues';
import { isObject, parseJson, quotable } from '../json';
import type { HttpReply } from './types';

/** What a proxy has to let through. */
export const HOSTS: Readonly<Record<Failure['vendor'], string>> = {
	Dropbox: 'api.dropboxapi.com and content.dropboxapi.com',
	Box: 'api.box.com and upload.box.com',
};
const CONSOLES: Readonly<Record<Failure['vendor'], string>> = {
	Dropbox: 'under Permissions in the Dropbox App Console',
	Box: 'under Configuration in the Box Developer Console',
};

/** What an answer holds beside its status, which a remedy may point to. */
type Told = Pick<Failure, 'vendorText' | 'requestId'>;

/** The explanation of an HTTP status that the vendor's catalogue does not know. */
export function statusExplanation(
	vendor: Failure['vendor'],
	status: number,
	told: Told = {},
): [path: string, Explanation] {
	if (status === 429) {
		return [
			'rate_limited',
			passing(
				`${vendor} is receiving too many requests`,
				'Run fewer uploads at the same time, or try again later.',
			),
		];
	}
	if (passesByItself(status)) {
		return [`http/${status}`, passing(`${vendor} is temporarily unavailable`, 'Try again later.')];
	}
	const refused = (remedy: string) => forUser(`${vendor} refused the request`, remedy);
	return [`http/${status}`, refused(remedyOf(vendor, status, told))];
}

function remedyOf(vendor: Failure['vendor'], status: number, told: Told): string {
	switch (status) {
		case 401:
			return 'Open the credential and connect it again.';
		case 402:
			return `Check the plan and the billing of the account in ${vendor}, then run this again.`;
		case 403:
			return `Check the permissions of the account in ${vendor}, and the permissions of the app ${CONSOLES[vendor]}.`;
		case 404:
		case 405:
			return `Check that the proxy of the n8n server passes requests to ${HOSTS[vendor]} on unchanged.`;
		case 413:
			return "Set a smaller 'Max Part Size', or raise the request size limit of the n8n server's proxy.";
		case 410:
			return `Update this package: ${vendor} may have retired the function that it uses. If this is the newest version, report it: ${ISSUES}.`;
		default:
			return `Check the fields of this node. If they are right, report it with ${whatIsTold(status, told)}: ${ISSUES}.`;
	}
}

function whatIsTold(status: number, { vendorText, requestId }: Told): string {
	const parts = [vendorText && 'the text', requestId && 'the request ID'].filter((part) => part);
	return parts.length > 0 ? `${parts.join(' and ')} below` : `the HTTP status ${status}`;
}

function passesByItself(status: number): boolean {
	return status === 408 || status === 429 || (status >= 500 && status !== 511);
}

/**
 * The failure for an answer that the vendor did not give: a proxy, a firewall or the sign-in page of a network
 * did. Undefined for what may be the vendor's own: JSON, nothing, or an answer with the vendor's request ID.
 */
export function foreignReply(
	vendor: Failure['vendor'],
	reply: HttpReply,
	requestId: string | undefined,
): Failure | undefined {
	const { status } = reply;
	const said = quotable(reply.text);
	if (status !== 407 && (requestId !== undefined || said === undefined || !isPage(reply)))
		return undefined;
	return failureOf(vendor, `http/${status}`, foreignExplanation(vendor, status), {
		status,
		...(said !== undefined && { reason: said }),
	});
}

/** HTML, or what calls itself a text: both vendors answer in JSON, but for the 400 of Dropbox. */
function isPage({ headers, text }: HttpReply): boolean {
	const isText = /^text\/(?:html|plain)\b/i.test(headers['content-type'] ?? '');
	return /^\s*</.test(text) || (isText && !isObject(parseJson(text)));
}

/** https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/407: only a proxy answers so. */
function foreignExplanation(vendor: Failure['vendor'], status: number): Explanation {
	if (status === 407) {
		return forUser(
			'The proxy of the n8n server requires a user name and a password',
			'Add both to HTTPS_PROXY (http://user:password@host:port) and restart n8n.',
		);
	}
	const message = `Something between n8n and ${vendor} sent the response`;
	const road = `the proxy, the firewall and the sign-in of the network of the n8n server: requests to ${HOSTS[vendor]} must get through`;
	return passesByItself(status)
		? passing(message, `Try again later. If it happens again, check ${road}.`)
		: forUser(message, `Check ${road}.`);
}
