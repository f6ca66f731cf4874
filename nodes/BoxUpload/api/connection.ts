import { failed, success } from '../../shared/failure';
import type { CallOutcome, ReplyReader } from '../../shared/http/call';
import { call } from '../../shared/http/call';
import type { RetryPolicy } from '../../shared/http/retry';
import type { HttpClient, HttpRequest } from '../../shared/http/types';
import type { Listen } from '../../shared/http/permissions';
import { Permissions } from '../../shared/http/permissions';
import { parseJson } from '../../shared/json';
import type { AccountHeaders, LookUpUsers, UserChoice } from './asUser';
import { AsUserHeaders } from './asUser';
import type { CallContext } from './failures/read';
import { readErrorReply, readNoReply, unexpectedReplyFailure } from './failures/read';
import type { SignedIn } from './failures/signIn';
import { NewFolders } from './newFolders';
import { SeenFolders } from './seenFolders';
import type { Shape } from './shapes';

export const API_URL = 'https://api.box.com/2.0';
export const UPLOAD_URL = 'https://upload.box.com/api/2.0';

/** One call of the API: what is sent, and how each kind of answer is read. */
interface BoxCall<T> extends Partial<CallContext> {
	readonly method: HttpRequest['method'];
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer | string;
	/** What of the body no error may repeat. */
	readonly secrets?: readonly string[];
	readonly shape: Shape<T>;
	/** The folder that has to be there for it. */
	readonly folderId?: string;
	/** Default `repeat`. */
	readonly afterLostResponse?: 'repeat' | 'settle';
	/** Fewer than the policy's, for what can be done without. */
	readonly maxRetries?: number;
	/** No further try begins after this moment. */
	readonly giveUpAtMs?: number;
	/** Reads a status of its own, such as the 202 of a commit, before the shape is looked at. */
	readonly ofStatus?: (status: number, headers: Readonly<Record<string, string>>) => T | undefined;
	/** Whether a redirect is what the call asks for: `ofStatus` reads where it leads, and it isn't followed. */
	readonly takesRedirect?: boolean;
}

/** One account for one run of the node. */
export interface Connection {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
	readonly newFolders: NewFolders;
	readonly seenFolders: SeenFolders;
	send<T>(boxCall: BoxCall<T>): Promise<CallOutcome<T>>;
}

/** Who signs in, and whom the calls are for. */
interface Whose {
	readonly by: SignedIn['by'];
	readonly asUser?: UserChoice | undefined;
	readonly lookUp?: LookUpUsers;
}

export function createConnection(
	client: HttpClient,
	policy: RetryPolicy,
	{ asUser, by, lookUp }: Whose,
): Connection {
	const signedIn = { by, asUser: asUser !== undefined };
	const users = new AsUserHeaders(asUser, lookUp, (userId) => client.isOf(userId));
	const permissions = new Permissions();
	const newFolders = new NewFolders();
	const sendFor = async <T>(boxCall: BoxCall<T>, listen: Listen): Promise<CallOutcome<T>> => {
		const whose = await users.headers();
		if (!whose.ok) return { ...whose, responseLost: false, retries: 0, tooFastAtMs: undefined };
		return await call(client, {
			request: requestOf(boxCall, whose.value),
			reader: listen(readerOf(boxCall, signedIn, newFolders)),
			policy: {
				...policy,
				maxRetries: Math.min(policy.maxRetries, boxCall.maxRetries ?? Infinity),
			},
			afterLostResponse: boxCall.afterLostResponse ?? 'repeat',
			...(boxCall.giveUpAtMs !== undefined && { giveUpAtMs: boxCall.giveUpAtMs }),
		});
	};
	return {
		client,
		policy,
		newFolders,
		seenFolders: new SeenFolders(),
		send: async (boxCall) =>
			await permissions.ask({
				kind: kindOf(boxCall),
				group: groupOf(boxCall),
				body: boxCall.body,
				send: async (listen) => await sendFor(boxCall, listen),
			}),
	};
}

function requestOf(boxCall: BoxCall<unknown>, whose: AccountHeaders): HttpRequest {
	const { body, headers, method, secrets, takesRedirect, url } = boxCall;
	return {
		method,
		url,
		headers: { ...headers, ...whose },
		...(body !== undefined && { body }),
		...(secrets !== undefined && { secrets }),
		...(takesRedirect && { takesRedirect }),
	};
}

/** Calls that need the same permission: method and path, without the IDs in it. */
function kindOf({ method, url }: Pick<BoxCall<unknown>, 'method' | 'url'>): string {
	return `${method} ${new URL(url).pathname.replace(/\/(?:\d+|[0-9A-F]{8,})(?=\/|$)/g, '/:id')}`;
}

/**
 * The steps of an upload need one permission ("Write all files and folders stored in Box"):
 * https://developer.box.com/guides/api-calls/permissions-and-errors/scopes/
 */
function groupOf(boxCall: BoxCall<unknown>): string {
	return boxCall.step === undefined ? kindOf(boxCall) : 'upload';
}

function readerOf<T>(
	boxCall: BoxCall<T>,
	signedIn: SignedIn,
	newFolders: NewFolders,
): ReplyReader<T> {
	const context = {
		step: boxCall.step,
		signedIn,
	};
	return {
		vendor: 'Box',
		read: (reply) => {
			const isRedirect = boxCall.takesRedirect && reply.status === 302;
			if (!isRedirect && (reply.status < 200 || reply.status >= 300)) {
				return failed(newFolders.explain(readErrorReply(reply, context), boxCall.folderId));
			}
			const value =
				boxCall.ofStatus?.(reply.status, reply.headers) ?? boxCall.shape(parseJson(reply.text));
			return value === undefined ? failed(unexpectedReplyFailure(reply)) : success(value);
		},
		noReply: (noReply) => readNoReply(noReply, signedIn),
	};
}
