import { CANCELED } from '../canceled';
import type { Explanation } from '../catalogue';
import { forUser, passing } from '../catalogue';
import type { Failure } from '../failure';
import type { NoReply } from './types';

/** The failure for a request that got no usable answer; the same words for every vendor. */
export function noReplyFailure(vendor: Failure['vendor'], noReply: NoReply): Failure {
	const [path, explanation] = explain(vendor, noReply);
	return {
		vendor,
		path,
		message: explanation.message,
		remedy: explanation.remedy,
		class: explanation.class,
		retryable: explanation.class === 'transient',
		stored: 'no',
		...('status' in noReply && { status: noReply.status }),
		...('reason' in noReply && noReply.kind !== 'unacceptable' && { reason: noReply.reason }),
	};
}

function explain(vendor: string, noReply: NoReply): readonly [path: string, Explanation] {
	switch (noReply.kind) {
		case 'canceled':
			return CANCELED;
		case 'unauthorized':
			return [
				'auth/not_connected',
				forUser(
					`The sign-in to ${vendor} does not work`,
					'Open the credential and connect it again.',
				),
			];
		case 'unsent':
			return [
				'network/unreachable',
				noReply.passes
					? passing(
							`${vendor} could not be reached`,
							'Check the network of the n8n server, then try again.',
						)
					: forUser(
							`n8n did not open a connection to ${vendor}`,
							'Check the proxy, firewall and certificate settings of the n8n server.',
						),
			];
		case 'lost':
			return [
				'network/answer_lost',
				passing(`The connection to ${vendor} broke before the answer came`, 'Try again.'),
			];
		case 'unacceptable':
			return noReply.reason === 'redirect'
				? [
						'http/redirect',
						forUser(
							`${vendor} answered with a redirect to another address, which was not followed`,
							'Your sign-in was not sent there. Check the proxy of the n8n server.',
						),
					]
				: [
						'http/reply_too_long',
						forUser(
							`The answer from ${vendor} was longer than allowed and was not read to its end`,
							'Check the proxy of the n8n server; something other than the service may be answering.',
						),
					];
	}
}

/** The explanation of an HTTP status that the vendor's catalogue does not know. */
export function statusExplanation(vendor: string, status: number): [path: string, Explanation] {
	if (status === 429) {
		return [
			'rate_limited',
			passing(
				`${vendor} is receiving too many requests`,
				'Run fewer uploads at once or try again later.',
			),
		];
	}
	if (status >= 500 || status === 408) {
		return [`http/${status}`, passing(`${vendor} had a problem of its own`, 'Try again later.')];
	}
	return [
		`http/${status}`,
		forUser(`${vendor} refused the request`, 'The answer from the service says why.'),
	];
}
