import { codeOf, field, lowerCaseHeaders, noReplyOf } from './rejection';
import { isByteStream, MAX_ERROR_BYTES, MAX_REPLY_BYTES, readReplyText } from './replyText';
import { causesOf, signInProblem } from './signIn';
import type { Sent } from './types';

/** What n8n's request helper resolves with. */
export interface FullResponse {
	body: unknown;
	headers: unknown;
	statusCode: number;
}

export async function readFullResponse(
	response: FullResponse,
	takesRedirect = false,
): Promise<Sent> {
	const { statusCode: status, headers, body } = response;
	if (status >= 300 && status < 400 && status !== 304) {
		if (isByteStream(body)) body.destroy();
		return takesRedirect
			? { kind: 'reply', reply: { status, headers: lowerCaseHeaders(headers), text: '' } }
			: { kind: 'unacceptable', reason: 'redirect', status };
	}
	const reply = (text: string): Sent => ({
		kind: 'reply',
		reply: { status, headers: lowerCaseHeaders(headers), text },
	});
	if (!isByteStream(body)) return reply('');
	try {
		const text = await readReplyText(body, status >= 400 ? MAX_ERROR_BYTES : MAX_REPLY_BYTES);
		return text === undefined ? { kind: 'unacceptable', reason: 'too_long', status } : reply(text);
	} catch (error) {
		return { kind: 'lost', reason: codeOf(error) ?? 'The response broke off' };
	}
}

/** A rejection of n8n's helper: a 401 that a refresh did not mend, no token, or no answer at all. */
export async function readRejection(error: unknown): Promise<Sent> {
	const aboutSignIn = signInProblem(error);
	if (aboutSignIn !== undefined) return aboutSignIn;
	const cause = tellingCause(error);
	const response = field(cause, 'response');
	if (response !== undefined && field(response, 'status') === 401) {
		return await readFullResponse({
			statusCode: 401,
			headers: field(response, 'headers'),
			body: field(response, 'data'),
		});
	}
	return noReplyOf(error, cause);
}

function tellingCause(error: unknown): unknown {
	const [, ...causes] = causesOf(error);
	const telling = causes.find(
		(cause) => field(cause, 'response') !== undefined || codeOf(cause) !== undefined,
	);
	return telling ?? causes[0] ?? error;
}
