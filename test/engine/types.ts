import type {
	ExecutionError,
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeProperties,
	INodeTypeDescription,
	IPinData,
	IRunData,
	IWorkflowSettings,
	NodeExecutionHint,
	OnError,
} from 'n8n-workflow';

export type BinaryMode = 'filesystem' | 'default' | 'database' | 's3';

export interface EngineOptions {
	/** Set for the process from its start: proxy, CA certificates, N8N_… settings. */
	env?: Record<string, string>;
	/** Directories with a built community package; each is loaded as n8n loads it. */
	packageDirs?: string[];
	/** Directories of n8n's own packages (n8n-nodes-base), loaded lazily. */
	basePackageDirs?: string[];
	binaryMode?: BinaryMode;
	/** With the store 'database': files of this size and larger can never be read back. */
	databaseUnreadableFromBytes?: number;
	/** Whether `setPace` may be called. */
	isPaceSettable?: boolean;
	/** The folder whose node_modules holds n8n-core, when it is not this repository's. */
	n8nDir?: string;
	/** Another node binary than the one that runs the caller. */
	nodePath?: string;
	execArgv?: string[];
	/** The user's home: holds .n8n and .n8n-files. Give it again to restart "the same" n8n. */
	homeDir?: string;
}

/** How many times as fast time passes. */
export interface Pace {
	/** For timers. Default: as for the whole clock. */
	timerSpeed?: number;
	/** For the whole clock: timers, timeouts of sockets, and the time of day. Default: 1. */
	clockSpeed?: number;
}

export interface StoredCredential {
	name: string;
	type: string;
	data: IDataObject;
}

/** Content that generate.ts can repeat anywhere, so that nothing has to be kept to compare it. */
export interface GeneratedContent {
	sizeBytes: number;
	seed: number;
	/** Bytes that are others than the seed's, by their position. */
	changedAt?: readonly number[];
}

export interface FileSpec {
	path?: string;
	base64?: string;
	generated?: GeneratedContent;
	fileName?: string;
	mimeType?: string;
	/** Fields of the entry as another node may have left them, in place of n8n's own. */
	entry?: IDataObject;
	/** Fields that the entry lacks. */
	lacks?: string[];
}

export interface ItemSpec {
	json?: IDataObject;
	binary?: Record<string, FileSpec>;
}

export interface WorkflowSpec {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

export interface RunRequest {
	workflow: WorkflowSpec;
	/** 'manual' is the editor's button; 'trigger' is a production execution. Default: 'trigger'. */
	mode?: 'manual' | 'trigger';
	pinData?: IPinData;
	startNode?: string;
	/** The node whose outputs are in the result. Default: the node that ran last. */
	resultNode?: string;
	/** Whether nodes are told no execution id, as tools that n8n's MCP Server Trigger calls. */
	withoutExecutionId?: boolean;
	timeoutMs?: number;
}

export type NodeUnderTest = Pick<INode, 'type'> &
	Partial<
		Pick<
			INode,
			| 'name'
			| 'typeVersion'
			| 'parameters'
			| 'retryOnFail'
			| 'maxTries'
			| 'waitBetweenTries'
			| 'alwaysOutputData'
			| 'executeOnce'
		>
	> & {
		/** Credential type -> id given to setCredential. */
		credentials?: Record<string, string>;
		onError?: OnError;
	};

export interface RunNodeRequest {
	node: NodeUnderTest;
	items?: ItemSpec[];
	mode?: RunRequest['mode'];
	workflowId?: string;
	settings?: IWorkflowSettings;
	timeoutMs?: number;
}

/** What the editor asks for when a person opens the list of a resource locator. */
export interface ListSearchRequest<Node = NodeUnderTest> {
	node: Node;
	/** Name of the method in `methods.listSearch`. */
	method: string;
	filter?: string;
	paginationToken?: string;
}

export interface LogRecord {
	level: string;
	message: string;
	meta: IDataObject;
}

/** The error as n8n keeps it: own enumerable fields, message and stack. */
export type RunError = Partial<Omit<ExecutionError, 'cause'>> & {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	messages?: string[];
	itemIndex?: number;
	context?: IDataObject;
	stack?: string;
};

export interface RunResult {
	executionId: string;
	status: 'success' | 'error' | 'canceled' | 'waiting';
	/** Items of each output. Inline base64 above 16 KiB is replaced by a note of its length. */
	outputs: INodeExecutionData[][];
	error?: RunError;
	runData: IRunData;
	hints: NodeExecutionHint[];
	logs: LogRecord[];
	/** What sendMessageToUI sent to the editor. */
	uiMessages: unknown[];
	durationMs: number;
}

export interface RunHandle {
	executionId: string;
	/** Settles when the nodes have really ended, also after cancel. */
	finished: Promise<RunResult>;
	cancel: () => Promise<void>;
}

export interface Usage {
	cpuSeconds: number;
	rssBytes: number;
	peakRssBytes: number;
	heapUsedBytes: number;
	externalBytes: number;
	arrayBuffersBytes: number;
	/** How often V8 has collected the whole heap, since the start. */
	fullCollections: number;
}

export interface OpenHandles {
	sockets: number;
	byType: Record<string, number>;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

export interface CredentialDescription {
	name: string;
	displayName: string;
	extends?: string[];
	properties: INodeProperties[];
	[key: string]: unknown;
}

export interface WorkerConfig {
	packageDirs: string[];
	basePackageDirs: string[];
	testPackageDir: string;
	binaryMode: BinaryMode;
	databaseDir: string;
	databaseUnreadableFromBytes?: number;
	isPaceSettable?: boolean;
}

/** What the child process answers to; index.ts is its client. */
export interface WorkerApi {
	start(request: RunRequest): { executionId: string };
	finish(executionId: string): Promise<RunResult>;
	cancel(executionId: string): void;
	setCredential(id: string, credential: StoredCredential): void;
	getCredential(id: string): StoredCredential;
	searchList(request: ListSearchRequest<INode>): Promise<INodeListSearchResult>;
	testCredential(type: string, data: IDataObject): Promise<CredentialTestResult>;
	readBinary(id: string): Promise<string>;
	deleteBinaryData(executionId: string): Promise<void>;
	usage(): Usage;
	resetPeak(): void;
	collectGarbage(): void;
	openHandles(): OpenHandles;
	nodeDescriptions(): INodeTypeDescription[];
	credentialDescriptions(): CredentialDescription[];
	staticData(workflowId: string): IDataObject;
	unhandledErrors(): string[];
	pollutedPrototypes(): string[];
	/** Since a moment of the real time, so that another clock can agree with this one. */
	setPace(pace: Pace, sinceMs: number): void;
}
