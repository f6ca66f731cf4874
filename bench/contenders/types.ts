import type { InputFile, Measured } from '../clients/job';
import type { BenchCloud } from '../cloud';
import type { NetworkName } from '../networks';

export type Vendor = 'dropbox' | 'box';

/** The files as they lie in the account of another vendor. */
export interface SourceAccount {
	readonly vendor: Vendor;
	readonly accessToken: string;
	readonly refreshToken: string;
	/** IDs (Box) or paths (Dropbox), in the order of the files. */
	readonly places: readonly string[];
}

export interface Task {
	readonly files: readonly InputFile[];
	/** Where they lie in cases in which another cloud has them. */
	readonly source?: SourceAccount;
	readonly cloud: BenchCloud;
	readonly accessToken: string;
	readonly refreshToken: string;
	/** After that the contender is stopped. */
	readonly timeoutMs: number;
}

export interface Contender {
	readonly id: string;
	readonly vendor: Vendor;
	readonly title: string;
	/** Gets the files from another server: only for cases in which they lie there. */
	readonly isFromUrl?: boolean;
	/** Stores a new version: only for cases in which one is there. */
	readonly isNewVersion?: boolean;
	/** Why it cannot run here; undefined when it can. */
	absence?(): string | undefined;
	/** How many of these files it sends; what all would cost is worked out from them. */
	sample?(files: readonly InputFile[], network: NetworkName): readonly InputFile[];
	run(task: Task): Promise<Measured>;
}

/** It ran, and did not succeed; what it had cost until then belongs to the answer. */
export class RunFailed extends Error {
	constructor(
		message: string,
		readonly cost: { wallMs: number; peakGrowthBytes: number | undefined },
	) {
		super(message);
	}
}
