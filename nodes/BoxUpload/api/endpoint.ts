import { forUser } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { toFailure } from './failures/read';

/**
 * An address that Box named, if it may receive the user's token: https, default port, box.com or a
 * host of that domain.
 */
export function checkedEndpoint(address: string): Outcome<string> {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url !== undefined && isOfBox(url) && isPlain(url)) return success(url.href);
	return failed({
		...toFailure(
			'endpoint/refused',
			forUser(
				"Box returned an upload URL that isn't on a Box server",
				'Run this again. Nothing was sent to it. If it happens again, check the proxy of the n8n server.',
			),
		),
		subject: url?.host ?? 'no address',
	});
}

function isOfBox({ hostname }: URL): boolean {
	return hostname === 'box.com' || hostname.endsWith('.box.com');
}

function isPlain({ protocol, port, username, password }: URL): boolean {
	return protocol === 'https:' && port === '' && username === '' && password === '';
}

/** An ID as part of an address. Half of a surrogate pair, as a broken answer may have it, becomes U+FFFD: no ID has that. */
export function idSegment(id: string): string {
	return encodeURIComponent(id.toWellFormed());
}
