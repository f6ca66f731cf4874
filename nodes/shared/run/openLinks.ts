import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../failure';
import { success } from '../failure';
import type { EarlierResults } from './acrossTries';
import type { Thrown } from '../net';
import { outcomeOf, withNothingStored } from '../net';
import type { NoFile } from '../source/cloud/cloudFile';
import { isNoFile } from '../source/cloud/cloudFile';
import { inParallel } from '../transfer/inParallel';
import type { RunFiles } from './expand';
import type { ItemFile, Ready } from './uploadRun';

const PARALLEL_LOOKS = 4;
/** Answers that wait until their file is read; of more, the servers are asked once more. */
const MAX_WAITING_ANSWERS = 4;

/** A file that can be sent, one that cannot, or one that an earlier try of the run has stored. */
export type OpenedFile<C, F, S> =
	Outcome<Ready<C, F, S>> | NoFile | { readonly storedBefore: Outcome<IDataObject> };

/** Files on other servers are looked at before any is sent: a name may decide where it goes. */
export async function openLinks<C, F extends ItemFile, S>(
	inputs: RunFiles<C, F, S>['files'],
	earlier: Pick<EarlierResults, 'get'>,
	thrown: Thrown,
): Promise<Array<OpenedFile<C, F, S>>> {
	const elsewhere = inputs.filter(
		(input) => !isNoFile(input) && input.ok && 'look' in input.value.file,
	);
	return await inParallel(inputs, PARALLEL_LOOKS, async (input): Promise<OpenedFile<C, F, S>> => {
		if (isNoFile(input) || !input.ok) return input;
		const { file, ...rest } = input.value;
		// A link may be good for one download.
		const storedBefore = earlier.get(file.identity)?.outcome;
		if (storedBefore !== undefined) return { storedBefore };
		if (!('look' in file)) return success({ ...rest, file });
		const looked = await outcomeOf(async () => await file.look(), withNothingStored(thrown));
		if (!looked.ok) return looked;
		if (elsewhere.length > MAX_WAITING_ANSWERS) looked.value.source.close?.();
		return success({ ...rest, file: { ...looked.value, itemIndex: file.itemIndex } });
	});
}
