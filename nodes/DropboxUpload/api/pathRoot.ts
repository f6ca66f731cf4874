import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { CallOutcome, ReplyReader } from '../../shared/http/call';
import { call } from '../../shared/http/call';
import { firstWay } from '../../shared/http/missingRoutes';
import type { HttpRequest } from '../../shared/http/types';
import { isObject, parseJson } from '../../shared/json';
import type { ConnectionSettings } from './connection';
import { isRouteRefused } from './failures/refusedRoute';
import { headerSafeJson } from './headerSafeJson';
import { readerOf } from './replyReader';
import { rootNamespaceId } from './shapes';

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

export type RootHeader = Readonly<Record<string, string>>;

/** The Dropbox-API-Path-Root header; the team's root is asked for once a run, and again when it has moved. */
export class PathRoot {
	private asked: Promise<Outcome<RootHeader>> | undefined;
	private told: RootHeader | undefined;

	constructor(private readonly settings: ConnectionSettings) {}

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
		const root = await firstWay<string>(
			this.settings.client.accountKey,
			[
				{ route: 'users/get_current_account', call: async () => await this.askAccount() },
				{ route: 'invalid_root', call: async () => await this.askByWrongRoot() },
			],
			isRouteRefused,
		);
		if (!root.ok) return failed(root.failure);
		this.told = header({ '.tag': 'root', root: root.value });
		return success(this.told);
	}

	private async askAccount(): Promise<CallOutcome<string>> {
		const { teamHeaders } = this.settings;
		const reader = readerOf(rootNamespaceId, { errorUnion: undefined });
		return await this.post(
			{ url: `${API_URL}users/get_current_account`, headers: { ...teamHeaders } },
			reader,
		);
	}

	/**
	 * Asks with a root that no account has. Dropbox answers 422 with the right one: `invalid_root` of
	 * common.PathRootError is "the user's latest root info".
	 */
	private async askByWrongRoot(): Promise<CallOutcome<string>> {
		const { teamHeaders } = this.settings;
		const wrong = header({ '.tag': 'root', root: NO_ROOT });
		const headers = { ...teamHeaders, ...wrong, 'Content-Type': 'application/json' };
		const body = JSON.stringify({ path: '', limit: 1 });
		const reader = readerOf(rootNamespaceId, { errorUnion: undefined });
		return await this.post(
			{ url: `${API_URL}files/list_folder`, headers, body },
			{
				...reader,
				read: (reply) => {
					const root = reply.status === 422 ? rootOfRefusal(parseJson(reply.text)) : undefined;
					return root === undefined ? reader.read(reply) : success(root);
				},
			},
		);
	}

	private async post(
		request: Pick<HttpRequest, 'url' | 'headers' | 'body'>,
		reader: ReplyReader<string>,
	): Promise<CallOutcome<string>> {
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
	return rootNamespaceId({ root_info: error.invalid_root });
}

function header(value: object): RootHeader {
	return { 'Dropbox-API-Path-Root': headerSafeJson(value) };
}
