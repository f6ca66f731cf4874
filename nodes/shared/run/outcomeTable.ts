import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../failure';
import { isCount } from '../json';
import type { ItemResult } from '../output/toItems';
import type { FileCounts } from './totals';

interface Settled {
	readonly outcome: Outcome<IDataObject>;
	readonly sizeBytes: number;
}

/**
 * What became of each item of a run: the one place where that is kept, so that hint, report and output
 * say the same. Each item is settled once; what comes later is a bug, told in the log, and changes nothing.
 */
export class OutcomeTable {
	private readonly settled: Array<Settled | undefined>;
	private readonly sums = { stored: 0, skipped: 0, failed: 0, bytesStored: 0, bytesNotSent: 0 };

	constructor(
		items: number,
		private readonly tellBug: (line: string) => void,
	) {
		this.settled = new Array<Settled | undefined>(items).fill(undefined);
	}

	isSettled(itemIndex: number): boolean {
		return this.settled[itemIndex] !== undefined;
	}

	/** False when the item was settled before. */
	settle(itemIndex: number, outcome: Outcome<IDataObject>, sizeBytes = 0): boolean {
		if (this.isSettled(itemIndex)) {
			this.tellBug(`item ${itemIndex} was settled twice`);
			return false;
		}
		this.settled[itemIndex] = { outcome, sizeBytes };
		const { sums } = this;
		if (!outcome.ok) sums.failed += 1;
		else if (outcome.value.skipped !== undefined) sums.skipped += 1;
		else {
			sums.stored += 1;
			sums.bytesStored += sizeBytes;
			const { bytes_not_sent: notSent } = outcome.value;
			if (isCount(notSent)) sums.bytesNotSent += notSent;
		}
		return true;
	}

	/** At the end of a run there should be none; each is told as a bug. */
	unsettled(): number[] {
		const left = [...this.settled.keys()].filter((itemIndex) => !this.isSettled(itemIndex));
		for (const itemIndex of left) this.tellBug(`item ${itemIndex} was never settled`);
		return left;
	}

	counts(): FileCounts {
		return { files: this.settled.length, ...this.sums };
	}

	/** One for each item that is settled, in input order. */
	results(): ItemResult[] {
		return this.settled.flatMap((settled, itemIndex): ItemResult[] =>
			settled === undefined ? [] : [{ itemIndexes: [itemIndex], outcome: settled.outcome }],
		);
	}
}
