import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { unsettledFailure } from '../../shared/net';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import type { FinishEntry } from '../api/types';

/** One input item, read and checked. */
export interface BatchItem {
	readonly itemIndex: number;
	readonly connection: Connection;
	readonly entry: FinishEntry;
}

export function resultsOf(
	batch: readonly BatchItem[],
	outcomes: ReadonlyArray<Outcome<IDataObject>>,
): ItemResult[] {
	return batch.map(({ itemIndex }, index) => ({
		itemIndexes: [itemIndex],
		outcome: outcomes[index] ?? failed(unsettledFailure('Dropbox')),
	}));
}
