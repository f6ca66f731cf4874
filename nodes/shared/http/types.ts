import type { IHttpRequestMethods } from 'n8n-workflow';

import type { OutageBudget } from './outageBudget';
import type { Traffic } from './traffic';

export interface HttpRequest {
	/** n8n sends OPTIONS as well, although its type does not say so. */
	readonly method: IHttpRequestMethods | 'OPTIONS';
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** A Buffer or text, never a stream: a stream could not be sent again after a token refresh. */
	readonly body?: Buffer | string;
	/** What the request says in confidence, such as a password: no text of a failure repeats it. */
	readonly secrets?: readonly string[];
	/** How long the answer may take once the body is sent, where that is known to take long; default 2 minutes. */
	readonly responseTimeoutMs?: number;
	/** Whether a redirect is an answer to be read; no redirect is ever followed. */
	readonly takesRedirect?: boolean;
	/** Whether a 401 is final, as no new token would change it: none is fetched for it then. */
	readonly isFinal401?: (reply: HttpReply) => boolean;
}

export interface HttpReply {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
}

/**
 * Why a request has no usable answer. After `unsent` the vendor cannot have acted on it;
 * after `lost` it may have.
 */
export type NoReply =
	/** `inFlight`: a try was under way, or an earlier one's answer was lost. */
	| { readonly kind: 'canceled'; readonly inFlight: boolean }
	/** `passes`: worth another try, as opposed to a certificate or an address that is not allowed. */
	| { readonly kind: 'unsent'; readonly reason: string; readonly passes: boolean }
	/** `isStuck`: its body made no progress for minutes. */
	| { readonly kind: 'lost'; readonly reason: string; readonly isStuck?: true }
	/** The vendor, or n8n, refused the sign-in: no token can be had before a person has acted. */
	| {
			readonly kind: 'unauthorized';
			/** The `error` of RFC 6749 with which the token endpoint refused, such as `invalid_grant`. */
			readonly error?: string | undefined;
			/** What the token endpoint said about it. */
			readonly said?: string;
			/** What n8n said about it. */
			readonly reason?: string;
	  }
	/** The token endpoint gave neither a token nor a refusal: it is busy, or something else answered for it. */
	| { readonly kind: 'notRenewed'; readonly reason: string; readonly said?: string }
	/** The answer was longer than allowed or tried to send us elsewhere. */
	| {
			readonly kind: 'unacceptable';
			readonly reason: 'too_long' | 'redirect';
			readonly status: number;
	  };

export type Sent = { readonly kind: 'reply'; readonly reply: HttpReply } | NoReply;

/** The road out of n8n, as the rest of the code sees it. */
export interface HttpClient {
	/** Sends once, with the account's token. Never throws. */
	send(request: HttpRequest): Promise<Sent>;
	/** Counted since the run began. */
	readonly traffic: Traffic;
	/** Of the whole run, whatever its connections. */
	readonly outage: OutageBudget;
	/** The vendor's clock, from its last answer. */
	serverNowMs(): number;
	/** Aborts when the execution is cancelled. */
	readonly cancelSignal: AbortSignal | undefined;
	/** Names the account across executions and credentials, as far as it is known, for pauses and locks; no secret. */
	readonly accountKey: string;
	/** Whether the run sends nothing more: it was canceled, or has given the account up. */
	isOver(): boolean;
	/** Names the credential and whom it acts for; the same for the whole run, no secret. */
	readonly signInKey: string;
	/** What the credential holds in confidence: no text of a failure repeats it. */
	secrets(): Promise<readonly string[]>;
	/** Tells whose sign-in it is, in the vendor's own ID. */
	isOf(accountId: string): void;
	debug(message: string): void;
	/** For whoever watches the run, in the log and in the editor. */
	tell(line: string): void;
}
