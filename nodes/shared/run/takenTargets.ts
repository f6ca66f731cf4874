import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../failure';

/** What an item of the run has left in a place. */
export interface Holder {
	readonly itemIndex: number;
	/** What is there; undefined where it is not known whether the item's file is stored. */
	readonly stored: IDataObject | undefined;
	/** False for a file that was there before and is not the item's own. */
	readonly isOwn: boolean;
}

/**
 * Where the items of a run have put their files, over all connections, so that none replaces the file of
 * another. A place is a text that only that place has.
 */
export class TakenTargets {
	private readonly holders = new Map<string, Holder>();

	/** Notes what an item has come to. What is not stored leaves its place free. */
	note(place: string, itemIndex: number, outcome: Outcome<IDataObject>): void {
		if (!outcome.ok && outcome.failure.stored === 'no') return;
		if (this.holders.get(place)?.isOwn) return;
		const stored = outcome.ok ? outcome.value : undefined;
		const isOwn = stored?.skipped !== 'exists';
		this.holders.set(place, { itemIndex, stored, isOwn });
	}

	holderOf(place: string): Holder | undefined {
		return this.holders.get(place);
	}
}
