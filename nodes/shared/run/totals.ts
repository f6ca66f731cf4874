/** What a run has sent so far. */
export interface RequestCount {
	readonly requests: number;
	/** How often something was sent again, by the reason. */
	readonly retriedFor: ReadonlyMap<string, number>;
	/** How long the run has waited, by whom it waited for. */
	readonly waitedMs: ReadonlyMap<string, number>;
}

/** How the files of a run have ended, as counted so far. */
export interface FileCounts {
	readonly files: number;
	readonly stored: number;
	readonly skipped: number;
	readonly failed: number;
	readonly bytesStored: number;
	/** Of these, what the vendor had already from other files. */
	readonly bytesNotSent: number;
}

/** What a run amounts to. */
export interface Totals extends RequestCount, FileCounts {
	readonly seconds: number;
	/** The same as a sentence, for the hint at the node. */
	readonly text: string;
}
