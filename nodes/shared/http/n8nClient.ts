import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { isString, quotable } from '../json';
import { redacted, withoutKnown } from '../redact';
import type { OutageBudget } from './outageBudget';
import { budgetOf, SLOWEST_BYTES_PER_SECOND } from './outageBudget';
import { byteLengthOf, PacedBody } from './pacedBody';
import { codeOf, field, lowerCaseHeaders, noReplyOf } from './rejection';
import { isByteStream, MAX_ERROR_BYTES, MAX_REPLY_BYTES, readReplyText } from './replyText';
import { causesOf, secretsOf, signInProblem } from './signIn';
import { Traffic } from './traffic';
import type { HttpClient, HttpRequest, NoReply, Sent } from './types';

const PACED_FROM_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 120_000;

/**
 * The one contact with n8n's request helper. Through it the instance's proxy, its SSRF rules, token
 * refresh and the cancel button hold.
 */
export function createHttpClient(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	credentialType: string,
	accountScope: string,
): HttpClient {
	return new N8nClient(context, credentialType, accountScope);
}

class N8nClient implements HttpClient {
	readonly cancelSignal: AbortSignal | undefined;
	readonly traffic = new Traffic();
	readonly outage: OutageBudget;
	readonly accountKey: string;
	private clockOffsetMs = 0;
	/** Why the vendor gives no token: the rest of the run would be told the same. */
	private signInRefused: NoReply | undefined;

	constructor(
		private readonly context: IExecuteFunctions | ILoadOptionsFunctions,
		private readonly credentialType: string,
		accountScope: string,
	) {
		// A list in the editor has no cancel button.
		this.cancelSignal =
			'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		this.outage = budgetOf(context);
		const credentialId = context.getNode().credentials?.[credentialType]?.id ?? '';
		this.accountKey = `${credentialType}:${credentialId}:${accountScope}`;
	}

	serverNowMs(): number {
		return Date.now() + this.clockOffsetMs;
	}

	debug(message: string): void {
		this.context.logger.debug(message);
	}

	tell(line: string): void {
		this.context.logger.info(line);
		if ('sendMessageToUI' in this.context) this.context.sendMessageToUI(line);
	}

	async send(request: HttpRequest): Promise<Sent> {
		if (this.cancelSignal?.aborted) return { kind: 'canceled', inFlight: false };
		if (this.signInRefused !== undefined) return this.signInRefused;
		const sent = await this.sendWithToken(request);
		const answer = sent.kind === 'reply' ? sent : await this.toQuote(sent);
		if (answer.kind === 'unauthorized') this.signInRefused = answer;
		if (answer.kind === 'reply') {
			const serverMs = Date.parse(answer.reply.headers.date ?? '');
			if (!Number.isNaN(serverMs)) this.clockOffsetMs = serverMs - Date.now();
		}
		return this.cancelSignal?.aborted && answer.kind !== 'reply'
			? { kind: 'canceled', inFlight: true }
			: answer;
	}

	/** Asks with the token that n8n has, where a 401 may be about something else than the token's age. */
	private async sendWithToken(request: HttpRequest): Promise<Sent> {
		const { isFinal401 } = request;
		if (isFinal401 === undefined) return await this.sendOnce(request, 'renew');
		const answer = await this.sendOnce(request, 'keep');
		const isExpired =
			answer.kind === 'reply' && answer.reply.status === 401 && !isFinal401(answer.reply);
		return isExpired ? await this.sendOnce(request, 'renew') : answer;
	}

	private async sendOnce(request: HttpRequest, renewal: 'renew' | 'keep'): Promise<Sent> {
		this.traffic.requests += 1;
		const options = toN8nOptions(request);
		const echo = await this.context.helpers.httpRequestWithAuthentication
			.call(this.context, this.credentialType, options, {
				...(renewal === 'keep' && { oauth2: { skipTokenRefresh: true } }),
			})
			.then(readFullResponse, async (error: unknown) => await readRejection(error));
		return withoutToken(echo, options.headers);
	}

	/** What a server said about the sign-in may hold what it was sent. */
	private async toQuote(problem: NoReply): Promise<NoReply> {
		if (problem.kind !== 'unauthorized' && problem.kind !== 'notRenewed') return problem;
		const secrets = await this.context
			.getCredentials(this.credentialType)
			.then(secretsOf, () => []);
		const { said, reason } = problem;
		return {
			...problem,
			...(said !== undefined && { said: quotable(said, secrets) ?? '' }),
			...(reason !== undefined && { reason: quotable(reason, secrets) ?? '' }),
		};
	}
}

/** Servers echo requests, and what is not known as a token later would be shown. */
function withoutToken(sent: Sent, headers: IHttpRequestOptions['headers']): Sent {
	const written: unknown = headers?.Authorization;
	const [, token] = isString(written) ? (/^Bearer (\S{8,})$/.exec(written) ?? []) : [];
	if (token === undefined || (sent.kind !== 'reply' && !('reason' in sent))) return sent;
	if (sent.kind === 'unacceptable') return sent;
	if (sent.kind !== 'reply') return { ...sent, reason: redacted(sent.reason ?? '', [token]) };
	const { reply } = sent;
	const clean = (text: string): string =>
		text.includes(token) ? withoutKnown(text, [token]) : text;
	const named = Object.entries(reply.headers).map(([name, value]) => [name, clean(value)] as const);
	return {
		...sent,
		reply: { ...reply, headers: Object.fromEntries(named), text: clean(reply.text) },
	};
}

function toN8nOptions(request: HttpRequest): IHttpRequestOptions {
	return {
		// n8n's type lacks OPTIONS; its helper hands any method on.
		method: request.method as IHttpRequestMethods,
		url: request.url,
		// n8n writes the token into this object, so each try gets its own.
		headers: { ...request.headers },
		body: bodyOf(request),
		encoding: 'stream',
		returnFullResponse: true,
		// n8n refreshes the token only when a 401 rejects.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
		// n8n would follow to another host with the token in hand.
		disableFollowRedirect: true,
		timeout: responseTimeoutMs(request),
	};
}

function responseTimeoutMs({
	responseTimeoutMs: wantedMs = ANSWER_TIMEOUT_MS,
	body,
}: HttpRequest): number {
	return wantedMs + (byteLengthOf(body) / SLOWEST_BYTES_PER_SECOND) * 1_000;
}

/** Short ones go out in one piece with the headers. */
function bodyOf({ body, headers }: HttpRequest): string | Buffer | PacedBody | undefined {
	const long = Buffer.isBuffer(body) && body.length > PACED_FROM_BYTES;
	return long ? new PacedBody(body, headers['Content-Type'] ?? '') : body;
}

interface FullResponse {
	body: unknown;
	headers: unknown;
	statusCode: number;
}

async function readFullResponse(response: FullResponse): Promise<Sent> {
	const { statusCode: status, headers, body } = response;
	if (status >= 300 && status < 400 && status !== 304) {
		if (isByteStream(body)) body.destroy();
		return { kind: 'unacceptable', reason: 'redirect', status };
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
		return { kind: 'lost', reason: codeOf(error) ?? 'The answer broke off' };
	}
}

/** A rejection of n8n's helper: a 401 that a refresh did not mend, no token, or no answer at all. */
async function readRejection(error: unknown): Promise<Sent> {
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
