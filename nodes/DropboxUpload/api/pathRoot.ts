import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { call } from '../../shared/http/call';
import type { ConnectionSettings } from './connection';
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
		const { client, policy, teamHeaders } = this.settings;
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
		this.told = header({ '.tag': 'root', root: account.value });
		return success(this.told);
	}
}

function header(value: object): RootHeader {
	return { 'Dropbox-API-Path-Root': headerSafeJson(value) };
}
