/** What one seed came to. */
export interface FuzzReport {
	readonly seed: number;
	/** Such as `Dropbox file upload`. */
	readonly operation: string;
	/** What was done to it. */
	readonly mutations: readonly string[];
	/** Sentences about what was wrong; none when all was right. */
	readonly findings: readonly string[];
	readonly durationMs: number;
	/** Whether the engine must not be used for another run. */
	readonly isStuck: boolean;
	/** How the items ended. */
	readonly ends: Readonly<Record<string, number>>;
	/** All of it, for whoever looks into one seed. */
	readonly details: () => unknown;
}
