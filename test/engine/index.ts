import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { n8nEnvironment } from '../support/n8nEnvironment';
import { compileWorker } from './build';
import { DeadlineError, withDeadline } from './deadline';
import type {
	EngineOptions,
	ListSearchRequest,
	Pace,
	RunHandle,
	RunNodeRequest,
	RunRequest,
	RunResult,
	StoredCredential,
	WorkerApi,
	WorkerConfig,
} from './types';
import { nodeUnderTest, nodeWorkflow } from './workflow';

export { generateBuffer, generateChunks, generateStream } from './generate';
export type * from './types';

const START_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 120_000;
const KEPT_OUTPUT_CHARS = 20_000;

type Method = keyof WorkerApi;
type Answer<M extends Method> = Awaited<ReturnType<WorkerApi[M]>>;

interface Reply {
	id?: number;
	ready?: boolean;
	result?: unknown;
	error?: { name: string; message: string; stack?: string };
}

/** The child process is gone: killed, crashed or out of memory. */
export class EngineExitedError extends Error {
	constructor(
		readonly code: number | null,
		readonly signal: NodeJS.Signals | null,
		readonly output: string,
	) {
		super(`The engine has exited (code ${code}, signal ${signal})\n${output}`);
		this.name = 'EngineExitedError';
	}
}

export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
	const engine = new Engine(options);
	try {
		await engine.ready();
	} catch (error) {
		await engine.stop();
		throw error;
	}
	return engine;
}

export class Engine {
	readonly homeDir: string;

	readonly packageDirs: string[];

	private readonly scratchDir = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

	private readonly child: ChildProcess;

	private readonly pending = new Map<
		number,
		{ resolve: (value: never) => void; reject: (error: Error) => void }
	>();

	private readonly exited: Promise<EngineExitedError>;

	private exitError?: EngineExitedError;

	private lastCallId = 0;

	private output = '';

