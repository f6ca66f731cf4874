import { randomBytes } from 'node:crypto';
import type { GeneratedContent } from '../../engine/types';
import type { CloudReply, CloudRequest, VendorService } from '../core/contract';
import { RateWindow } from '../core/rateWindow';
import type { IssueOptions, IssuedTokens, TokenStore } from '../core/tokens';
import { accountById, renewAccountIds, teamId, type Account } from './accounts';
import { Downloads } from '../core/downloads';
import { FileResult, type Call, type DropboxState, type Handler } from './call';
import { identify } from './caller';
import { commit, type CommitInfo } from './commit';
import { CommitLock } from './commitLock';
import { generatedContent, storedContent } from './contentHash';
import { Contention } from './contention';
import { Cursors } from './cursors';
import {
	badInput,
	CallRefused,
	errorReply,
	RouteFailure,
	tag,
	tooManyRequests,
	type Tagged,
} from './errors';
import {
	checkTransport,
	contentArgument,
	headerArgument,
	isContentRoute,
	rpcArgument,
} from './input';
import { Jobs } from './jobs';
import { handlers } from './routes';
import { temporaryLinkHost } from './routes/download';
import { Sessions, type SessionType } from './sessions';
import { defaultSettings, type DropboxSettings } from './settings';
import { defaultSharing, type SharingSettings } from './sharedFiles';
import type { LinkSettings } from './sharedLinks';
import { SharedLinks } from './sharedLinks';
import { Space, type View } from './space';
import { checkError, checkResult, routes } from './validate';
import type { PropertyGroup } from './tree';

export * from './accounts';
export { contentHash } from './contentHash';
export { rateLimited } from './errors';
export type { DropboxSettings } from './settings';
export type { SharingSettings } from './sharedFiles';

/** A file as a test sees it. */
export interface DropboxFileView {
	/** From the root of its namespace. */
	readonly path: string;
	readonly namespaceId: string;
	readonly id: string;
	readonly rev: string;
	readonly size: number;
	readonly contentHash: string;
	readonly clientModified: string;
	readonly serverModified: string;
	readonly propertyGroups: readonly PropertyGroup[];
	/** Undefined when larger than `keepBytesUpTo`. */
	readonly bytes: Buffer | undefined;
}

export interface DropboxSessionView {
	readonly id: string;
	readonly type: SessionType;
	readonly size: number;
	readonly isClosed: boolean;
}

interface PutOptions {
	readonly accountId?: string;
	/** Whole seconds, UTC. */
	readonly clientModified?: string;
	readonly exportAs?: string;
	readonly linkRefusal?: Tagged;
}

/** As Dropbox's own links: https://uc….dl.dropboxusercontent.com/cd/0/get/…/file */
const temporaryLinkPath = /^\/cd\/0\/get\/([\w-]+)\/file$/;

const commitRoutes = /^files\/upload_session\/finish(_batch(_v2)?)?$/;

