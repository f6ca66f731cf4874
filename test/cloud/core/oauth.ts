/** OAuth 2 for both vendors: the consent page and the token endpoint, as strict as theirs. */
import { createHash, randomBytes } from 'node:crypto';
import type { CloudReply, CloudRequest } from './contract';
import type { IssuedTokens, TokenStore } from './tokens';

export interface OAuthClient {
	clientId: string;
	clientSecret: string;
	/** Absent: any is registered. */
	redirectUris?: string[];
}

type TokenErrorKind =
	| 'badClient'
	| 'badCode'
	| 'badRedirect'
	| 'badRefreshToken'
	| 'badGrantType'
	| 'badSubject'
	| 'notApproved'
	| 'badRequest';

/** What differs between the vendors. */
export interface OAuthProfile {
	readonly authorize: { readonly host: string; readonly path: string };
	readonly token: { readonly host: string; readonly path: string };
	readonly errors: Readonly<Record<TokenErrorKind, CloudReply>>;
	/** Dropbox gives a refresh token only when `token_access_type=offline` was asked for. */
	readonly refreshable: (authorizeQuery: URLSearchParams) => boolean;
	/**
	 * Without a redirect address the page shows the code, to be pasted, and a verifier stands for the secret:
	 * https://developers.dropbox.com/oauth-guide
	 */
	readonly showsCode?: boolean;
	/** The account of a client credentials grant, or undefined when it is refused. */
	readonly subjectOf?: (form: URLSearchParams) => string | undefined;
	readonly tokenReply: (issued: IssuedTokens) => Record<string, unknown>;
}

/** Whoever checks the assertions of `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523). */
export interface JwtBearer {
	/** The service's own time, which its replies are dated by. */
	readonly date: string;
	answer(
		form: URLSearchParams,
		client: OAuthClient,
	):
		| { readonly ok: true; readonly accountId: string }
		| { readonly ok: false; readonly reply: CloudReply };
}

interface Code {
	readonly clientId: string;
	readonly accountId: string | undefined;
	readonly redirectUri: string | undefined;
	/** Of PKCE, method S256. */
	readonly challenge: string | undefined;
	readonly scopes: readonly string[] | undefined;
	readonly refreshable: boolean;
}

const maxFormBytes = 64 * 1024;

export class OAuthServer {
	readonly clients: OAuthClient[] = [{ clientId: 'test-app', clientSecret: 'test-app-secret' }];
	/** False until an admin has authorized the app for client credentials. */
	isApproved = true;
	/** Who is signed in at the consent page; the vendor's default account when undefined. */
	accountId: string | undefined;
	private readonly codes = new Map<string, Code>();

	constructor(
		private readonly profile: OAuthProfile,
		private readonly tokens: TokenStore,
		private readonly jwtBearer?: JwtBearer,
	) {}

	get hosts(): string[] {
		return [this.profile.authorize.host, this.profile.token.host];
	}

	routeOf(method: string, host: string, pathname: string): string | undefined {
		const { authorize, token } = this.profile;
		if (host === authorize.host && pathname === authorize.path) {
			return method === 'GET' || method === 'POST' ? 'oauth2/authorize' : undefined;
		}
		return host === token.host && pathname === token.path && method === 'POST'
			? 'oauth2/token'
			: undefined;
	}

	async handle(request: CloudRequest): Promise<CloudReply> {
		if (request.pathname === this.profile.authorize.path) return await this.authorize(request);
		return await this.token(request);
	}

	/** GET shows the page; its buttons post the user's answer to the same address. */
	private async authorize(request: CloudRequest): Promise<CloudReply> {
		const { query } = request;
		const clientId = query.get('client_id') ?? '';
		const redirectUri = query.get('redirect_uri') ?? undefined;
		const client = this.clients.find((known) => known.clientId === clientId);
		if (!client) return { status: 400, text: `Invalid client_id: "${clientId}".` };
		if (query.get('response_type') !== 'code') {
			return { status: 400, text: 'Invalid response_type.' };
		}
		const isPasted = redirectUri === undefined && this.profile.showsCode === true;
		if (!isPasted && !isRegistered(client, redirectUri)) {
			return { status: 400, text: `Invalid redirect_uri: "${redirectUri ?? ''}".` };
		}
		if (request.method === 'GET') return consentPage(query);

		const form = await readForm(request);
		const answer = new URL(redirectUri ?? 'https://www.dropbox.com/1/oauth2/display_token');
		if (form?.get('decision') === 'allow') {
			const code = randomBytes(16).toString('hex');
			const scopes = query.get('scope')?.split(/[ ,]+/).filter(Boolean);
			const refreshable = this.profile.refreshable(query);
			const { accountId } = this;
			const challenge =
				query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null;
			const grant = { clientId, accountId, redirectUri, scopes, refreshable };
			this.codes.set(code, { ...grant, challenge: challenge ?? undefined });
			if (isPasted) return { status: 200, text: `Access code: ${code}` };
			answer.searchParams.set('code', code);
		} else {
			answer.searchParams.set('error', 'access_denied');
		}
		const state = query.get('state');
		if (state !== null) answer.searchParams.set('state', state);
		return { status: 302, headers: { location: answer.href }, text: '' };
	}

