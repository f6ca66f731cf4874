import { randomBytes } from 'node:crypto';
import type { GeneratedContent } from '../../engine/types';
import type { CloudReply, CloudRequest, VendorService } from '../core/contract';
import type { TokenStore } from '../core/tokens';
import { actingUser, scopeRefusal, unauthorized } from './access';
import { boxAccounts } from './accounts';
import { BENT_HITS } from './bentHits';
import { BodyReader } from './body';
import type { Call } from './call';
import { writtenContent } from './digests';
import { BoxFailure, badRequest } from './errors';
import type { KnownPart } from './knownParts';
import { handlers } from './operations';
import { downloadHost } from './operations/downloads';
import type { Route } from './routes';
import { boxHosts, matchRoute } from './routes';
import { assertReply, bodyType, checkBody, readParameters } from './schema';
import type { PlanHit } from './sessions';
import type { BoxSettings } from './settings';
import { defaultSettings } from './settings';
import { BoxState } from './state';
import type { BoxFileView, BoxFolderView, BoxSessionView } from './views';
import { fileView, folderView, sessionView } from './views';

export { boxAccounts } from './accounts';
export type { BoxSettings } from './settings';
export type { BoxFileView, BoxFolderView, BoxSessionView } from './views';

/** `https://dl.boxcloud.com/d/1/[long-random-string]/download` */
const downloadPath = /^\/d\/1\/([\w-]+)\/download$/;

const longestJsonBytes = 16 * 1024 * 1024;

interface PutFile {
	readonly name: string;
	/** The root folder unless given. */
	readonly parentId?: string;
	readonly content: Buffer | string | GeneratedContent;
	readonly userId?: string;
	readonly modifiedAtMs?: number;
	/** Box refuses to give out the content. */
	readonly refusal?: { readonly status: number; readonly code: string };
}

interface PutFolder {
	readonly name: string;
	readonly parentId?: string;
	readonly userId?: string;
	/** False: uploads are refused for want of permission. */
	readonly canUpload?: boolean;
}

export class BoxService implements VendorService {
	readonly vendor = 'box';
	readonly hosts = [...boxHosts, downloadHost];
	/** They take no sign-in: whoever has the address has the file. */
	readonly downloadHosts = [downloadHost];
	readonly accounts = boxAccounts;
	readonly settings: BoxSettings;
	/** What clients sent that Box's OpenAPI does not allow. A test asserts that it stays empty. */
	readonly schemaProblems: string[] = [];
	private readonly state: BoxState;

	constructor(
		private readonly tokens: TokenStore,
		settings: Partial<BoxSettings> = {},
	) {
		this.settings = { ...defaultSettings, ...settings };
		this.state = new BoxState(this.settings, tokens.clock);
	}

	routeOf(method: string, host: string, pathname: string): string | undefined {
		if (host === downloadHost) return downloadPath.test(pathname) ? 'download' : undefined;
		return matchRoute(method, host, pathname).match?.route.name;
	}

	/** So that a fault can strike one part. */
	readHeaderArgument(request: CloudRequest): void {
		const range = request.headers['content-range'];
		if (range !== undefined) request.argument = { content_range: range };
	}

	async handle(request: CloudRequest): Promise<CloudReply> {
		if (request.host === downloadHost) {
			const token = downloadPath.exec(request.pathname)?.[1] ?? '';
			return this.state.downloads.answer(token, request, this.settings.expiredDownloadStatus);
		}
		const requestId = randomBytes(8).toString('hex');
		const { match, known } = matchRoute(request.method, request.host, request.pathname);
		const body = new BodyReader(request.body);
		let reply: CloudReply;
		try {
			if (match) {
				reply = await this.answer(request, match.route, match.path, body);
			} else {
				const what = `${request.method} https://${request.host}${request.pathname}`;
				this.schemaProblems.push(`${what} is no operation`);
				throw known
					? new BoxFailure(405, 'method_not_allowed', 'Method Not Allowed')
					: new BoxFailure(404, 'not_found', 'Not Found');
			}
		} catch (error) {
			if (!(error instanceof BoxFailure)) throw error;
			reply = error.reply(requestId);
		}
		if (match) assertReply(match.route, reply);
		return {
			...reply,
			...this.bent(reply),
			headers: { ...reply.headers, 'box-request-id': requestId },
		};
	}

