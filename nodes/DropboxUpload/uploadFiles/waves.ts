import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { isString } from '../../shared/json';
import { outcomeOf } from '../../shared/net';
import type { Holder, TakenPlaces } from '../../shared/run/takenPlaces';
import type { StoredFile } from '../api/types';
import type { LeaveOutSurroundings } from './existing';
import { hasSameContent, skippedForExisting } from './existing';
import { placeOf, samePlace } from './samePlace';
import type { FileToUpload, Settle } from './types';

export type WaveSurroundings = LeaveOutSurroundings & {
	readonly places: TakenPlaces;
	readonly thrown: (error: unknown) => Failure;
};

/**
 * The files of a run in the order in which none can replace another's: of several with one path the first,
 * then the next if the place is still free. Files named by their ID go when the paths are known, and those
 * that give way (Rename) when everything else has its place. Mostly all files are one wave.
 */
export class Waves {
	private left: readonly FileToUpload[];

	constructor(
		files: readonly FileToUpload[],
		private readonly around: WaveSurroundings,
	) {
		this.left = files;
	}

	/** Notes where the file is; to be told of every file. */
	readonly settle: Settle = (file, outcome) => {
		const { connection, places } = this.around;
		const { itemIndex, commit } = file;
		const where = outcome.ok ? this.placesIn(commit.autorename, outcome.value, commit.path) : [];
		if (!outcome.ok) where.push(placeOf(connection, commit.path));
		for (const place of where) places.note(place, itemIndex, outcome);
		this.around.settle(file, outcome);
	};

	/** Settles the files whose place is taken by now, and gives those that may go; none when all have gone. */
	async next(): Promise<FileToUpload[]> {
		while (this.left.length > 0) {
			const stage = this.left.reduce((least, file) => Math.min(least, stageOf(file)), RENAMING);
			const isAll = this.around.canceled() !== undefined;
			const isNow = (file: FileToUpload): boolean => isAll || stageOf(file) === stage;
			const now = this.left.filter(isNow);
			const waiting: FileToUpload[] = [];
			const wave = stage === RENAMING || isAll ? now : await this.firsts(now, waiting);
			this.left = [...waiting, ...this.left.filter((file) => !isNow(file))];
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
			const place = placeOf(this.around.connection, file.commit.path);
			// What Dropbox fetches itself goes one after the other there.
			if (file.fetchFrom !== undefined) fetched.push(file);
			else if (wave.has(place)) waiting.push(file);
			else if (!(await this.isEnded(file, this.around.places.holderOf(place)))) {
				wave.set(place, file);
			}
		}
		return [...wave.values(), ...fetched];
	}

	private async isEnded(file: FileToUpload, holder: Holder | undefined): Promise<boolean> {
		if (holder === undefined || (!holder.isOwn && file.ifExists !== 'skip')) return false;
		const outcome = await outcomeOf(
			async () => await this.heldBy(file, holder),
			this.around.thrown,
		);
		this.around.settle(file, outcome);
		return true;
	}

	private async heldBy(file: FileToUpload, holder: Holder): Promise<Outcome<IDataObject>> {
		const { itemIndex, stored } = holder;
		if (stored === undefined) return failed(samePlace(file, itemIndex));
		const mayBeSame = holder.isOwn ? !file.commit.strict_conflict : file.skipUnchanged;
		const there = stored as IDataObject & StoredFile;
		if (mayBeSame && (await hasSameContent(file, there, this.around))) {
			return success({ ...stored, skipped: 'unchanged' });
		}
		return file.ifExists === 'skip'
			? skippedForExisting(there)
			: failed(samePlace(file, itemIndex));
	}

	/** By its path, and by its ID. What was renamed is not at the path that was asked for. */
	private placesIn(
		isRenaming: boolean | undefined,
		{ id, path_lower: lower }: IDataObject,
		path: string,
	): string[] {
		const { connection } = this.around;
		const actual = isRenaming && isString(lower) ? lower : path;
		return [actual, ...(isString(id) ? [id] : [])].map((one) => placeOf(connection, one));
	}
}

const RENAMING = 2;

/** Files of a lower stage go first. */
export function stageOf({ commit: { autorename, path } }: FileToUpload): number {
	if (autorename) return RENAMING;
	return path.startsWith('id:') ? 1 : 0;
}
