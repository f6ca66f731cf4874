import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed } from '../../shared/failure';
import { oneAtATime } from '../../shared/http/serial';
import type { Connection } from '../api/connection';
import type { FinishEntry } from '../api/types';
import { commitEntries } from '../commitEntries';
import { pathKey } from './paths';
import { settleCommit } from './settleCommit';
import type { FileToUpload, ReadyFile, Settle } from './types';

/** Files wait no longer than this for a batch to fill up: an upload that breaks keeps what it committed. */
const MAX_WAIT_MS = 60_000;

/**
 * Commits files in full batches, one batch after the other, while the next files are on their way. Of
 * several items with one path each is committed after the one before it has ended.
 */
export class CommitQueue {
	private readonly ready: ReadyFile[] = [];
	/** For each path the items that want it, in input order; the first may be committed. */
	private readonly turns = new Map<string, FileToUpload[]>();
	private worker: Promise<void> | undefined;
	private oldestSinceMs = 0;
	private ending = false;

	constructor(
		private readonly connection: Connection,
		files: readonly FileToUpload[],
		private readonly batchSize: number,
		private readonly settle: Settle,
		/** The session was gone before the commit: the file has to be sent again. */
		private readonly onSessionLost: (file: FileToUpload) => boolean,
	) {
		for (const file of files) {
			const key = pathKey(file.commit.path);
			const turn = this.turns.get(key);
			if (turn === undefined) this.turns.set(key, [file]);
			else turn.push(file);
		}
	}

	add(ready: ReadyFile): void {
		if (this.ready.length === 0) this.oldestSinceMs = Date.now();
		this.ready.push(ready);
		if (this.shouldCommit()) this.start();
	}

	/** The file will not be committed, so its path is free for the next item. */
	end(file: FileToUpload, outcome: Outcome<IDataObject>): void {
		const key = pathKey(file.commit.path);
		const turn = this.turns.get(key) ?? [];
		const rest = turn.filter((other) => other !== file);
		if (rest.length === 0) this.turns.delete(key);
		else this.turns.set(key, rest);
		this.settle(file, outcome);
	}

	/** Commits whatever is ready, full batch or not. */
	async flush(): Promise<void> {
		this.ending = true;
		if (this.ready.length > 0) this.start();
		await this.worker;
		this.ending = false;
	}

	private shouldCommit(): boolean {
		if (this.ready.length === 0) return false;
		return (
			this.ending ||
			this.ready.length >= this.batchSize ||
			Date.now() - this.oldestSinceMs > MAX_WAIT_MS
		);
	}

	private start(): void {
		this.worker ??= this.work().finally(() => {
			this.worker = undefined;
		});
	}

	private async work(): Promise<void> {
		const { connection } = this;
		while (this.shouldCommit()) {
			const progressed = await oneAtATime(
				connection.commitKey,
				connection.client.cancelSignal,
				async () => await this.commitOne(),
			);
			if (!progressed) return;
		}
	}

	/** False when nothing that is ready may go yet. */
	private async commitOne(): Promise<boolean> {
		const batch = this.takeBatch();
		if (batch.length === 0) return false;
		const sinceMs = this.connection.client.serverNowMs();
		const outcomes = await commitEntries(this.connection, batch.map(entryOf));
		for (const [index, outcome] of outcomes.entries()) {
			await this.finish(batch[index] as ReadyFile, outcome, sinceMs);
		}
		return true;
	}

	private takeBatch(): ReadyFile[] {
		const batch: ReadyFile[] = [];
		const waiting: ReadyFile[] = [];
		for (const ready of this.ready) {
			const isItsTurn = this.turns.get(pathKey(ready.file.commit.path))?.[0] === ready.file;
			if (isItsTurn && batch.length < this.batchSize) batch.push(ready);
			else waiting.push(ready);
		}
		this.ready.splice(0, this.ready.length, ...waiting);
		this.oldestSinceMs = Date.now();
		return batch;
	}

	private async finish(
		ready: ReadyFile,
		outcome: Outcome<IDataObject>,
		sinceMs: number,
	): Promise<void> {
		const { file } = ready;
		if (outcome.ok) {
			this.end(file, verified(ready, outcome));
			return;
		}
		const { failure } = outcome;
		if (SESSION_LOST.has(failure.path) && this.onSessionLost(file)) return;
		if (failure.stored === 'unknown') {
			this.end(file, await settleCommit(this.connection, ready, sinceMs, outcome));
			return;
		}
		this.end(file, outcome);
	}
}

const SESSION_LOST = new Set([
	'lookup_failed/not_found',
	'lookup_failed/not_closed',
	'concurrent_session_missing_data',
	'concurrent_session_not_closed',
]);

function entryOf({ file, sessionId }: ReadyFile): FinishEntry {
	return {
		cursor: { session_id: sessionId, offset: file.source.sizeBytes },
		commit: file.commit,
	};
}

/** What Dropbox stored must be what was sent. */
function verified(
	{ file, contentHash }: ReadyFile,
	outcome: { readonly ok: true; readonly value: IDataObject },
): Outcome<IDataObject> {
	const { content_hash: stored } = outcome.value;
	if (stored === undefined || stored === contentHash) return outcome;
	return failed({ ...OTHER_CONTENT, subject: file.commit.path });
}

const OTHER_CONTENT: Failure = {
	vendor: 'Dropbox',
	path: 'verify/content_hash',
	message: 'The file in Dropbox does not have the content that was sent',
	remedy: 'Upload it again with If File Exists set to Overwrite.',
	class: 'transient',
	retryable: true,
	stored: 'yes',
};