	/** What something between Box and the client has made of a session, or of its plan. */
	private bent({ json }: CloudReply): Pick<CloudReply, 'json'> {
		const { bentHits, bentSession, partSizeBytes } = this.settings;
		const { type, hits } = (json ?? {}) as { type?: unknown; hits?: PlanHit[] };
		if (type === 'upload_session') return { json: { ...(json as object), ...bentSession } };
		if (hits === undefined || bentHits === undefined) return {};
		return { json: { ...(json as object), hits: BENT_HITS[bentHits](hits, partSizeBytes) } };
	}

	reset(): void {
		this.state.reset();
		this.schemaProblems.length = 0;
	}

	files(): BoxFileView[] {
		return this.state.items.all().flatMap((item) => (item.type === 'file' ? [fileView(item)] : []));
	}

	folders(): BoxFolderView[] {
		const all = this.state.items.all();
		return all.flatMap((item) => (item.type === 'folder' ? [folderView(item)] : []));
	}

	sessions(): BoxSessionView[] {
		return [...this.state.sessions.values()].map(sessionView);
	}

	/** As another client would write it: a new file, or a new version of what has the name. */
	putFile(file: PutFile): BoxFileView {
		const { name, parentId = '0', content, userId = boxAccounts.user.id } = file;
		const { items } = this.state;
		const folder = items.folder(userId, parentId);
		const there = items.child(folder, name);
		const written = { ...writtenContent(content), contentModifiedAtMs: file.modifiedAtMs };
		if (there?.type === 'file') {
			items.addVersion(there, written);
			return fileView(there);
		}
		const added = items.addFile(folder, name, written);
		added.refusal = file.refusal;
		return fileView(added);
	}

	/** A bookmark, which has no content. */
	putWebLink(
		name: string,
		url: string,
		parentId = '0',
		userId: string = boxAccounts.user.id,
	): void {
		this.state.items.addWebLink(this.state.items.folder(userId, parentId), name, url);
	}

	/** The address of a link to a file or folder, which opens it for everybody. */
	share(id: string, password?: string): string {
		const item = this.state.items.byId(id);
		if (!item) throw new Error(`No item ${id}`);
		const token = randomBytes(16).toString('hex');
		item.sharedLink = {
			access: 'open',
			token,
			hasPassword: password !== undefined,
			password,
			vanityName: undefined,
			unsharedAtMs: undefined,
			canDownload: true,
			canEdit: false,
		};
		return `https://app.box.com/s/${token}`;
	}

	/** From now on every download URL has expired. */
	expireDownloadUrls(): void {
		this.state.downloads.expireAll();
	}

	/** What is secret in the download URLs that were given out. */
	get downloadSecrets(): string[] {
		return this.state.downloads.tokens;
	}

	putFolder(options: PutFolder): BoxFolderView {
		const { name, parentId = '0', userId = boxAccounts.user.id, canUpload = true } = options;
		const folder = this.state.items.addFolder(this.state.items.folder(userId, parentId), name);
		folder.canUpload = canUpload;
		return folderView(folder);
	}

	/** Another client changes what is said about a file: its etag counts on, its content stays. */
	describeFile(id: string, description: string): void {
		const item = this.state.items.all().find((candidate) => candidate.id === id);
		if (item?.type !== 'file') throw new Error(`No file ${id}`);
		item.description = description;
		this.state.items.touch(item);
	}

	private folderAt(id: string) {
		return this.state.items.all().find((candidate) => candidate.id === id);
	}

	/** As if somebody gave a file another name, or put it into another folder, in Box. */
	moveFile(id: string, to: { name?: string; parentId?: string }): void {
		const item = this.state.items.all().find((candidate) => candidate.id === id);
		const { name = item?.name ?? '', parentId } = to;
		const parent = parentId === undefined ? item?.parent : this.folderAt(parentId);
		if (item?.type !== 'file' || parent?.type !== 'folder') throw new Error(`No file ${id}`);
		this.state.items.move(item, parent, name);
	}

