import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome, ReplyReader } from '../../shared/http/call';
import { call } from '../../shared/http/call';
import { firstWay } from '../../shared/http/missingRoutes';
import type { RetryPolicy } from '../../shared/http/retry';
import type { HttpClient, HttpRequest } from '../../shared/http/types';
import { isObject, parseJson } from '../../shared/json';
import { isRouteRefused } from './failures/refusedRoute';
import { headerSafeJson } from './headerSafeJson';
import { readerOf } from './replyReader';
import { currentAccount } from './shapes';
import type { TeamMemberHeaders } from './teamMember';

export const API_URL = 'https://api.dropboxapi.com/2/';

/** Where paths begin; https://www.dropbox.com/developers/reference/path-root-header-modes */
export type Root =
	/** The team space for credentials with full access, else the app's own folder. */
	| { readonly kind: 'teamSpace' }
	/** What Dropbox does without the header: the member's own folder, or the app folder. */
	| { readonly kind: 'home' }
	| { readonly kind: 'namespace'; readonly namespaceId: string };

/** No account has this root. */
const NO_ROOT = '1';

type RootHeader = Readonly<Record<string, string>>;

interface PathRootSettings {
	readonly client: HttpClient;
	readonly policy: RetryPolicy;
	readonly root: Root;
	readonly members: TeamMemberHeaders;
}

/** The Dropbox-API-Path-Root header; the team's root is asked for once a run, and again when it has moved. */
export class PathRoot {
	private asked: Promise<Outcome<RootHeader>> | undefined;
	private told: RootHeader | undefined;

	constructor(private readonly settings: PathRootSettings) {}

	async header(): Promise<Outcome<RootHeader>> {
		const { root } = this.settings;
		if (root.kind === 'home') return success({});
		if (root.kind === 'namespace') {
			return success(header({ '.tag': 'namespace_id', namespace_id: root.namespaceId }));
		}
		const asking = (this.asked ??= this.ask());
		const response = await asking;
		// The next call may get through; what only a person can mend stays as it is.
		const mayPass = !response.ok && response.failure.retryable;
		if (mayPass && this.asked === asking) this.asked = undefined;
		return response;
	}

	/** False where the root is not ours to look up. What another request has asked for since stays. */
	forget(used: RootHeader): boolean {
		if (used === this.told) this.asked = this.told = undefined;
		return this.settings.root.kind === 'teamSpace';
	}

	private async ask(): Promise<Outcome<RootHeader>> {
		const teamHeaders = await this.settings.members.headers();
		if (!teamHeaders.ok) return teamHeaders;
		const headers = teamHeaders.value;
		const root = await firstWay<string>(
			this.settings.client.accountKey,
			[
				{
					route: 'users/get_current_account',
					call: async () => await this.askAccount(headers),
				},
				{ route: 'invalid_root', call: async () => await this.askByWrongRoot(headers) },
			],
			isRouteRefused,
		);
		if (!root.ok) return failed(root.failure);
		this.told = header({ '.tag': 'root', root: root.value });
		return success(this.told);
	}

	private async askAccount(headers: RootHeader): Promise<CallOutcome<string>> {
		const url = `${API_URL}users/get_current_account`;
		const reader = readerOf(currentAccount, { errorUnion: undefined });
		const account = await this.post({ url, headers: { ...headers } }, reader);
		if (!account.ok) return account;
		const { accountId, rootNamespaceId } = account.value;
		if (accountId !== undefined) this.settings.client.isOf(accountId);
		return { ...account, value: rootNamespaceId };
	}

	/**
	 * Asks with a root that no account has. Dropbox answers 422 with the right one: `invalid_root` of
	 * common.PathRootError is "the user's latest root info".
	 */
	private async askByWrongRoot(teamHeaders: RootHeader): Promise<CallOutcome<string>> {
		const wrong = header({ '.tag': 'root', root: NO_ROOT });
		const headers = { ...teamHeaders, ...wrong, 'Content-Type': 'application/json' };
		const body = JSON.stringify({ path: '', limit: 1 });
		const reader = readerOf(currentAccount, { errorUnion: undefined });
		return await this.post(
			{ url: `${API_URL}files/list_folder`, headers, body },
			{
				...reader,
				read: (reply) => {
					const root = reply.status === 422 ? rootOfRefusal(parseJson(reply.text)) : undefined;
					if (root !== undefined) return success(root);
					const read = reader.read(reply);
					return read.ok ? success(read.value.rootNamespaceId) : read;
				},
			},
		);
	}

	private async post<T>(
		request: Pick<HttpRequest, 'url' | 'headers' | 'body'>,
		reader: ReplyReader<T>,
	): Promise<CallOutcome<T>> {
		const { client, policy } = this.settings;
		return await call(client, {
			request: { method: 'POST', ...request },
			reader,
			policy,
			afterLostResponse: 'repeat',
		});
	}
}

function rootOfRefusal(body: unknown): string | undefined {
	const error = isObject(body) && isObject(body.error) ? body.error : {};
	return currentAccount({ root_info: error.invalid_root })?.rootNamespaceId;
}

function header(value: object): RootHeader {
	return { 'Dropbox-API-Path-Root': headerSafeJson(value) };
}
