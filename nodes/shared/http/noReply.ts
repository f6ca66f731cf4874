import { CANCELED } from '../canceled';
import type { Explanation } from '../catalogue';
import { forUser, passing } from '../catalogue';
import type { Failure } from '../failure';
import { failureOf } from '../failureOf';
import { HOSTS } from './statuses';
import type { NoReply } from './types';

/** What to do about a sign-in that was refused with this `error` of RFC 6749 and this text. */
export type SignInTexts = (error: string | undefined, said: string | undefined) => Explanation;

/** The failure for a request that got no usable answer; the same words for every vendor. */
export function noReplyFailure(
	vendor: Failure['vendor'],
	noReply: NoReply,
	signInTexts?: SignInTexts,
): Failure {
	return failureOf(vendor, ...explain(vendor, noReply, signInTexts), {
		stored: 'no',
		...('status' in noReply && { status: noReply.status }),
		...saidBy(noReply),
	});
}

function explain(
	vendor: Failure['vendor'],
	noReply: NoReply,
	signInTexts?: SignInTexts,
): readonly [path: string, Explanation] {
	switch (noReply.kind) {
		case 'canceled':
			return CANCELED;
		case 'unauthorized':
			return [
				'auth/not_connected',
				signInTexts?.(noReply.error, noReply.said) ??
					forUser(
						`The sign-in to ${vendor} doesn't work`,
						'Open the credential and connect it again.',
					),
			];
		case 'notRenewed':
			return [
				'auth/not_renewed',
				passing(
					`The sign-in to ${vendor} couldn't be renewed right now`,
					`Try again in a few minutes. Nothing was stored. If it happens again, check that the proxy and firewall of the n8n server let requests to ${HOSTS[vendor]} through.`,
				),
			];
		case 'unsent':
		case 'lost':
		case 'unacceptable':
			return explainNetwork(vendor, noReply);
	}
}

/** What lies between n8n and the vendor. */
function explainNetwork(
	vendor: Failure['vendor'],
	noReply: Extract<NoReply, { kind: 'unsent' | 'lost' | 'unacceptable' }>,
): readonly [path: string, Explanation] {
	switch (noReply.kind) {
		case 'unsent':
			return [
				'network/unreachable',
				noReply.passes
					? passing(
							`${vendor} couldn't be reached`,
							'Check the network of the n8n server, then try again.',
						)
					: forUser(
							`n8n didn't connect to ${vendor}`,
							'Check the proxy, firewall and certificate settings of the n8n server.',
						),
			];
		case 'lost':
			return [
				'network/answer_lost',
				passing(`The connection to ${vendor} broke before the response arrived`, 'Try again.'),
			];
		case 'unacceptable':
			return noReply.reason === 'redirect'
				? [
						'http/redirect',
						forUser(
							`${vendor} returned a redirect to another server, which wasn't followed`,
							"Check the proxy of the n8n server. Your sign-in wasn't sent to the other server.",
						),
					]
				: [
						'http/reply_too_long',
						forUser(
							`The response from ${vendor} is too long and wasn't read to the end`,
							'Check the proxy of the n8n server. The response may not come from the service.',
						),
					];
	}
}

/** A refusal is the vendor's own word; what came instead of a token is not. */
function saidBy(noReply: NoReply): Partial<Failure> {
	switch (noReply.kind) {
		case 'unauthorized': {
			const { error, said, reason } = noReply;
			const vendorText = [...new Set([error, said])].filter((part) => part).join(': ');
			return { ...(said && { vendorText }), ...(reason && { reason }) };
		}
		case 'notRenewed': {
			const { said, reason } = noReply;
			return { reason: said ? `${reason}. The response said: ${said}` : reason };
		}
		case 'unsent':
		case 'lost':
			return { reason: noReply.reason };
		default:
			return {};
	}
}
