import type { IExecuteFunctions } from 'n8n-workflow';

import { field, lowerCaseHeaders, noReplyOf } from './rejection';
import type { ByteStream } from './replyText';
import { isByteStream } from './replyText';
import { signInProblem } from './signIn';
import type { HttpReply, NoReply } from './types';

const ANSWER_TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 10;

/** An answer whose body has not been read yet; whoever has it reads it or closes it. */
export interface Download {
	readonly kind: 'download';
	readonly status: number;
	readonly headers: HttpReply['headers'];
	readonly body: ByteStream;
	/** Ends the connection, whatever of the body is left. */
	close(): void;
}

/** Asks a server that is no vendor for a file. Never throws. */
export type Fetch = (
	url: string,
	headers: Readonly<Record<string, string>>,
) => Promise<Download | NoReply>;

/**
 * Goes through n8n's request helper without a credential: no sign-in leaves for that server, and the
 * instance's proxy and its rules on private addresses hold, for each redirect as well.
 */
export function createFetch(context: IExecuteFunctions): Fetch {
	const cancelSignal = context.getExecutionCancelSignal();
	return async (url, headers) => {
		if (cancelSignal?.aborted) return { kind: 'canceled', inFlight: false };
		const own = new AbortController();
		try {
			const response: unknown = await context.helpers.httpRequest({
				method: 'GET',
				url,
				// Compressed on the way it would have neither a size nor ranges.
				headers: { ...headers, Accept: '*/*', 'Accept-Encoding': 'identity' },
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				maxRedirects: MAX_REDIRECTS,
				sendCredentialsOnCrossOriginRedirect: false,
				timeout: ANSWER_TIMEOUT_MS,
				abortSignal: cancelSignal ? AbortSignal.any([cancelSignal, own.signal]) : own.signal,
			});
			return downloadOf(response, () => own.abort());
		} catch (error) {
			if (cancelSignal?.aborted) return { kind: 'canceled', inFlight: true };
			const noReply = noReplyOf(error, causeOf(error));
			// Nobody is signed in there, whatever the words of the error are.
			if (noReply.kind === 'unauthorized') return { kind: 'lost', reason: noReply.reason ?? '' };
			return noReply;
		}
	};
}

function causeOf(error: unknown): unknown {
	return field(error, 'cause') ?? error;
}

/** A 401 that a new token did not mend. */
function refusedSignIn(error: unknown): NoReply | undefined {
	const response = field(causeOf(error), 'response');
	if (field(response, 'status') !== 401) return undefined;
	const body = field(response, 'data');
	if (isByteStream(body)) body.destroy();
	return { kind: 'unauthorized', reason: 'HTTP 401' };
}

function downloadOf(response: unknown, close: () => void): Download | NoReply {
	const body = field(response, 'body');
	if (!isByteStream(body)) return { kind: 'lost', reason: 'The response has no body' };
	return {
		kind: 'download',
		status: Number(field(response, 'statusCode')),
		headers: lowerCaseHeaders(field(response, 'headers')),
		body,
		// A stream of n8n's that nobody has read from does not let go of its connection otherwise.
		close,
	};
}

/** What goes along with each request for a file that its vendor gives only to whoever is signed in. */
interface SignedIn {
	readonly credentialType: string;
	readonly method: 'GET' | 'POST';
	readonly headers: Readonly<Record<string, string>>;
}

/** The same with the account's token, for an address of the vendor itself. Redirects are refused. Never throws. */
export function createSignedInFetch(
	context: IExecuteFunctions,
	{ credentialType, method, headers: own }: SignedIn,
): Fetch {
	const cancelSignal = context.getExecutionCancelSignal();
	return async (url, headers) => {
		if (cancelSignal?.aborted) return { kind: 'canceled', inFlight: false };
		try {
			const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialType,
				{
					method,
					url,
					headers: { ...own, ...headers, 'Accept-Encoding': 'identity' },
					encoding: 'stream',
					returnFullResponse: true,
					ignoreHttpStatusErrors: { ignore: true, except: [401] },
					disableFollowRedirect: true,
					timeout: ANSWER_TIMEOUT_MS,
				},
			);
			const body = field(response, 'body');
			return downloadOf(response, () => isByteStream(body) && body.destroy());
		} catch (error) {
			if (cancelSignal?.aborted) return { kind: 'canceled', inFlight: true };
			return signInProblem(error) ?? refusedSignIn(error) ?? noReplyOf(error, causeOf(error));
		}
	};
}
