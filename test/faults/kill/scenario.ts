/** When n8n is killed, and what becomes of its notes; follows from a seed alone. */
import { Random } from '../campaign/random';
import type { FaultVendor } from '../vendors/vendor';

export const NOTES = ['kept', 'damaged', 'of another file', 'old', 'session gone', 'none'] as const;

/** What the next process finds in the Resume Folder; `none`: there is no such folder. */
export type NotesFate = (typeof NOTES)[number];

export type KillPoint =
	/** When this share of the file has arrived. */
	| { readonly share: number }
	/** While the commit is under way, not handled yet or already. */
	| { readonly atCommit: 'before' | 'after' };

export interface KillScenario {
	readonly seed: number;
	readonly vendor: FaultVendor;
	readonly sizeBytes: number;
	readonly notes: NotesFate;
	readonly kills: readonly KillPoint[];
	readonly skipUnchanged: boolean;
}

export function killScenarioOf(seed: number, vendor: FaultVendor, sizeBytes: number): KillScenario {
	const random = new Random(seed);
	const kills: KillPoint[] = [{ share: 0.05 + 0.9 * random.share() }];
	if (random.chance(0.3)) kills.push({ share: 0.05 + 0.9 * random.share() });
	if (random.chance(0.3)) kills.push({ atCommit: random.pick(['before', 'after'] as const) });
	return {
		seed,
		vendor,
		sizeBytes,
		notes: NOTES[seed % NOTES.length] ?? 'kept',
		kills,
		// Where the same content is a conflict, only this tells that the file is there already.
		skipUnchanged: vendor.sameContentConflicts || random.chance(0.5),
	};
}
