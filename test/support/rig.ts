/** The built nodes inside n8n's engine, and the loopback cloud that they talk to. */
import assert from 'node:assert/strict';

import type { IDataObject, INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import { startCloud, type CloudOptions, type LoggedRequest, type LoopbackCloud } from '../cloud';
import type { IssuedTokens, IssueOptions } from '../cloud/core/tokens';
import { wireAccountId } from '../cloud/dropbox';
import { startEngine, type Engine } from '../engine';
import type {
	EngineOptions,
	NodeUnderTest,
	Pace,
	RunHandle,
	RunNodeRequest,
	RunResult,
} from '../engine/types';
import { type JwtApp, linesOf, newJwtApp } from './jwtApp';
import { assertFreshBuild, repositoryDir } from './freshBuild';
import { Secrets } from './secrets';
import { giveRigBack, takeRig } from './sharedRigs';

export interface RigOptions {
	cloud?: CloudOptions;
	engine?: Omit<EngineOptions, 'packageDirs' | 'isPaceSettable'>;
	/** How fast time passes, for the engine and the cloud alike. */
	pace?: Pace;
	/** Another build of the package than this repository's. */
	packageDir?: string;
}

/** One run of a node. */
export interface NodeRun extends Omit<RunNodeRequest, 'node'> {
	resource: string;
	operation: string;
	/** All other parameters. */
	parameters?: INodeParameters;
	/** The Options collection. */
	options?: INodeParameters;
	onError?: NodeUnderTest['onError'];
	/** Further settings of the node, such as retryOnFail. */
	node?: Partial<NodeUnderTest>;
}

export interface ConnectOptions extends IssueOptions {
	/** Fields of the credential beside the sign-in, such as accessType. */
	data?: IDataObject;
}

type ListQuestion = [
	method: string,
	parameters?: INodeParameters,
	search?: { filter?: string; paginationToken?: string },
];

interface Connected {
	readonly credentialId: string;
	readonly tokens: IssuedTokens;
}

const DROPBOX = { node: 'dropboxUpload', credential: 'dropboxUploadOAuth2Api' };
const BOX = { node: 'boxUpload', credential: 'boxUploadOAuth2Api' };
/** Accounts that files are copied from, by the type of their credential. */
const SOURCES = { dropbox: 'dropboxUploadSourceOAuth2Api', box: 'boxUploadSourceOAuth2Api' };
const BOX_SERVER = { node: 'boxUpload', credential: 'boxUploadServerOAuth2Api' };
const BOX_JWT = { node: 'boxUpload', credential: 'boxUploadJwtApi' };

export class Rig {
	readonly secrets = new Secrets();

	/** Whether a run may find an item that was settled twice or never: only where a test sees to it. */
	mayHaveBugs = false;

	/** The credential that `dropbox`, `box` and `boxServer` use, by type. */
	private readonly connected = new Map<string, string>();

	private credentialCount = 0;

	constructor(
		readonly cloud: LoopbackCloud,
		readonly engine: Engine,
	) {
		this.secrets.watch(cloud);
	}

	/** What can be changed after the start: settings of the cloud, and how fast time passes. */
	async tune({ cloud = {}, pace = {} }: RigOptions): Promise<void> {
		Object.assign(this.cloud.dropbox.settings, cloud.dropbox);
		Object.assign(this.cloud.box.settings, cloud.box);
		this.cloud.setNetwork(cloud.network ?? {});
		const sinceMs = Date.now();
		this.cloud.clock.run(pace.clockSpeed ?? 1, sinceMs);
		await this.engine.setPace(pace, sinceMs);
	}

	/** A new sign-in under a new ID: pauses, locks and memory of earlier tests do not concern it. */
	async connectDropbox({ data, ...options }: ConnectOptions = {}): Promise<Connected> {
		const tokens = this.cloud.issueToken('dropbox', options);
		const [client] = this.cloud.dropboxOAuth.clients;
		// As Dropbox's token endpoint says it, and n8n keeps it.
		const { accountId, kind } = tokens.grant;
		const whose =
			kind === 'team' ? { team_id: accountId } : { account_id: wireAccountId(accountId) };
		return await this.connect(
			DROPBOX.credential,
			{ ...tokens, whose },
			{
				...client,
				accessType: 'full',
				...data,
			},
		);
	}

	/** The account that files are copied from; the one that they go to may be another. */
	async connectSource(
		vendor: keyof typeof SOURCES,
		{ data, ...options }: ConnectOptions = {},
	): Promise<Connected> {
		const tokens = this.cloud.issueToken(vendor, options);
		const { clients } = vendor === 'dropbox' ? this.cloud.dropboxOAuth : this.cloud.boxOAuth;
		const accessType = vendor === 'dropbox' ? { accessType: 'full' } : {};
		return await this.connect(SOURCES[vendor], tokens, { ...clients[0], ...accessType, ...data });
	}

	async connectBox({ data, ...options }: ConnectOptions = {}): Promise<Connected> {
		const tokens = this.cloud.issueToken('box', options);
		const [client] = this.cloud.boxOAuth.clients;
		return await this.connect(BOX.credential, tokens, { ...client, ...data });
	}

	/** No token yet: n8n gets the first one with the app's id and secret. */
	async connectBoxServer(data: IDataObject): Promise<string> {
		const [client] = this.cloud.boxOAuth.clients;
		return await this.save(BOX_SERVER.credential, { ...client, ...data });
	}

	/** An app with a key of its own, from its configuration file unless the data say otherwise. No token yet. */
	async connectBoxJwt(data: IDataObject = {}): Promise<{ app: JwtApp; credentialId: string }> {
		const app = newJwtApp(this.cloud);
		for (const text of [app.passphrase, ...linesOf(app.privateKey)]) this.secrets.addText(text);
		const credentialId = await this.save(BOX_JWT.credential, {
			appSettings: 'configFile',
			privateKeyFile: app.configFile,
			...data,
		});
		return { app, credentialId };
	}

	async dropbox(run: NodeRun): Promise<RunResult> {
		return await this.run(DROPBOX, run);
	}

	async box(run: NodeRun): Promise<RunResult> {
		return await this.run(BOX, run);
	}

	async boxServer(run: NodeRun): Promise<RunResult> {
		return await this.run(BOX_SERVER, run);
	}

	async boxJwt(run: NodeRun): Promise<RunResult> {
		const parameters = { ...run.parameters, authentication: 'jwt' };
		return await this.run(BOX_JWT, { ...run, parameters });
	}

	/** What the editor shows in a list of Box Upload. */
	async boxList(...question: ListQuestion): Promise<INodeListSearchResult> {
		return await this.list(BOX, ...question);
	}

	async dropboxList(...question: ListQuestion): Promise<INodeListSearchResult> {
		return await this.list(DROPBOX, ...question);
	}

	/** Started and not awaited, so that it can be cancelled. */
	async startDropbox(run: NodeRun): Promise<RunHandle> {
		return await this.start(DROPBOX, run);
	}

	async startBox(run: NodeRun): Promise<RunHandle> {
		return await this.start(BOX, run);
	}

	/** The requests of one route since the last reset, in the order of their arrival. */
	calls(route: string): LoggedRequest[] {
		return this.cloud.log.filter((request) => request.route === route);
	}

	/** From now on runs use this credential. */
	use(type: string, credentialId: string): void {
		this.connected.set(type, credentialId);
	}

	/** Empties the cloud and signs in anew. */
	async reset(): Promise<void> {
		await this.cloud.idle();
		assertNone(this.strangersWithSignIn());
		this.cloud.reset();
		await this.connectDropbox();
		await this.connectBox();
	}

	/** Fails when something went wrong that no test has looked at. */
	async assertNothingWrong(): Promise<void> {
		this.secrets.assertNoneIn('The output of the n8n process', this.engine.processOutput);
		assertNone(await this.engine.unhandledErrors());
		assertNone(this.cloud.errors);
		assertNone(this.strangersWithSignIn());
	}

	/** Before another test file takes it over: nothing is connected, and no token is remembered. */
	forget(): void {
		this.mayHaveBugs = false;
		this.connected.clear();
		this.secrets.forgetTokens();
	}

	/** Also asserts that nothing went wrong. */
	async stop(): Promise<void> {
		try {
			await this.assertNothingWrong();
		} finally {
			await this.engine.stop();
			await this.cloud.stop();
		}
	}

	/** Requests that carried a token to hosts of no vendor, or to those that only give out files. */
	strangersWithSignIn(): string[] {
		const { box, dropbox } = this.cloud;
		const downloadHosts = new Set([...box.downloadHosts, ...dropbox.downloadHosts]);
		return this.cloud.log
			.filter(({ vendor, host }) => vendor === 'stranger' || downloadHosts.has(host))
			.filter(({ headers }) => headers.authorization !== undefined)
			.map(({ host, pathname }) => host + pathname);
	}

	private async connect(
		type: string,
		tokens: IssuedTokens & { whose?: IDataObject },
		data: IDataObject,
	): Promise<Connected> {
		const { accessToken, refreshToken, whose } = tokens;
		const oauthTokenData = {
			access_token: accessToken,
			...(refreshToken !== undefined && { refresh_token: refreshToken }),
			token_type: 'bearer',
			...whose,
		};
		return { credentialId: await this.save(type, { oauthTokenData, ...data }), tokens };
	}

	private async save(type: string, data: IDataObject): Promise<string> {
		const id = `account-${++this.credentialCount}`;
		await this.engine.setCredential(id, { name: 'My account', type, data });
		this.connected.set(type, id);
		return id;
	}

	private async list(
		kind: typeof DROPBOX,
		...[method, parameters = {}, search = {}]: ListQuestion
	): Promise<INodeListSearchResult> {
		const { node } = this.requestOf(kind, { resource: 'file', operation: 'upload', parameters });
		return await this.engine.searchList({ node, method, ...search });
	}

	private async run(kind: typeof DROPBOX, run: NodeRun): Promise<RunResult> {
		return this.searched(await this.engine.runNode(this.requestOf(kind, run)));
	}

	private async start(kind: typeof DROPBOX, run: NodeRun): Promise<RunHandle> {
		const handle = await this.engine.startNode(this.requestOf(kind, run));
		return { ...handle, finished: handle.finished.then((result) => this.searched(result)) };
	}

	/** Results, errors, log lines and output: no secret may be in any of them. */
	private searched(result: RunResult): RunResult {
		this.secrets.assertNoneIn('The result of a run', result);
		this.secrets.assertNoneIn('The output of the n8n process', this.engine.processOutput);
		if (!this.mayHaveBugs) assertNone(bugsToldIn(result));
		return result;
	}

	private sources(): Record<string, string> {
		return Object.fromEntries(
			Object.values(SOURCES).flatMap((type) => {
				const id = this.connected.get(type);
				return id === undefined ? [] : [[type, id]];
			}),
		);
	}

	private requestOf(kind: typeof DROPBOX, run: NodeRun): RunNodeRequest {
		const { resource, operation, parameters, options, onError, node, ...request } = run;
		const id = this.connected.get(kind.credential);
		if (id === undefined) throw new Error(`Nothing is connected as ${kind.credential}`);
		return {
			...request,
			node: {
				type: `n8n-nodes-upload-sessions.${kind.node}`,
				parameters: { resource, operation, ...parameters, ...(options && { options }) },
				credentials: { [kind.credential]: id, ...this.sources() },
				...(onError && { onError }),
				...node,
			},
		};
	}
}

/** What the node itself says about items that it settled twice, or not at all. */
export function bugsToldIn({ logs }: RunResult): string[] {
	return logs.map(({ message }) => message).filter((message) => / Upload, bug: /.test(message));
}

/** Without jest, since the fault campaign runs outside of it. */
function assertNone(problems: readonly unknown[]): void {
	assert.equal(problems.map(String).join('\n'), '');
}

/**
 * For the engine of tests in which the node waits and nobody asks how long: seconds of back-off and of
 * Retry-After are tenths, and its time limits of minutes are still longer than a test may take.
 */
export const SHORT_WAITS = { clockSpeed: 10 };

/** Names the build that rigs take which ask for no other: the mutations run tests with theirs. */
export const PACKAGE_DIR_VARIABLE = 'TEST_PACKAGE_DIR';

/** For n8n's process: servers on this machine, such as that of links, are reached past the cloud's proxy. */
const PAST_THE_PROXY = { NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };

export async function startRig(options: RigOptions = {}): Promise<Rig> {
	const { packageDir = process.env[PACKAGE_DIR_VARIABLE] ?? repositoryDir } = options;
	if (packageDir === repositoryDir) assertFreshBuild();
	const cloud = await startCloud();
	let engine: Engine | undefined;
	try {
		engine = await startEngine({
			...options.engine,
			isPaceSettable: true,
			packageDirs: [packageDir],
			env: { ...cloud.env, ...PAST_THE_PROXY, ...options.engine?.env },
		});
		const rig = new Rig(cloud, engine);
		await rig.tune(options);
		return rig;
	} catch (error) {
		await engine?.stop();
		await cloud.stop();
		throw error;
	}
}

/**
 * The rig of one test file: started once, emptied before each test, searched at the end. A function
 * gives options that are not known before the hooks of the test file.
 */
export function useRig(options: RigOptions | (() => RigOptions) = {}): () => Rig {
	let rig: Rig | undefined;
	beforeAll(async () => {
		rig = await takeRig(typeof options === 'function' ? options() : options, startRig);
	}, 120_000);
	beforeEach(async () => {
		await rig?.reset();
	});
	// Removing gigabytes of files takes its time.
	afterAll(async () => {
		if (rig) await giveRigBack(rig);
	}, 120_000);
	return () => {
		if (!rig) throw new Error('The rig is there inside tests only');
		return rig;
	};
}
