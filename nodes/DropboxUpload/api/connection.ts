import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Call, CallOutcome, ReplyReader } from '../../shared/http/call';
import { call } from '../../shared/http/call';
import type { RetryPolicy } from '../../shared/http/retry';
import type { Listen } from '../../shared/http/permissions';
import { Permissions } from '../../shared/http/permissions';
import type { HttpClient, HttpReply, HttpRequest } from '../../shared/http/types';
import { isObject, parseJson } from '../../shared/json';
import type { CallContext } from './failures/read';
import { readErrorReply, readNoReply, requestIdOf, unexpectedReplyFailure } from './failures/read';
import type { RootKind } from './failures/root';
import { headerSafeJson } from './headerSafeJson';
import type { Shape } from './shapes';
import { rootNamespaceId } from './shapes';

const API_URL = 'https://api.dropboxapi.com/2/';
export const CONTENT_URL = 'https://content.dropboxapi.com/2/';

/** Where paths begin; https://www.dropbox.com/developers/reference/path-root-header-modes */
export type Root =
	/** The team space for credentials with full access, else the app's own folder. */
	| { readonly kind: 'teamSpace' }
	/** What Dropbox does without the header: the member's own folder, or the app folder. */
	| { readonly kind: 'home' }
	| { readonly kind: 'namespace'; readonly namespaceId: string };

export interface ConnectionSettings {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
	readonly root: Root;
	/** Dropbox-API-Select-User or -Select-Admin for teams. */
	readonly teamHeaders: Readonly<Record<string, string>>;
}

/** One call of the API: what is sent, and how each kind of answer is read. */
export interface Route<T> {
	/** E.g. `files/upload_session/finish_batch_v2`. */
	readonly name: string;
	readonly argument: unknown;
	readonly shape: Shape<T>;
	/** The union of its 409, as the specification names it. */
	readonly errorUnion?: string;
	/** Default `repeat`: nearly all that stores something is guarded by a session that is used up by it. */
	readonly afterLostResponse?: Call<T>['afterLostResponse'];
	/** A 409 is not repeated, however soon it may pass: the next call is to be another one. */
	readonly once409?: boolean;
	/** No further try begins after this moment. */
	readonly giveUpAtMs?: number;
	/** What of the argument no error may repeat. */
	readonly secrets?: readonly string[];
	/** How long the answer may take, where that is longer than usual. */
	readonly responseTimeoutMs?: number;
}

/** One account, one root, for one run of the node. */
export interface Connection {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
	/** Commits of one key go one after the other: two roots may be one namespace. */
	readonly commitKey: string;
	/** Names account, team member and root: where a path means the same file. */
	readonly placeKey: string;
	/** Where paths begin, as it was set. */
	readonly rootKind: RootKind;
	/** Learns where paths begin, as the first call does otherwise. */
	findRoot(): Promise<void>;
	/** A call with a JSON body. */
	rpc<T>(route: Route<T>): Promise<CallOutcome<T>>;
	/** A call that carries file content, with its argument in a header. */
	content<T>(route: Route<T>, body: Buffer): Promise<CallOutcome<T>>;
}

export function createConnection(settings: ConnectionSettings): Connection {
	const { client, policy, root, teamHeaders } = settings;
	const pathRoot = pathRootSource(settings);

	const permissions = new Permissions();

	const send = async <T>(
		route: Route<T>,
		url: string,
		headers: Record<string, string>,
		body: Buffer | string,
		listen: Listen,
		isFinal401?: HttpRequest['isFinal401'],
	): Promise<CallOutcome<T>> => {
		const context = { errorUnion: route.errorUnion, root: root.kind };
		for (let rootRead = 1; ; rootRead++) {
			const rootHeader = await pathRoot.header();
			if (!rootHeader.ok)
				return { ...rootHeader, responseLost: false, retries: 0, rateLimited: false };
			const outcome = await call(client, {
				request: {
					method: 'POST',
					url,
					headers: { ...headers, ...teamHeaders, ...rootHeader.value },
					body,
					...(route.secrets !== undefined && { secrets: route.secrets }),
					...(route.responseTimeoutMs !== undefined && {
						responseTimeoutMs: route.responseTimeoutMs,
					}),
					...(isFinal401 && { isFinal401 }),
				},
				reader: listen(
					route.once409
						? without409(readerOf(route.shape, context))
						: readerOf(route.shape, context),
				),
				policy,
				afterLostResponse: route.afterLostResponse ?? 'repeat',
				...(route.giveUpAtMs !== undefined && { giveUpAtMs: route.giveUpAtMs }),
			});
			const rootMoved = !outcome.ok && outcome.failure.path === 'invalid_root';
			if (!rootMoved || rootRead > 1 || !pathRoot.forget(rootHeader.value)) {
				return route.once409 ? with409(outcome) : outcome;
			}
		}
	};

	return {
		client,
		policy,
		commitKey: client.accountKey,
		placeKey: `${client.accountKey}:${JSON.stringify(root)}`,
		rootKind: root.kind,
		findRoot: async () => {
			await pathRoot.header();
		},
		rpc: async (route) => {
			const { name } = route;
			const isOptional = name.startsWith(OPTIONAL_ROUTES);
			const mayLackScope = !permissions.isGranted(name) && (isOptional || permissions.anyGranted);
			const headers = { 'Content-Type': 'application/json' };
			const body = JSON.stringify(route.argument);
			return await permissions.ask({
				kind: name,
				group: groupOf(name),
				send: async (listen) => {
					const isFinal401 = mayLackScope ? isAboutScope : undefined;
					return await send(route, API_URL + name, headers, body, listen, isFinal401);
				},
			});
		},
		content: async (route, body) => {
			const { name } = route;
			const headers = {
				'Content-Type': 'application/octet-stream',
				'Dropbox-API-Arg': headerSafeJson(route.argument),
			};
			return await permissions.ask({
				kind: name,
				group: groupOf(name),
				body,
				send: async (listen) => await send(route, CONTENT_URL + name, headers, body, listen),
			});
		},
	};
}

