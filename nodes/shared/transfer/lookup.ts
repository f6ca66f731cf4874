import type { Failure, Outcome } from '../failure';
import { success } from '../failure';
import { groupBy } from '../groupBy';
import type { Thrown } from '../net';
import { outcomeOf } from '../net';
import type { ByteSource } from '../source/byteSource';
import type { MemoryLimit } from './memoryLimit';
import { cutIntoParts } from '../source/parts';
import type { FileDigest } from './partTarget';
import { inParallel } from './inParallel';
import { readInOneGo } from '../source/restart';

const PARALLEL_FOLDERS = 4;
/** So few files of a folder are asked for one by one: the folder may hold a hundred thousand. */
export const FEW_FILES = 2;
/** Of a folder that is listed because its files can't be asked for: as far as is worth while. */
const MAX_PAGES_INSTEAD = 50;

export interface Listing<S> {
	readonly files: readonly S[];
	/** False when the folder has more. */
	readonly complete: boolean;
}

/** How a vendor is asked what is stored where a file is to go. */
interface Targets<F, S> {
	/** Files with the same one are found by one listing; those without one are asked for one by one. */
	folderOf(file: F): string | undefined;
	/** Equal for a file and what is stored under its name. */
	nameKeyOf(file: F): string;
	storedNameKeyOf(stored: S): string;
	list(folder: string, maxPages: number): Promise<Outcome<Listing<S>>>;
	ask(file: F): Promise<Outcome<S | undefined>>;
	/** Whether the vendor has refused to answer such a question at all, so that the other one is asked. */
	isRefused(failure: Failure): boolean;
	readonly thrown: Thrown;
}

export type Found<F, S> = (file: F) => Outcome<S | undefined>;

/** What is at the targets of these files: a folder is listed once, unless a few questions are less. */
export async function lookUp<F, S>(
	targets: Targets<F, S>,
	files: readonly F[],
): Promise<Found<F, S>> {
	const folders = groupBy(files, (file) => targets.folderOf(file));
	const single = folders.get(undefined) ?? [];
	folders.delete(undefined);
	const found = new Map<F, Outcome<S | undefined>>();
	await inParallel(single, PARALLEL_FOLDERS, async (file) => {
		found.set(file, await outcomeOf(async () => await targets.ask(file), targets.thrown));
	});
	await inParallel([...folders], PARALLEL_FOLDERS, async ([folder = '', wanted]) => {
		const known = await knownNames(targets, folder, wanted);
		for (const file of wanted) found.set(file, await known(file));
	});
	return (file) => found.get(file) ?? success(undefined);
}

/** Lists the folder as far as that takes fewer calls than asking for each file. */
async function knownNames<F, S>(
	targets: Targets<F, S>,
	folder: string,
	wanted: readonly F[],
): Promise<(file: F) => Promise<Outcome<S | undefined>>> {
	const ask = async (file: F): Promise<Outcome<S | undefined>> =>
		await outcomeOf(async () => await targets.ask(file), targets.thrown);
	const list = async (maxPages: number): Promise<Outcome<Listing<S>>> =>
		await outcomeOf(async () => await targets.list(folder, maxPages), targets.thrown);
	if (wanted.length <= FEW_FILES) return async (file) => await askOrList(targets, file, ask, list);
	const listed = await list(wanted.length);
	if (!listed.ok) {
		return targets.isRefused(listed.failure) ? ask : async () => await Promise.resolve(listed);
	}
	const find = findIn(targets, listed.value.files);
	return async (file) => {
		const stored = find(file);
		return stored !== undefined || listed.value.complete ? success(stored) : await ask(file);
	};
}

/** Asks for the file, and looks for it in its whole folder where such questions are refused. */
async function askOrList<F, S>(
	targets: Targets<F, S>,
	file: F,
	ask: (file: F) => Promise<Outcome<S | undefined>>,
	list: (maxPages: number) => Promise<Outcome<Listing<S>>>,
): Promise<Outcome<S | undefined>> {
	const asked = await ask(file);
	if (asked.ok || !targets.isRefused(asked.failure)) return asked;
	const listed = await list(MAX_PAGES_INSTEAD);
	if (!listed.ok) return asked;
	const stored = findIn(targets, listed.value.files)(file);
	return stored !== undefined || listed.value.complete ? success(stored) : asked;
}

function findIn<F, S>(targets: Targets<F, S>, files: readonly S[]): (file: F) => S | undefined {
	const byName = new Map(files.map((stored) => [targets.storedNameKeyOf(stored), stored]));
	return (file) => byName.get(targets.nameKeyOf(file));
}

interface HashContext {
	readonly memory: MemoryLimit;
	readonly memoryLimitBytes: number;
	readonly cancelSignal: AbortSignal | undefined;
	readonly canceled: () => Failure | undefined;
}

/** Hash of a file that is read for that alone. None when the execution is cancelled or it cannot be read. */
export async function hashOfSource(
	source: ByteSource,
	newDigest: () => FileDigest,
	blockBytes: number,
	{ memory, memoryLimitBytes, cancelSignal, canceled }: HashContext,
): Promise<string | undefined> {
	const { sizeBytes = Infinity } = source;
	const heldBytes = source.readsWhole ? sizeBytes : Math.min(sizeBytes, blockBytes);
	const room = await memory.reserve(heldBytes, memoryLimitBytes, cancelSignal);
	const hash = await readInOneGo(source, async () => {
		const digest = newDigest();
		const chunks = source.open(blockBytes);
		const blocks = cutIntoParts(chunks, source.sizeBytes, { partSizeBytes: blockBytes });
		for await (const { content } of blocks) {
			if (canceled() !== undefined) return undefined;
			digest.update(content);
		}
		digest.endPart();
		return digest.soFar();
	});
	room.release();
	// What cannot be read now, the upload will read again, and say what is wrong with it.
	return hash.ok ? hash.value : undefined;
}
