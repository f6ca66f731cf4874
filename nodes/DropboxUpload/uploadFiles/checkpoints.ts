import { beside } from '../../shared/net';
import type { CheckpointStore } from '../../shared/transfer/checkpoints';
import { OwnCheckpoint } from '../../shared/transfer/checkpoints';
import type { Connection } from '../api/connection';
import { pathKey } from '../api/paths';
import type { FileToUpload } from './types';

/** Where uploads of large files can go on, from their first part to their end. */
export class FileCheckpoints {
	private readonly notes = new Map<FileToUpload, OwnCheckpoint>();
	private readonly clearing: Array<Promise<void>> = [];

	constructor(
		private readonly connection: Connection,
		private readonly store: CheckpointStore,
	) {}

	/** The second time the session has proved useless, so nothing may be left of it. */
	async of(file: FileToUpload): Promise<OwnCheckpoint> {
		const known = this.notes.get(file);
		await known?.clear();
		const note = known ?? new OwnCheckpoint(this.store, resumeKey(this.connection, file));
		this.notes.set(file, note);
		return note;
	}

	/** What is stored need not go on. */
	end(file: FileToUpload, isStored: boolean): void {
		const note = this.notes.get(file);
		this.notes.delete(file);
		if (note === undefined) return;
		if (!isStored) {
			note.release();
			return;
		}
		// A note that stays costs a later upload a question, never a file.
		const cleared = beside(
			async () => await note.clear(),
			() => {},
		);
		this.clearing.push(cleared.finally(() => note.release()));
	}

	/** The run is over. */
	async close(): Promise<void> {
		await Promise.all(this.clearing);
		for (const note of this.notes.values()) note.release();
	}
}

/** Where a later try looks for this upload: the account, the place, and the size. */
function resumeKey({ placeKey }: Connection, { commit, source }: FileToUpload): string {
	return `${placeKey}:${pathKey(commit.path)}:${source.sizeBytes ?? 'any size'}`;
}
