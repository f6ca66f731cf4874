/** What a run of an operation looks like when nothing is wrong with it; what is fuzzed changes a little of it. */
import type { IDataObject } from 'n8n-workflow';

import type { GeneratedContent } from '../../engine/types';
import type { Random } from '../../faults/campaign/random';
import type { Rig } from '../../support/rig';
import type { VendorName } from '../operations';

export interface PlannedFile {
	readonly fileName: string;
	/** Every item's is another one, so that a stored file tells whose it is. */
	readonly content: string;
	/** In place of it: a file that goes in parts. */
	readonly large?: GeneratedContent;
}

export interface PlannedItem {
	/** Parameters of this item, `options.rev` for a field of a collection. */
	readonly values: Readonly<Record<string, unknown>>;
	readonly file: PlannedFile;
	/** Whether the node gets the file; other operations save what the vendor has of it already. */
	readonly carriesFile: boolean;
	/** Other content is at its place before the run. */
	readonly isTaken?: boolean;
}

export interface Baseline {
	readonly vendor: VendorName;
	readonly resource: string;
	readonly operation: string;
	/** Parameters that are the same for all items. */
	readonly common: Readonly<Record<string, unknown>>;
	readonly items: readonly PlannedItem[];
	/** Whether an answer can make several items of one, such as a job with its files. */
	readonly hasSeveral?: boolean;
	/** Whether a run of it stores each item's file. */
	readonly stores: boolean;
	/** Puts into the cloud what the run needs to be there; gives further parameters for each item. */
	readonly prepare: (rig: Rig, accessToken: string) => Promise<ReadonlyArray<IDataObject>>;
}

export type MakeBaseline = (random: Random, count: number, seed: number) => Baseline;

export function plannedFiles(random: Random, count: number, seed: number): PlannedFile[] {
	return Array.from({ length: count }, (_, index) => ({
		fileName: `f${index}-${seed}.bin`,
		content: `${seed}:${index}:`.padEnd(
			random.skewed(12, 400),
			String.fromCharCode(97 + (index % 26)),
		),
	}));
}

export const nothingToPrepare = (): Promise<[]> => Promise.resolve([]);
