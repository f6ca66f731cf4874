import { isString } from '../../shared/json';
import type { Holder } from '../../shared/run/takenTargets';
import type { Occupant } from './decide';
import { endWithoutSending, givesWay } from './decide';
import { targetKey } from './sameTarget';
import type { FileToUpload, Settle } from './types';
import type { Context } from './uploadContext';

/**
 * The files of a run in the order in which none can replace another's: of several with one path the first,
 * then the next if the place is still free. Those that give way (Rename) go when everything else has its
 * place. Mostly all files are one wave.
 */
export class Waves {
	private left: FileToUpload[];

	constructor(
		files: readonly FileToUpload[],
		private readonly context: Context,
	) {
		this.left = [...files];
	}

	/** Notes where the file is; to be told of every file. */
	readonly settle: Settle = (file, outcome) => {
		const { connection, takenTargets } = this.context;
		const { itemIndex, commit } = file;
		// What was renamed is not at the path that was asked for.
		const renamedTo = outcome.ok && commit.autorename ? outcome.value.path_lower : undefined;
		const path = isString(renamedTo) ? renamedTo : commit.path;
		takenTargets.note(targetKey(connection, path), itemIndex, outcome);
		this.context.settle(file, outcome);
	};

	/** Settles the files whose place is taken by now, and gives those that may go; none when all have gone. */
	async next(): Promise<FileToUpload[]> {
		while (this.left.length > 0) {
			const now = this.left.filter((file) => !givesWay(file));
			if (now.length === 0 || this.context.canceled() !== undefined) {
				return this.left.splice(0);
			}
			const waiting: FileToUpload[] = [];
			const wave = await this.firsts(now, waiting);
			this.left = [...waiting, ...this.left.filter(givesWay)];
			if (wave.length > 0) return wave;
		}
		return [];
	}

	private async firsts(
		files: readonly FileToUpload[],
		waiting: FileToUpload[],
	): Promise<FileToUpload[]> {
		const wave = new Map<string, FileToUpload>();
		const fetched: FileToUpload[] = [];
		for (const file of files) {
			const place = targetKey(this.context.connection, file.commit.path);
			// What Dropbox fetches itself goes one after the other there.
			if (file.fetchFrom !== undefined) fetched.push(file);
			else if (wave.has(place)) waiting.push(file);
			else if (!(await this.isEnded(file, this.context.takenTargets.holderOf(place)))) {
				wave.set(place, file);
			}
		}
		return [...wave.values(), ...fetched];
	}

	/** An earlier item has the place, or Skip has found it taken. */
	private async isEnded(file: FileToUpload, holder: Holder | undefined): Promise<boolean> {
		if (holder === undefined || (!holder.isOwn && file.ifExists !== 'skip')) return false;
		const { itemIndex, stored } = holder;
		const there: Occupant = {
			kind: 'file',
			...(stored && { stored }),
			...(holder.isOwn && { itemIndex }),
		};
		const end = await endWithoutSending(file, there, this.context);
		if (end !== undefined) this.context.settle(file, end);
		return end !== undefined;
	}
}
