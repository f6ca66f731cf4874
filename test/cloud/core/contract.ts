/**
 * What the parts of the loopback cloud agree on: the transport (TLS, proxy, faults, counters) knows
 * no vendor, and a vendor's service knows no sockets. Both meet in these types only.
 */
import type { IncomingHttpHeaders } from 'node:http';

export type Vendor = 'dropbox' | 'box';

/** Who answers: a vendor, or the registry that n8n gets its community packages from. */
export type ServiceName = Vendor | 'npm';

/** One request that has reached one of the vendor's host names, its body not read yet. */
export interface CloudRequest {
	/** Counts up from 1 over the life of the cloud. */
	readonly sequence: number;
	readonly method: string;
	/** The host name that the client asked for, e.g. `content.dropboxapi.com`. */
	readonly host: string;
	/** The path as sent, without the query. */
	readonly pathname: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<IncomingHttpHeaders>;
	/** The raw body, in the order it arrives. Read once. */
	readonly body: AsyncIterable<Buffer>;
	/** Set by the service once known, kept in the log: the decoded argument (no file bytes). */
	argument?: unknown;
}

export interface CloudReply {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as JSON with `content-type: application/json`. Not together with `text`. */
	readonly json?: unknown;
	/** Sent as it is, `content-type: text/plain` unless `headers` say otherwise. */
	readonly text?: string | Buffer;
	/** A file's content, sent as it is made; `headers` say all about it. Alone. */
	readonly stream?: { readonly sizeBytes: number; readonly chunks: Iterable<Buffer> };
	/** The call's serial key (see `serialKeyOf`) stays taken until then: it has launched a job. */
	readonly holdsKeyUntil?: Promise<void>;
}

/** A vendor: a set of host names and a state machine behind them. */
export interface VendorService {
	readonly vendor: ServiceName;
	readonly hosts: readonly string[];
	/**
	 * The name under which faults, counters and the log know a call: for Dropbox the route
	 * (`files/upload_session/start`), for Box method and template
	 * (`PUT /files/upload_sessions/:id`), and `undefined` for what the vendor does not serve.
	 */
	routeOf(method: string, host: string, pathname: string): string | undefined;
	handle(request: CloudRequest): Promise<CloudReply>;
	/** Sets `request.argument` from the headers, before faults are matched. */
	readHeaderArgument?(request: CloudRequest): void;
	/**
	 * Calls of one key should never be under way together (Dropbox: commits of one account and
	 * root); those that are count as `overlappingCommits`. Undefined: any number is fine.
	 */
	serialKeyOf?(request: CloudRequest, route: string): string | undefined;
	/** Forgets files, sessions and jobs; tokens and settings stay. */
	reset(): void;
}

/** An answer as it goes out: what the service gave, as bytes. */
export interface WireReply {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | string[]>>;
	readonly body: Buffer;
}

/** An answer that somebody has meddled with. Without a content-length of its own it goes out in chunks. */
export interface ChangedReply extends WireReply {
	/** Only so much of the body goes out; then the connection is closed, or left open without a word. */
	readonly cut?: { readonly afterBytes: number; readonly then: 'close' | 'silence' };
	readonly bytesPerSecond?: number;
	/** For whoever looks into what happened. */
	readonly note?: string;
}

/** What happens instead of, before or after the vendor's own answer. */
export type FaultAction =
	/** Answers this; the service never sees the request, its body is drained. */
	| {
			kind: 'reply';
			status: number;
			headers?: Record<string, string>;
			body?: string | Buffer;
			/** Answered once this many bytes of the body have arrived; the rest is read afterwards. */
			afterBytes?: number;
	  }
	/** The connection is reset before the service sees the request. */
	| { kind: 'resetBefore' }
	/** Nothing is read or answered until this resolves; then the connection is reset. */
	| { kind: 'unanswered'; until: () => Promise<void> }
	/** The connection is reset once this many bytes of the body have arrived; nothing is stored. */
	| { kind: 'resetDuring'; afterBytes: number }
	/** The service handles the request, and the connection is reset instead of the answer. */
	| { kind: 'loseReply' }
	/** The service handles the request, and something between answers in its place. */
	| { kind: 'replyAfter'; status: number; headers?: Record<string, string>; body?: string }
	/** This is answered at once; the service handles the request all the same, later. */
	| { kind: 'replyFirst'; status: number; body?: string; handleAfterMs: number }
	/** The connection is reset after this time, while the service is still at it. */
	| { kind: 'cutOff'; afterMs: number }
	/** The service handles the request; only the first bytes of the answer arrive. */
	| { kind: 'truncateReply'; bytes: number }
	/** One bit of the body's first chunk is another one when the service reads it. */
	| { kind: 'corruptBody'; atShare: number }
	/** The service handles the request, and its answer is changed on the way to the client. */
	| { kind: 'changeReply'; change: (reply: WireReply, request: CloudRequest) => ChangedReply }
	/** The service handles the request after this time. */
	| { kind: 'delay'; delayMs: number }
	/** The answer trickles. */
	| { kind: 'slowReply'; bytesPerSecond: number }
	/** A body that never ends: `chunk` again and again until the client goes away. */
	| { kind: 'endlessReply'; status: number; headers?: Record<string, string>; chunk: string }
	/** The access token of this request is expired first, so the service answers 401. */
	| { kind: 'expireToken' }
	/** Changes the vendor's state before the service sees the request (a lost session, another client's write). */
	| { kind: 'before'; run: () => void | Promise<void> };

export interface Fault {
	/** Both must match when given; `route` as `routeOf` names it. */
	vendor?: ServiceName;
	route?: string | RegExp;
	/** Further condition. `request.argument` is known for header arguments only. */
	when?: (request: CloudRequest) => boolean;
	/** Matching requests let through first (default 0). */
	skip?: number;
	/** How often it strikes (default 1; Infinity allowed). */
	times?: number;
	action: FaultAction;
	onStrike?: (request: CloudRequest) => void;
}

/** One line of the log. Header values of `authorization` are replaced by a digest of the token. */
export interface LoggedRequest {
	readonly sequence: number;
	readonly vendor: ServiceName | 'stranger';
	readonly method: string;
	readonly host: string;
	readonly pathname: string;
	readonly route: string | undefined;
	readonly headers: Readonly<IncomingHttpHeaders>;
	readonly argument?: unknown;
	readonly startedAtMs: number;
	/** Undefined while under way. */
	endedAtMs?: number;
	/** Undefined when the connection was reset instead of answered. */
	status?: number;
	requestBytes: number;
	replyBytes: number;
	/** The fault that struck, if any. */
	fault?: FaultAction['kind'];
}

export interface Counters {
	requests: number;
	requestsByRoute: Record<string, number>;
	/** TLS connections accepted. */
	connections: number;
	bytesReceived: number;
	bytesSent: number;
	/** Most requests under way at one moment. */
	peakInFlight: number;
	/** Under way now. */
	inFlight: number;
	/** Pairs of Dropbox commit calls of one account and root that were under way at the same time; must stay 0. */
	overlappingCommits: number;
	faultsStruck: Record<string, number>;
}
