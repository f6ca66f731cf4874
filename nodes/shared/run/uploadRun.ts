import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import type { HttpClient } from '../http/types';
import type { Thrown } from '../net';
import type { CloudSources } from '../source/cloud/cloudFile';
import type { GivenFile } from '../source/itemFile';
import type { MemoryLimit } from '../transfer/memoryLimit';
import type { Progress } from './progress';
import type { CheckpointStore } from '../transfer/checkpoints';
import type { DryRun } from './dryRun';
import type { TakenTargets } from './takenTargets';

/** One item's file, as far as a run as a whole is concerned with it. */
export interface ItemFile {
	readonly itemIndex: number;
	/** The same for the same item in the next try of the run, and for no other file. */
	readonly identity: string;
	readonly source: {
		/** Undefined where it shows only at the end. */
		readonly sizeBytes: number | undefined;
		/** Nobody will open it any more; it opens anew when somebody does. */
		close?(): void;
	};
}

/** What uploading the files of one connection gets to work with. */
export interface UploadContext<C, F, S> {
	readonly connection: C;
	readonly settings: S;
	readonly memory: MemoryLimit;
	readonly resume: CheckpointStore;
	readonly progress: Progress;
	readonly takenTargets: TakenTargets;
	/** Set once the execution is cancelled. */
	readonly canceled: () => Failure | undefined;
	/** The failure for what work beside other work has thrown. */
	readonly thrown: Thrown;
	/** How one file ended; to be told once for each. */
	readonly settle: (file: F, outcome: Outcome<IDataObject>) => void;
	readonly log: (line: string) => void;
	/** For what somebody should know although no item fails: in the log and at the node. */
	readonly warn: (line: string) => void;
}

export type DryRunContext<C, S> = Omit<
	UploadContext<C, never, S>,
	'resume' | 'progress' | 'takenTargets' | 'settle'
>;

/** How a vendor uploads the files of all items, or plans to. */
export interface UploadOperation<C, F, S> {
	readonly context: IExecuteFunctions;
	readonly vendor: Failure['vendor'];
	readonly sources: CloudSources;
	/** Throws InputProblem. */
	readonly connectionFor: (itemIndex: number) => C;
	/** Throws InputProblem. */
	readonly readFile: (
		context: IExecuteFunctions,
		itemIndex: number,
		connection: C,
		sources: CloudSources,
	) => Promise<GivenFile<F>>;
	/** Throws InputProblem. */
	readonly readSettings: (context: IExecuteFunctions, itemIndex: number) => S;
	readonly uploadAll: (
		files: readonly F[],
		context: UploadContext<C, F, S>,
	) => Promise<Outcome<void>>;
	/** What uploading them would do; sends nothing. */
	readonly dryRun: (files: readonly F[], context: DryRunContext<C, S>) => Promise<DryRun<F>>;
}

export interface Account {
	readonly client: HttpClient;
}

/** One item, read and checked. */
export interface Read<C, F, S> {
	readonly connection: C;
	readonly file: GivenFile<F>;
	/** The first item of a connection decides how its files are uploaded. */
	readonly settings: S;
	readonly notes: CheckpointStore | undefined;
}

export type Ready<C, F, S> = Read<C, F, S> & { readonly file: F };