	private async token(request: CloudRequest): Promise<CloudReply> {
		const { errors } = this.profile;
		const form = await readForm(request);
		if (!form) return errors.badRequest;
		const grantType = form.get('grant_type') ?? '';
		const client = this.clientOf(request, form);
		request.argument = { grant_type: grantType, client_id: client?.clientId };
		if (!client) return errors.badClient;
		switch (grantType) {
			case 'authorization_code':
				return this.exchangeCode(form, client);
			case 'refresh_token': {
				const refreshToken = form.get('refresh_token') ?? '';
				const issued = this.tokens.exchange(refreshToken, client.clientId);
				return issued ? this.reply(issued) : errors.badRefreshToken;
			}
			case 'client_credentials': {
				if (!this.profile.subjectOf) return errors.badGrantType;
				if (!this.isApproved) return errors.notApproved;
				const accountId = this.profile.subjectOf(form);
				if (accountId === undefined) return errors.badSubject;
				const { clientId } = client;
				const kind = 'service';
				return this.reply(this.tokens.issue({ accountId, kind, clientId, refreshable: false }));
			}
			case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
				return this.acceptAssertion(form, client);
			default:
				return errors.badGrantType;
		}
	}

	private acceptAssertion(form: URLSearchParams, client: OAuthClient): CloudReply {
		const { jwtBearer } = this;
		const { errors } = this.profile;
		if (!jwtBearer) return errors.badGrantType;
		const headers = { date: jwtBearer.date };
		if (!this.isApproved) return { ...errors.notApproved, headers };
		const answer = jwtBearer.answer(form, client);
		if (!answer.ok) return { ...answer.reply, headers };
		const { accountId } = answer;
		const { clientId } = client;
		const kind = 'service';
		const issued = this.tokens.issue({ accountId, kind, clientId, refreshable: false });
		return { ...this.reply(issued), headers };
	}

	private exchangeCode(form: URLSearchParams, client: OAuthClient): CloudReply {
		const { errors } = this.profile;
		const code = this.codes.get(form.get('code') ?? '');
		if (!code || code.clientId !== client.clientId) return errors.badCode;
		// A code works once, whatever comes of it.
		this.codes.delete(form.get('code') ?? '');
		if ((form.get('redirect_uri') ?? undefined) !== code.redirectUri) return errors.badRedirect;
		const verifier = form.get('code_verifier');
		if (code.challenge !== undefined && challengeOf(verifier ?? '') !== code.challenge) {
			return errors.badCode;
		}
		const { clientId, accountId, scopes, refreshable } = code;
		return this.reply(this.tokens.issue({ clientId, accountId, scopes, refreshable }));
	}

	private reply(issued: IssuedTokens): CloudReply {
		return { status: 200, json: this.profile.tokenReply(issued) };
	}

	/** Credentials come in the form or as HTTP Basic, not as both. */
	private clientOf(request: CloudRequest, form: URLSearchParams): OAuthClient | undefined {
		const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
		const [id, secret] = basic
			? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent)
			: [form.get('client_id'), form.get('client_secret')];
		// Who proves to have begun the sign-in needs no secret.
		const isPublic = this.profile.showsCode === true && !basic && form.has('code_verifier');
		return this.clients.find(
			({ clientId, clientSecret }) => clientId === id && (isPublic || clientSecret === secret),
		);
	}
}

function isRegistered(client: OAuthClient, redirectUri = ''): boolean {
	return URL.canParse(redirectUri) && client.redirectUris?.includes(redirectUri) !== false;
}

function challengeOf(verifier: string): string {
	return createHash('sha256').update(verifier).digest('base64url');
}

async function readForm(request: CloudRequest): Promise<URLSearchParams | undefined> {
	const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	if (type !== 'application/x-www-form-urlencoded') return undefined;
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request.body) {
		bytes += chunk.length;
		if (bytes > maxFormBytes) return undefined;
		chunks.push(chunk);
	}
	return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function consentPage(query: URLSearchParams): CloudReply {
	const scopes = escapeHtml(query.get('scope') ?? 'all scopes of the app');
	const app = escapeHtml(query.get('client_id') ?? '');
	const text = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>Authorize ${app}</title></head><body>
<h1>${app} would like access</h1><p>${scopes}</p>
<form method="post" action="?${escapeHtml(query.toString())}">
<button id="allow" name="decision" value="allow">Allow</button>
<button id="deny" name="decision" value="deny">Deny</button>
</form></body></html>`;
	return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, text };
}

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