	/** A file or folder, gone as if another client had deleted it for good. */
	removeItem(id: string): void {
		const item = this.state.items.all().find((candidate) => candidate.id === id);
		if (!item) throw new Error(`No item ${id}`);
		this.state.items.remove(item);
	}

	/** The parts of this content are known, as if a file of the account had been made of them. */
	knowParts(content: Buffer, isKnown: (index: number) => boolean = () => true): void {
		const { partSizeBytes } = this.settings;
		for (let index = 0; index * partSizeBytes < content.length; index++) {
			const part = content.subarray(index * partSizeBytes, (index + 1) * partSizeBytes);
			if (isKnown(index)) this.state.knownParts.remember(boxAccounts.user.id, part, Infinity);
		}
	}

	/** The same for one part, whose bytes are somewhere else. */
	knowPart(sha512: string, part: KnownPart, userId = boxAccounts.user.id): void {
		this.state.knownParts.plant(userId, sha512, part);
	}

	/** From now on the session is not found (404). */
	loseSession(id: string): void {
		this.sessionById(id).state = 'lost';
	}

	/** From now on the session is gone: 410 `session_expired`. */
	expireSession(id: string): void {
		this.sessionById(id).expiresAtMs = 0;
	}

	/** From now on the session is in the state that Box calls unrecoverable: 410 `upload_failed`. */
	failSession(id: string): void {
		this.sessionById(id).state = 'failed';
	}

	private sessionById(id: string) {
		const session = this.state.sessions.get(id);
		if (!session) throw new Error(`No session ${id}`);
		return session;
	}

	private async answer(
		request: CloudRequest,
		route: Route,
		path: Readonly<Record<string, string>>,
		body: BodyReader,
	): Promise<CloudReply> {
		const authentication = this.tokens.authenticate(request.headers);
		if (!authentication.ok) return unauthorized(authentication.reason === 'missing');
		this.state.checkRate(route.name);
		const { grant } = authentication;
		const userId = actingUser(grant, request.headers['as-user']);
		const refusal = scopeRefusal(grant.scopes, route);
		if (refusal) return refusal;
		const { parameters, problems } = readParameters(route, request.query, request.headers);
		this.refuse(route, problems);
		const type = bodyType(route);
		const contentType = request.headers['content-type'] ?? '';
		if (type !== undefined && contentType.split(';')[0]?.trim().toLowerCase() !== type) {
			this.schemaProblems.push(`${route.name}: content-type "${contentType}" is not ${type}`);
			throw new BoxFailure(415, 'unsupported_media_type', `Send ${type}`);
		}
		const json = type === 'application/json' ? await this.readJson(request, route, body) : {};
		const call: Call = {
			state: this.state,
			userId,
			path,
			query: parameters.query,
			headers: parameters.headers,
			json,
			body,
			contentType,
			note: (argument) => (request.argument = argument),
			check: (decoded) => this.refuse(route, checkBody(route, type ?? '', decoded)),
		};
		const handler = handlers[route.name];
		if (!handler) throw new Error(`${route.name} is in the table and has no handler`);
		return handler(call);
	}

	private async readJson(request: CloudRequest, route: Route, body: BodyReader) {
		const bytes = await body.all(longestJsonBytes);
		if (!bytes) throw new BoxFailure(413, 'request_entity_too_large', 'Request Entity too Large');
		let decoded: unknown;
		try {
			decoded = JSON.parse(bytes.toString('utf8'));
		} catch {
			this.refuse(route, ['body is not JSON']);
		}
		request.argument = decoded;
		this.refuse(route, checkBody(route, 'application/json', decoded));
		return decoded as Record<string, unknown>;
	}

	private refuse(route: Route, problems: readonly string[]): void {
		if (problems.length === 0) return;
		this.schemaProblems.push(...problems.map((problem) => `${route.name}: ${problem}`));
		throw badRequest('Bad Request', problems);
	}
}
