import type { NoReply } from './types';

/**
 * What a credential throws that gets its token itself, in place of the error of n8n's helper: that one holds
 * the request with all its secrets. The message is for whoever tests the credential; a run reads `noReply`.
 * It has no `response` and no `code`, or n8n would take a refusal for an old token and fetch another one.
 */
export class TokenRefused extends Error {
	constructor(
		message: string,
		readonly noReply: NoReply,
	) {
		super(message);
	}
}