/** The routes of upload sessions need one permission, `files.content.write`. */
function groupOf(name: string): string {
	return name.startsWith('files/upload_session/') ? 'files/upload_session' : name;
}

/** Those whose permissions are an extra of the credential (Shared Links) or not given to every app. */
const OPTIONAL_ROUTES = 'sharing/';

/** Such a 401 is not about the age of the token; asked of calls that are small enough to be sent again. */
function isAboutScope(reply: HttpReply): boolean {
	return readErrorReply(reply, { errorUnion: undefined }).path === 'missing_scope';
}

type RootHeader = Readonly<Record<string, string>>;

/** The Dropbox-API-Path-Root header; the team's root is asked for once a run, and again when it has moved. */
function pathRootSource({ client, policy, root, teamHeaders }: ConnectionSettings) {
	let asked: Promise<Outcome<RootHeader>> | undefined;
	let told: RootHeader | undefined;
	const ask = async (): Promise<Outcome<RootHeader>> => {
		const account = await call(client, {
			request: {
				method: 'POST',
				url: `${API_URL}users/get_current_account`,
				headers: { ...teamHeaders },
			},
			reader: readerOf(rootNamespaceId, { errorUnion: undefined }),
			policy,
			afterLostResponse: 'repeat',
		});
		if (!account.ok) return failed(account.failure);
		told = header({ '.tag': 'root', root: account.value });
		return success(told);
	};
	return {
		header: async (): Promise<Outcome<RootHeader>> => {
			if (root.kind === 'home') return success({});
			if (root.kind === 'namespace') {
				return success(header({ '.tag': 'namespace_id', namespace_id: root.namespaceId }));
			}
			const asking = (asked ??= ask());
			const answer = await asking;
			// The next call may get through; what only a person can mend stays as it is.
			if (!answer.ok && answer.failure.retryable && asked === asking) asked = undefined;
			return answer;
		},
		/** False where the root is not ours to look up. What another request has asked for since stays. */
		forget: (used: RootHeader): boolean => {
			if (used === told) asked = told = undefined;
			return root.kind === 'teamSpace';
		},
	};
}

function header(value: object): RootHeader {
	return { 'Dropbox-API-Path-Root': headerSafeJson(value) };
}

function readerOf<T>(shape: Shape<T>, context: CallContext): ReplyReader<T> {
	return {
		vendor: 'Dropbox',
		read: (reply) => {
			if (reply.status < 200 || reply.status >= 300) return failed(readErrorReply(reply, context));
			// A route without a result answers `null`.
			const answer = reply.text.trim() === '' ? null : parseJson(reply.text);
			const value = shape(answer, requestIdOf(reply));
			return value === undefined ? failed(unexpectedReplyFailure(reply)) : success(value);
		},
		noReply: readNoReply,
		retryAfterMs: retryAfterInBody,
	};
}

/** Whether to repeat a call goes by whether its failure passes: to this reader no 409 does. */
function without409<T>(reader: ReplyReader<T>): ReplyReader<T> {
	return {
		...reader,
		read: (reply) => {
			const outcome = reader.read(reply);
			return outcome.ok || reply.status !== 409
				? outcome
				: failed({ ...outcome.failure, retryable: false });
		},
	};
}

function with409<T>(outcome: CallOutcome<T>): CallOutcome<T> {
	if (outcome.ok || outcome.failure.status !== 409) return outcome;
	const retryable = outcome.failure.class === 'transient';
	return { ...outcome, failure: { ...outcome.failure, retryable } };
}

/** https://www.dropbox.com/developers/documentation/http/documentation#error-handling: seconds, in `error`. */
function retryAfterInBody(reply: HttpReply): number | undefined {
	const body = parseJson(reply.text);
	const seconds = isObject(body) && isObject(body.error) ? body.error.retry_after : undefined;
	return typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : undefined;
}