/** As quoted in https://github.com/orgzly/orgzly-android/issues/1011, where a function was gone for half an hour. */
export function unknownFunction(pathname: string): { status: number; text: string } {
	const name = pathname.replace(/^\/2\//, '');
	return {
		status: 400,
		text: `Error in call to API function "${name}": Unknown API function: ${pathname}`,
	};
}

export class DropboxService implements VendorService {
	readonly vendor = 'dropbox';
	readonly hosts = ['api.dropboxapi.com', 'content.dropboxapi.com', temporaryLinkHost];
	/** They take no sign-in: whoever has the address has the file. */
	readonly downloadHosts = [temporaryLinkHost];
	readonly settings: DropboxSettings;
	readonly sharing: SharingSettings = defaultSharing();
	readonly contention = new Contention();
	private readonly commitLock = new CommitLock();
	private readonly state: DropboxState;
	private readonly rateWindow: RateWindow;

	constructor(
		private readonly tokens: TokenStore,
		settings: Partial<DropboxSettings> = {},
	) {
		this.settings = { ...defaultSettings(), ...settings };
		this.rateWindow = new RateWindow(tokens.clock);
		this.state = {
			settings: this.settings,
			sharing: this.sharing,
			clock: tokens.clock,
			space: new Space(),
			sessions: new Sessions(this.settings, tokens.clock),
			jobs: new Jobs(),
			contention: this.contention,
			sharedLinks: new SharedLinks(),
			cursors: new Cursors(),
			downloads: new Downloads(tokens.clock),
		};
	}

	/** For the personal account unless options say otherwise; `kind: 'team'` for a team's token. */
	issueToken(options: IssueOptions = {}): IssuedTokens {
		const accountId = options.kind === 'team' ? teamId : options.accountId;
		return this.tokens.issue({ ...options, accountId });
	}

	expireAccessTokens(): void {
		this.tokens.expireAll();
	}

	/** All files, or those of one namespace, by path. */
	files(options: { namespace?: string } = {}): DropboxFileView[] {
		return this.state.space.allTrees(options.namespace).flatMap((tree) =>
			tree.below('', true).flatMap((node) => {
				if (node.kind === 'folder') return [];
				const { path, id, rev, content, clientModified, serverModified } = node;
				const propertyGroups = node.propertyGroups ?? [];
				const { namespaceId } = tree;
				const times = { clientModified, serverModified };
				return [{ path, namespaceId, id, rev, ...content, ...times, propertyGroups }];
			}),
		);
	}

	/** The file at a path of the account's home, or of a namespace. */
	file(path: string, options: { namespace?: string } = {}): DropboxFileView | undefined {
		const namespace = options.namespace ?? this.accountOf().homeNamespaceId;
		return this.files({ namespace }).find((file) => file.path.toLowerCase() === path.toLowerCase());
	}

	/** Another client's write: replaces what is there. `ns:` paths reach other namespaces. */
	putFile(
		path: string,
		bytes: Buffer | string | GeneratedContent,
		options: PutOptions = {},
	): DropboxFileView {
		const account = this.accountOf(options.accountId);
		const view: View = { account, rootId: account.homeNamespaceId };
		const isGenerated = typeof bytes === 'object' && 'seed' in bytes;
		const content = isGenerated
			? generatedContent(bytes)
			: storedContent(Buffer.from(bytes), this.settings.keepBytesUpTo);
		const info: CommitInfo = {
			path,
			mode: tag('overwrite'),
			autorename: false,
			mute: true,
			strict_conflict: false,
			...(options.clientModified !== undefined && { client_modified: options.clientModified }),
		};
		const { clock, space, settings } = this.state;
		const parts = { space, settings, contention: new Contention(), nowMs: () => clock.now() };
		const outcome = commit(parts, view, info, content);
		if (outcome.kind !== 'stored')
			throw new Error(`cannot put ${path}: ${JSON.stringify(outcome)}`);
		const stored = this.files().find(({ id }) => id === outcome.metadata.id);
		if (!stored) throw new Error(`${path} is not where it was put`);
		this.restrict(view, path, options);
		return stored;
	}

	/** What Dropbox gives no bytes of. */
	private restrict(view: View, path: string, { exportAs, linkRefusal }: PutOptions): void {
		const place = this.state.space.resolve(view, path);
		const node = place?.tree.get(place.path);
		if (node?.kind !== 'file' || (exportAs ?? linkRefusal) === undefined) return;
		place?.tree.putFile(node.path, {
			...node,
			...(exportAs !== undefined && { exportAs }),
			...(linkRefusal !== undefined && { linkRefusal }),
		});
	}

	/** From now on every temporary link is answered 410. */
	expireTemporaryLinks(): void {
		this.state.downloads.expireAll();
	}

	/** What is secret in the temporary links that were given out. */
	get temporaryLinkSecrets(): string[] {
		return this.state.downloads.tokens;
	}

	removeFile(path: string, options: { accountId?: string } = {}): void {
		const account = this.accountOf(options.accountId);
		const place = this.state.space.resolve({ account, rootId: account.homeNamespaceId }, path);
		if (!place?.tree.get(place.path)) throw new Error(`nothing at ${path}`);
		place.tree.remove(place.path);
	}

	/** A shared folder appears in a namespace. */
	mount(intoNamespaceId: string, path: string, namespaceId: string, isReadOnly = false): void {
		this.state.space.mount(intoNamespaceId, path, namespaceId, isReadOnly);
	}

	/** A shared folder that an account has access to and has not added to its Dropbox. */
	share(accountId: string, name: string, namespaceId: string): void {
		this.state.space.share(accountId, name, namespaceId);
	}

	/** Sessions that can still be used. */
	sessions(): DropboxSessionView[] {
		return this.state.sessions
			.all()
			.map(({ id, type, size, isClosed }) => ({ id, type, size, isClosed }));
	}

	/** Every shared link, by the path of its file in its namespace, with what it was asked to be like. */
	links(): Array<{ readonly path: string; readonly settings: LinkSettings }> {
		return this.state.sharedLinks
			.everything()
			.map(({ place: { path }, settings }) => ({ path, settings }));
	}

	/** From now on nobody finds this session. */
	loseSession(id: string): void {
		this.state.sessions.lose(id);
	}

	/** Ids of jobs whose result nobody has been told yet. */
	get runningJobs(): string[] {
		return this.state.jobs.running;
	}

	routeOf(_method: string, host: string, pathname: string): string | undefined {
		if (this.downloadHosts.includes(host)) {
			return temporaryLinkPath.test(pathname) ? 'temporary_link' : undefined;
		}
		const route = /^\/2\/(.+)$/.exec(pathname)?.[1];
		return route !== undefined && this.hosts.includes(host) && routes[route] ? route : undefined;
	}

	readHeaderArgument(request: CloudRequest): void {
		const text = headerArgument(request);
		if (text === undefined) return;
		try {
			request.argument = JSON.parse(text) as unknown;
		} catch {
			// Not JSON: the call itself is refused for that.
		}
	}

	/** Commits of one account and root take the same lock at Dropbox. */
	serialKeyOf(request: CloudRequest, route: string): string | undefined {
		if (!commitRoutes.test(route)) return undefined;
		try {
			const { account, rootId } = identify(this.identifyParts(), route, request.headers);
			return `${account.accountId} ${rootId}`;
		} catch (error) {
			if (error instanceof CallRefused) return undefined;
			throw error;
		}
	}

	async handle(request: CloudRequest): Promise<CloudReply> {
		if (this.downloadHosts.includes(request.host)) {
			const token = temporaryLinkPath.exec(request.pathname)?.[1] ?? '';
			// "afterwards you will get 410 Gone", as the documentation of files/get_temporary_link says.
			return this.state.downloads.answer(token, request, 410);
		}
		const reply = await this.answer(request);
		const requestId = randomBytes(16).toString('hex');
		return { ...reply, headers: { ...reply.headers, 'X-Dropbox-Request-Id': requestId } };
	}

	reset(): void {
		renewAccountIds();
		const { space, sessions, jobs, sharedLinks, cursors, downloads } = this.state;
		for (const part of [space, sessions, jobs, sharedLinks, cursors, downloads]) part.reset();
		this.contention.clear();
		this.commitLock.reset();
		this.rateWindow.reset();
	}

	private async answer(request: CloudRequest): Promise<CloudReply> {
		const route = this.routeOf(request.method, request.host, request.pathname);
		const handler = route === undefined ? undefined : handlers[route];
		if (route === undefined || !handler) {
			const { unknownFunctionStatus: status } = this.settings;
			return { ...unknownFunction(request.pathname), status };
		}
		try {
			return await this.call(route, request);
		} catch (error) {
			if (error instanceof CallRefused) return error.reply;
			if (!(error instanceof RouteFailure)) throw error;
			checkError(route, error.error);
			return errorReply(409, error.error);
		}
	}

	private async call(route: string, request: CloudRequest): Promise<CloudReply> {
		checkTransport(route, request);
		const view = identify(this.identifyParts(), route, request.headers);
		const refusal = this.rateWindow.refusal(this.settings.rateLimit, route);
		if (refusal) throw new CallRefused(tooManyRequests(refusal));
		const argument = isContentRoute(route)
			? contentArgument(route, request, this.settings)
			: await rpcArgument(route, request);
		request.argument = argument;
		const { malformedText } = this.settings;
		if (malformedText !== undefined && JSON.stringify(argument).includes(malformedText)) {
			const where = isContentRoute(route) ? 'HTTP header "Dropbox-API-Arg"' : 'request body';
			throw badInput(route, `${where}: '${malformedText}' did not match pattern '.*'`);
		}
		let holdsKeyUntil: Promise<void> | undefined;
		const call: Call<unknown> = {
			route,
			argument,
			view,
			body: request.body,
			request,
			state: this.state,
			holdKeyUntil: (completed) => {
				holdsKeyUntil = completed;
			},
		};
		const handler = handlers[route] as Handler;
		const result = commitRoutes.test(route)
			? await this.commitLock.run(handler, call)
			: await handler(call);
		if (result instanceof FileResult) {
			checkResult(route, result.result);
			const described = { 'dropbox-api-result': headerSafe(JSON.stringify(result.result)) };
			return { ...result.reply, headers: { ...result.reply.headers, ...described } };
		}
		checkResult(route, result);
		return { status: 200, json: result, holdsKeyUntil };
	}

	private identifyParts(): Parameters<typeof identify>[0] {
		return { tokens: this.tokens, space: this.state.space, settings: this.settings };
	}

	private accountOf(accountId = this.tokens.rules.defaultAccountId): Account {
		const account = accountById(accountId);
		if (!account) throw new Error(`no such account: ${accountId}`);
		return account;
	}
}

/** What stands in a header is ASCII. */
function headerSafe(json: string): string {
	return json.replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
