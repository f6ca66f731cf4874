import type { Outcome } from '../../shared/failure';
import { success } from '../../shared/failure';
import type { Call, CallOutcome } from '../../shared/http/call';
import { call } from '../../shared/http/call';
import type { Listen } from '../../shared/http/permissions';
import { Permissions } from '../../shared/http/permissions';
import type { RetryPolicy } from '../../shared/http/retry';
import type { HttpClient, HttpReply, HttpRequest } from '../../shared/http/types';
import { readErrorReply } from './failures/read';
import type { RootKind } from './failures/root';
import { headerSafeJson } from './headerSafeJson';
import type { Root } from './pathRoot';
import { API_URL, PathRoot } from './pathRoot';
import { readerOf, with409, without409 } from './replyReader';
import type { Shape } from './shapes';
import type { MemberChoice } from './teamMember';
import { TeamMemberHeaders } from './teamMember';

export const CONTENT_URL = 'https://content.dropboxapi.com/2/';

interface ConnectionSettings {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
	readonly root: Root;
	/** Whom a team's credential acts for. */
	readonly member?: MemberChoice | undefined;
	/** The same credential in nobody's name. */
	readonly team?: () => Connection;
}

/** One call of the API: what is sent, and how each kind of answer is read. */
interface Route<T> {
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
	/** Commits of one key go one after the other: two roots may be one namespace, two credentials one account. */
	readonly commitKey: string;
	/** Names credential and team member; it stays the same for the whole run. */
	readonly signInKey: string;
	/** Names credential, team member and root: where a path means the same file. */
	readonly placeKey: string;
	/** Where paths begin, as it was set. */
	readonly rootKind: RootKind;
	/** What the calls of this account carry beside the token. */
	accountHeaders(): Promise<Outcome<Readonly<Record<string, string>>>>;
	/** Learns where paths begin, as the first call does otherwise. */
	findRoot(): Promise<void>;
	/** A call with a JSON body. */
	rpc<T>(route: Route<T>): Promise<CallOutcome<T>>;
	/** A call that carries file content, with its argument in a header. */
	content<T>(route: Route<T>, body: Buffer): Promise<CallOutcome<T>>;
}

export function createConnection(settings: ConnectionSettings): Connection {
	const { client, policy, root } = settings;
	const sender = new Sender(settings);
	return {
		client,
		policy,
		get commitKey() {
			return client.accountKey;
		},
		signInKey: client.signInKey,
		placeKey: `${client.signInKey}:${JSON.stringify(root)}`,
		rootKind: root.kind,
		accountHeaders: async () => await sender.accountHeaders(),
		findRoot: async () => await sender.findRoot(),
		rpc: async (route) => await sender.rpc(route),
		content: async (route, body) => await sender.content(route, body),
	};
}

type Wire = Pick<HttpRequest, 'url' | 'headers' | 'body' | 'isFinal401'>;

class Sender {
	private readonly pathRoot: PathRoot;
	private readonly members: TeamMemberHeaders;
	private readonly permissions = new Permissions();

	constructor(private readonly settings: ConnectionSettings) {
		const { client, member, policy, root, team } = settings;
		this.members = new TeamMemberHeaders(member, team, (memberId) => client.isOf(memberId));
		this.pathRoot = new PathRoot({ client, policy, root, members: this.members });
	}

	async accountHeaders(): Promise<Outcome<Readonly<Record<string, string>>>> {
		const memberHeaders = await this.members.headers();
		if (!memberHeaders.ok) return memberHeaders;
		const rootHeader = await this.pathRoot.header();
		return rootHeader.ok ? success({ ...memberHeaders.value, ...rootHeader.value }) : rootHeader;
	}

	async findRoot(): Promise<void> {
		await this.pathRoot.header();
	}

	async rpc<T>(route: Route<T>): Promise<CallOutcome<T>> {
		const { name } = route;
		const { permissions } = this;
		const isOptional = OPTIONAL_ROUTES.some((start) => name.startsWith(start));
		const mayLackScope = !permissions.isGranted(name) && (isOptional || permissions.anyGranted);
		const wire = {
			url: API_URL + name,
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify(route.argument),
			...(mayLackScope && { isFinal401: isAboutScope }),
		};
		const send = async (listen: Listen) => await this.send(route, wire, listen);
		return await permissions.ask({ kind: name, group: groupOf(name), send });
	}

	async content<T>(route: Route<T>, body: Buffer): Promise<CallOutcome<T>> {
		const { name } = route;
		const headers = {
			'Content-Type': 'application/octet-stream',
			'Dropbox-API-Arg': headerSafeJson(route.argument),
		};
		const wire = { url: CONTENT_URL + name, headers, body };
		const send = async (listen: Listen) => await this.send(route, wire, listen);
		return await this.permissions.ask({ kind: name, group: groupOf(name), body, send });
	}

	/** Once more where the root of the account has moved since it was asked for. */
	private async send<T>(route: Route<T>, wire: Wire, listen: Listen): Promise<CallOutcome<T>> {
		const { pathRoot } = this;
		for (let rootRead = 1; ; rootRead++) {
			const memberHeaders = await this.members.headers();
			if (!memberHeaders.ok) return unsent(memberHeaders);
			const rootHeader = await pathRoot.header();
			if (!rootHeader.ok) return unsent(rootHeader);
			const outcome = await this.callWith(
				{ ...memberHeaders.value, ...rootHeader.value },
				route,
				wire,
				listen,
			);
			const rootMoved = !outcome.ok && outcome.failure.code === 'invalid_root';
			if (!rootMoved || rootRead > 1 || !pathRoot.forget(rootHeader.value)) {
				return route.once409 ? with409(outcome) : outcome;
			}
		}
	}

	private async callWith<T>(
		whose: Readonly<Record<string, string>>,
		{ afterLostResponse, errorUnion, giveUpAtMs, once409, ...route }: Route<T>,
		wire: Wire,
		listen: Listen,
	): Promise<CallOutcome<T>> {
		const { client, policy, root } = this.settings;
		const { responseTimeoutMs, secrets, shape } = route;
		const reader = readerOf(shape, { errorUnion, root: root.kind });
		return await call(client, {
			request: {
				method: 'POST',
				...wire,
				headers: { ...wire.headers, ...whose },
				...(secrets !== undefined && { secrets }),
				...(responseTimeoutMs !== undefined && { responseTimeoutMs }),
			},
			reader: listen(once409 ? without409(reader) : reader),
			policy,
			afterLostResponse: afterLostResponse ?? 'repeat',
			...(giveUpAtMs !== undefined && { giveUpAtMs }),
		});
	}
}

type Failed = Extract<Outcome<unknown>, { ok: false }>;

function unsent<T>(failure: Failed): CallOutcome<T> {
	return { ...failure, responseLost: false, retries: 0, tooFastAtMs: undefined };
}

/** The routes of upload sessions need one permission, `files.content.write`. */
function groupOf(name: string): string {
	return name.startsWith('files/upload_session/') ? 'files/upload_session' : name;
}

/** Those whose permissions are an extra of the credential (Shared Links, Team Members) or not given to every app. */
const OPTIONAL_ROUTES = ['sharing/', 'team/'];

/** Such a 401 is not about the age of the token; asked of calls that are small enough to be sent again. */
function isAboutScope(reply: HttpReply): boolean {
	return readErrorReply(reply, { errorUnion: undefined }).code === 'missing_scope';
}
