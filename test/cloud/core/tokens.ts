/**
 * The tokens of one vendor. A vendor's service asks only this:
 *
 *     const who = this.tokens.authenticate(request.headers);
 *     if (!who.ok) return unauthorized(who.reason); // 'missing' | 'malformed' | 'unknown' | 'expired'
 *     who.grant.accountId; // whose files; `who.grant.scopes?.has(...)`; `who.grant.kind`
 *
 * The body of the 401 is the vendor's own affair. Tests get a token with `issue()`, and age tokens
 * with `expire(token)`, `expireAll()` or `clock.advance(ms)`. The OAuth pages (oauth.ts) use the rest.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock';

export type GrantKind = 'user' | 'team' | 'service';

/** What an access token allows. */
export interface Grant {
	readonly accountId: string;
	/** `team` acts for a member only with a header (Dropbox); `service` is Box's client credentials grant. */
	readonly kind: GrantKind;
	/** Undefined: all of the app's scopes. */
	readonly scopes: ReadonlySet<string> | undefined;
	readonly clientId: string | undefined;
}

export type Authentication =
	| { readonly ok: true; readonly grant: Grant; readonly accessToken: string }
	| { readonly ok: false; readonly reason: 'missing' | 'malformed' | 'unknown' | 'expired' };

export interface IssueOptions {
	accountId?: string;
	kind?: GrantKind;
	/** Absent: all scopes. */
	scopes?: readonly string[];
	expiresInSec?: number;
	clientId?: string;
	/** Also make a refresh token (default true). */
	refreshable?: boolean;
}

export interface IssuedTokens {
	readonly accessToken: string;
	readonly refreshToken: string | undefined;
	readonly expiresInSec: number;
	readonly grant: Grant;
}

export interface TokenRules {
	/** Start of every access token, e.g. `sl.` */
	readonly accessTokenPrefix: string;
	readonly defaultAccountId: string;
	accessTokenLifetimeSec: number;
	/** Box's refresh tokens work once; Dropbox's stay. */
	readonly refreshTokensWorkOnce: boolean;
}

/** Short, stable, and useless to a thief: how a token appears in the log. */
export function tokenDigest(token: string): string {
	return `sha256:${createHash('sha256').update(token).digest('hex').slice(0, 16)}`;
}

export class TokenStore {
	private readonly access = new Map<string, { grant: Grant; expiresAtMs: number }>();
	private readonly refresh = new Map<string, Grant>();

	constructor(
		readonly rules: TokenRules,
		readonly clock: Clock,
	) {}

	issue(options: IssueOptions = {}): IssuedTokens {
		const grant: Grant = {
			accountId: options.accountId ?? this.rules.defaultAccountId,
			kind: options.kind ?? 'user',
			scopes: options.scopes ? new Set(options.scopes) : undefined,
			clientId: options.clientId,
		};
		return this.issueFor(grant, options.expiresInSec, options.refreshable ?? true);
	}

	authenticate(headers: Readonly<IncomingHttpHeaders>): Authentication {
		const header = headers.authorization;
		if (header === undefined) return { ok: false, reason: 'missing' };
		const token = /^Bearer ([\x21-\x7e]+)$/i.exec(header)?.[1];
		if (token === undefined) return { ok: false, reason: 'malformed' };
		const known = this.access.get(token);
		if (!known) return { ok: false, reason: 'unknown' };
		if (known.expiresAtMs <= this.clock.now()) return { ok: false, reason: 'expired' };
		return { ok: true, grant: known.grant, accessToken: token };
	}

	/** The token of an Authorization header (or the bare token) expires now. */
	expire(tokenOrHeader: string): void {
		const known = this.access.get(tokenOrHeader.replace(/^Bearer /i, ''));
		if (known) known.expiresAtMs = 0;
	}

	expireAll(): void {
		for (const known of this.access.values()) known.expiresAtMs = 0;
	}

	/**
	 * Exchanges a refresh token; undefined when it is unknown, revoked, already used or another
	 * client's. A token made by `issue` without a client is any client's.
	 */
	exchange(refreshToken: string, clientId: string): IssuedTokens | undefined {
		const grant = this.refresh.get(refreshToken);
		if (!grant || (grant.clientId ?? clientId) !== clientId) return undefined;
		if (this.rules.refreshTokensWorkOnce) this.refresh.delete(refreshToken);
		return this.issueFor(grant, undefined, this.rules.refreshTokensWorkOnce);
	}

	/** As when the user disconnects the app. */
	revokeRefreshTokens(): void {
		this.refresh.clear();
	}

	private issueFor(
		grant: Grant,
		expiresInSec: number | undefined,
		refreshable: boolean,
	): IssuedTokens {
		const lifetimeSec = expiresInSec ?? this.rules.accessTokenLifetimeSec;
		const accessToken = this.rules.accessTokenPrefix + randomBytes(24).toString('hex');
		this.access.set(accessToken, { grant, expiresAtMs: this.clock.now() + lifetimeSec * 1000 });
		const refreshToken = refreshable ? randomBytes(32).toString('hex') : undefined;
		if (refreshToken) this.refresh.set(refreshToken, grant);
		return { accessToken, refreshToken, expiresInSec: lifetimeSec, grant };
	}
}