	constructor(options: EngineOptions) {
		const { main, testPackageDir } = compileWorker(options.n8nDir);
		this.homeDir = options.homeDir ?? join(this.scratchDir, 'home');
		this.packageDirs = options.packageDirs ?? [];
		mkdirSync(join(this.homeDir, '.n8n-files'), { recursive: true });
		const config: WorkerConfig = {
			packageDirs: this.packageDirs,
			basePackageDirs: options.basePackageDirs ?? [],
			testPackageDir,
			binaryMode: options.binaryMode ?? 'filesystem',
			databaseDir: join(this.scratchDir, 'database'),
			databaseUnreadableFromBytes: options.databaseUnreadableFromBytes,
			isPaceSettable: options.isPaceSettable,
		};
		const execArgv = ['--expose-gc', ...(options.execArgv ?? [])];
		this.child = spawn(options.nodePath ?? process.execPath, [...execArgv, main], {
			env: environment(this.homeDir, config, options.env),
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			windowsHide: true,
		});
		for (const stream of [this.child.stdout!, this.child.stderr!]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				this.output = (this.output + text).slice(-KEPT_OUTPUT_CHARS);
			});
		}
		this.exited = new Promise((resolve) => {
			this.child.once('error', (error) => {
				this.output += error.message;
				resolve(new EngineExitedError(null, null, this.output));
			});
			this.child.once('close', (code, signal) => {
				resolve(new EngineExitedError(code, signal, this.output));
			});
		});
		void this.exited.then((error) => {
			this.exitError = error;
			for (const { reject } of this.pending.values()) reject(error);
			this.pending.clear();
		});
		this.child.on('message', (message) => this.receive(message as Reply));
	}

	get pid(): number {
		return this.child.pid!;
	}

	/** Everything the process wrote to stdout and stderr, its end if it was long. */
	get processOutput(): string {
		return this.output;
	}

	async ready(): Promise<void> {
		const started = new Promise<void>((resolve, reject) => {
			this.child.on('message', ({ ready, error }: Reply) => {
				if (ready) resolve();
				if (ready === false) reject(rebuild(error!));
			});
			void this.exited.then(reject);
		});
		await withDeadline(started, START_TIMEOUT_MS, 'The engine did not start');
	}

	async start(request: RunRequest): Promise<RunHandle> {
		const { executionId } = await this.call('start', request);
		const finished = this.call('finish', executionId);
		// Whoever only cancels or kills does not wait for it.
		finished.catch(() => {});
		return {
			executionId,
			finished,
			cancel: async () => await this.call('cancel', executionId),
		};
	}

	async startNode(request: RunNodeRequest): Promise<RunHandle> {
		return await this.start(nodeWorkflow(request));
	}

	async run(request: RunRequest): Promise<RunResult> {
		const { executionId, finished, cancel } = await this.start(request);
		const timeoutMs = request.timeoutMs ?? RUN_TIMEOUT_MS;
		try {
			return await withDeadline(finished, timeoutMs, `Execution ${executionId} did not end`);
		} catch (error) {
			if (error instanceof DeadlineError) await cancel();
			throw error;
		}
	}

	/** Runs one node between a trigger and the given items; outputs are that node's. */
	async runNode(request: RunNodeRequest): Promise<RunResult> {
		return await this.run(nodeWorkflow(request));
	}

	async setCredential(id: string, credential: StoredCredential): Promise<void> {
		await this.call('setCredential', id, credential);
	}

	async getCredential(id: string): Promise<StoredCredential> {
		return await this.call('getCredential', id);
	}

	async searchList(request: ListSearchRequest): Promise<Answer<'searchList'>> {
		return await this.call('searchList', { ...request, node: nodeUnderTest(request.node) });
	}

	async testCredential(type: string, data: IDataObject): Promise<Answer<'testCredential'>> {
		return await this.call('testCredential', type, data);
	}

	async readBinary({ id, data }: IBinaryData): Promise<Buffer> {
		if (data.startsWith('[')) throw new Error(`The result holds only a note: ${data}`);
		return Buffer.from(id ? await this.call('readBinary', id) : data, 'base64');
	}

	async deleteBinaryData(executionId: string): Promise<void> {
		await this.call('deleteBinaryData', executionId);
	}

	async usage(): Promise<Answer<'usage'>> {
		return await this.call('usage');
	}

	async resetPeak(): Promise<void> {
		await this.call('resetPeak');
	}

	async collectGarbage(): Promise<void> {
		await this.call('collectGarbage');
	}

	async openHandles(): Promise<Answer<'openHandles'>> {
		return await this.call('openHandles');
	}

	async nodeDescriptions(): Promise<Answer<'nodeDescriptions'>> {
		return await this.call('nodeDescriptions');
	}

	async credentialDescriptions(): Promise<Answer<'credentialDescriptions'>> {
		return await this.call('credentialDescriptions');
	}

	async staticData(workflowId: string): Promise<IDataObject> {
		return await this.call('staticData', workflowId);
	}

	/** Rejections and exceptions that nobody caught, since the start of the process. */
	async unhandledErrors(): Promise<string[]> {
		return await this.call('unhandledErrors');
	}

	/** What has been added to or replaced in the built-in prototypes since the start of the process. */
	async pollutedPrototypes(): Promise<string[]> {
		return await this.call('pollutedPrototypes');
	}

	/** Until it is set again. Needs the option `isPaceSettable`. */
	async setPace(pace: Pace, sinceMs: number): Promise<void> {
		await this.call('setPace', pace, sinceMs);
	}

	async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
		this.child.kill(signal);
		await this.exited;
	}

	async stop(): Promise<void> {
		await this.kill();
		rmSync(this.scratchDir, { recursive: true, force: true, maxRetries: 5 });
	}

	private async call<M extends Method>(
		method: M,
		...params: Parameters<WorkerApi[M]>
	): Promise<Answer<M>> {
		if (this.exitError) throw this.exitError;
		const id = ++this.lastCallId;
		return await new Promise<Answer<M>>((resolve, reject) => {
			this.pending.set(id, { resolve, reject });
			this.child.send({ id, method, params }, (error) => {
				// A process that is going down is reported by its exit.
				if (error && this.child.connected) reject(error);
			});
		});
	}

	private receive({ id, result, error }: Reply): void {
		const call = id === undefined ? undefined : this.pending.get(id);
		if (!call) return;
		this.pending.delete(id!);
		if (error) call.reject(rebuild(error));
		else call.resolve(result as never);
	}
}

function environment(homeDir: string, config: WorkerConfig, extra: Record<string, string> = {}) {
	return {
		...n8nEnvironment(homeDir),
		N8N_LOG_LEVEL: 'debug',
		...extra,
		ENGINE_CONFIG: JSON.stringify(config),
	};
}

function rebuild({ name, message, stack }: NonNullable<Reply['error']>): Error {
	return Object.assign(new Error(message), { name, stack: stack ?? message });
}
