import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { isString, quotable } from '../json';
import { redacted, withoutKnown } from '../redact';
import { accountOf, learnAccount } from './accountKeys';
import { beginBody } from './bodyProgress';
import type { FullResponse } from './fullResponse';
import { readFullResponse, readRejection } from './fullResponse';
import type { OutageBudget } from './outageBudget';
import { budgetOf, hostOf, SLOWEST_BYTES_PER_SECOND } from './outageBudget';
import { byteLengthOf, PacedBody } from './pacedBody';
import { secretsOf } from './signIn';
import { Traffic } from './traffic';
import type { HttpClient, HttpRequest, NoReply, Sent } from './types';
import { unlessAborted } from './wait';

const PACED_FROM_BYTES = 64 * 1024;
const ANSWER_TIMEOUT_MS = 120_000;
/** axios counts its own while the body moves, and gives up a line that is slow. */
const NO_TIMEOUT_MS = 0;
const STUCK: Sent = { kind: 'lost', reason: 'No progress for minutes', isStuck: true };

type RequestContext = IExecuteFunctions | ILoadOptionsFunctions;

/**
 * The one contact with n8n's request helper. Through it the instance's proxy, its SSRF rules, token
 * refresh and the cancel button hold.
 */
export function createHttpClient(
	context: RequestContext,
	credentialType: string,
	whose: Whose,
): HttpClient {
	return new N8nClient(context, credentialType, whose);
}

/** Whose requests they are. */
interface Whose {
	/** What tells requests of one credential apart, such as the user that it acts for. */
	readonly scope: string;
	/** The vendor's own ID of the account, where it is known without a request. */
	readonly account?: string | undefined;
}

class N8nClient implements HttpClient {
	readonly cancelSignal: AbortSignal | undefined;
	readonly traffic = new Traffic();
	readonly outage: OutageBudget;
	readonly signInKey: string;
	private readonly ownKey: string;
	private clockOffsetMs = 0;
	/** Asked for once: a token that is renewed later is in each request, and known from there. */
	private known: Promise<readonly string[]> | undefined;
	/** Why the vendor gives no token: the rest of the run would be told the same. */
	private signInRefused: NoReply | undefined;

	constructor(
		private readonly context: RequestContext,
		private readonly credentialType: string,
		{ account, scope }: Whose,
	) {
		// A list in the editor has no cancel button.
		this.cancelSignal =
			'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		this.outage = budgetOf(context);
		const credentialId = context.getNode().credentials?.[credentialType]?.id ?? '';
		this.signInKey = `${credentialType}:${credentialId}:${scope}`;
		this.ownKey = account === undefined ? this.signInKey : this.keyOf(account);
	}

	get accountKey(): string {
		return accountOf(this.ownKey);
	}

	isOver(): boolean {
		return this.cancelSignal?.aborted === true || this.outage.endOf(this.accountKey) !== undefined;
	}

	isOf(accountId: string): void {
		learnAccount(this.ownKey, this.keyOf(accountId));
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

	async secrets(): Promise<readonly string[]> {
		this.known ??= this.context.getCredentials(this.credentialType).then(secretsOf, () => []);
		return await this.known;
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

	/** IDs of two vendors may be the same. */
	private keyOf(accountId: string): string {
		const vendor = /^[a-z]+/.exec(this.credentialType)?.[0] ?? '';
		return `${vendor}:${accountId}`;
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
		const { body, responseTimeoutMs = ANSWER_TIMEOUT_MS } = request;
		// Short ones go out in one piece with the headers.
		if (!Buffer.isBuffer(body) || body.length <= PACED_FROM_BYTES) {
			const timeout = responseTimeoutMs + shortBodyTimeoutMs(body);
			const options = { ...toN8nOptions(request), body, timeout };
			return await this.ask(options, this.context, renewal, request.takesRedirect);
		}
		return await this.sendLong(request, body, renewal);
	}

	/** Gives up when the body makes no progress, however long it takes while it does. */
	private async sendLong(
		request: HttpRequest,
		content: Buffer,
		renewal: 'renew' | 'keep',
	): Promise<Sent> {
		const { headers, url, responseTimeoutMs = ANSWER_TIMEOUT_MS } = request;
		const progress = beginBody(hostOf(url), responseTimeoutMs);
		const body = new PacedBody(content, headers['Content-Type'] ?? '', progress);
		const options = { ...toN8nOptions(request), body, timeout: NO_TIMEOUT_MS };
		const asked = this.ask(options, this.stoppedBy(progress.stuck), renewal);
		// Also where n8n does not hear the signal, as while it renews the token.
		await unlessAborted(asked, progress.stuck);
		const sent = progress.stuck.aborted ? STUCK : await asked;
		progress.ended(sent.kind === 'reply');
		return sent;
	}

	private async ask(
		options: IHttpRequestOptions,
		context: RequestContext,
		renewal: 'renew' | 'keep',
		takesRedirect = false,
	): Promise<Sent> {
		const echo = await context.helpers.httpRequestWithAuthentication
			.call(context, this.credentialType, options, {
				...(renewal === 'keep' && { oauth2: { skipTokenRefresh: true } }),
			})
			.then(
				async (response: FullResponse) => await readFullResponse(response, takesRedirect),
				async (error: unknown) => await readRejection(error),
			);
		return withoutToken(echo, options.headers);
	}

	/**
	 * n8n's helper takes its signal from the context and from nowhere else, so it gets one that also
	 * tells of a request that is stuck.
	 */
	private stoppedBy(stuck: AbortSignal): RequestContext {
		const { cancelSignal, context } = this;
		const signal = cancelSignal === undefined ? stuck : AbortSignal.any([cancelSignal, stuck]);
		return Object.create(context, {
			getExecutionCancelSignal: { value: () => signal },
		}) as RequestContext;
	}

	/** What a server said about the sign-in may hold what it was sent. */
	private async toQuote(problem: NoReply): Promise<NoReply> {
		if (problem.kind !== 'unauthorized' && problem.kind !== 'notRenewed') return problem;
		const secrets = await this.secrets();
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
		encoding: 'stream',
		returnFullResponse: true,
		// n8n refreshes the token only when a 401 rejects.
		ignoreHttpStatusErrors: { ignore: true, except: [401] },
		// n8n would follow to another host with the token in hand.
		disableFollowRedirect: true,
	};
}

function shortBodyTimeoutMs(body: HttpRequest['body']): number {
	return (byteLengthOf(body) / SLOWEST_BYTES_PER_SECOND) * 1_000;
}
