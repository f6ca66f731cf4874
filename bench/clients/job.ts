export interface InputFile {
	readonly path: string;
	readonly name: string;
	readonly sizeBytes: number;
	/** What its content is made of, where a cloud has it, too: see test/engine/generate.ts. */
	readonly seed?: number;
	/** Undefined: as the client sees fit. */
	readonly partBytes?: number;
}

/** What a client outside n8n is asked to do. */
export interface ClientJob {
	/** The module in this folder that does it. */
	readonly client: 'dropboxRaw' | 'dropboxSdk' | 'boxRaw' | 'boxSdk';
	readonly files: readonly InputFile[];
	readonly accessToken: string;
	readonly proxyUrl: string;
	readonly caPem: string;
	/** Files up to here share requests, where the vendor has such. */
	readonly packBytes?: number;
	/** Requests under way at once. Undefined: the client's own default. */
	readonly parallel?: number;
	/** Like n8n's HTTP helper: no connection serves two requests. */
	readonly newConnectionPerRequest?: boolean;
}

export type Upload = (job: ClientJob) => Promise<void>;

export interface Measured {
	readonly wallMs: number;
	/** Undefined where the system does not tell. */
	readonly cpuSeconds: number | undefined;
	readonly peakGrowthBytes: number | undefined;
	/** By what they were spent on; of profiled runs. */
	readonly mainThreadSeconds?: Readonly<Record<string, number>>;
	/** How late the event loop was: one turn in a hundred was later. */
	readonly loopP99Ms?: number;
	readonly loopLongestMs?: number;
	/** Written to disk; undefined where the system does not tell, or nobody has asked. */
	readonly diskBytes?: number;
}

export type ClientReply = { readonly measured: Measured } | { readonly error: string };
