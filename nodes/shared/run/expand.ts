import type { Outcome } from '../failure';
import { success } from '../failure';
import type { Thrown } from '../net';
import { outcomeOf, withNothingStored } from '../net';
import type { NoFile } from '../source/cloud/cloudFile';
import { isNoFile } from '../source/cloud/cloudFile';
import type { LinkedFile } from '../source/itemFile';
import { inParallel } from '../transfer/inParallel';
import type { ItemFile, Read } from './uploadRun';

const PARALLEL_LISTINGS = 4;

/** One file of a run, or why there is none. */
type RunFile<C, F, S> = Outcome<Listed<C, F, S>> | NoFile;

/** One item, or one file of its folder. */
type Listed<C, F, S> = Omit<Read<C, F, S>, 'file'> & { readonly file: F | LinkedFile<F> };

export interface RunFiles<C, F, S> {
	readonly files: ReadonlyArray<RunFile<C, F, S>>;
	/** The input item that each file comes from. */
	readonly itemOf: readonly number[];
}

/**
 * Puts the files of a folder in the place of its item. In the run a file's `itemIndex` is its own place
 * among all files; `itemOf` leads back.
 */
export async function expandFolders<C, F extends ItemFile, S>(
	inputs: ReadonlyArray<Outcome<Read<C, F, S>>>,
	thrown: Thrown,
): Promise<RunFiles<C, F, S>> {
	const expanded = await inParallel(
		inputs,
		PARALLEL_LISTINGS,
		async (input) => await filesOf(input, thrown),
	);
	const files: Array<RunFile<C, F, S>> = [];
	const itemOf: number[] = [];
	for (const [item, ofItem] of expanded.entries()) {
		for (const file of ofItem) {
			files.push(placedAt(files.length, file));
			itemOf.push(item);
		}
	}
	return { files, itemOf };
}

async function filesOf<C, F extends ItemFile, S>(
	input: Outcome<Read<C, F, S>>,
	thrown: Thrown,
): Promise<Array<RunFile<C, F, S>>> {
	if (!input.ok) return [input];
	const { file, ...rest } = input.value;
	if (!('expand' in file)) return [success({ ...rest, file })];
	const found = await outcomeOf(async () => await file.expand(), withNothingStored(thrown));
	if (!found.ok) return [found];
	return found.value.map((entry) => {
		if (isNoFile(entry) || !entry.ok) return entry;
		return success({ ...rest, file: entry.value });
	});
}

function placedAt<C, F extends ItemFile, S>(
	place: number,
	file: RunFile<C, F, S>,
): RunFile<C, F, S> {
	if (isNoFile(file) || !file.ok) return file;
	return success({ ...file.value, file: { ...file.value.file, itemIndex: place } });
}
