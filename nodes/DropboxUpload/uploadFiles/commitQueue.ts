import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { isString } from '../../shared/json';
import { beside, outcomeOf, unsettledFailure } from '../../shared/net';
import { Turns } from '../../shared/turns';
import type { Connection } from '../api/connection';
import { atTeamRoot } from '../api/failures/root';
import { pathKey } from '../api/paths';
import type { StoredFile } from '../api/types';
import { commitEntries } from '../batch/commitEntries';
import { filesText, inTurn } from '../batch/inTurn';
import type { Committed, Doubtful } from './commitOutcome';
import {
	doubtfulOf,
	entryOf,
	resumable,
	SESSION_LOST,
	storeInOneRequest,
	thrown,
	verified,
} from './commitOutcome';
import { saidFor } from './conflict';
import { CLOCK_TOLERANCE_MS, isSkipped, reconcileCommits } from './reconcile';
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
	/** Revisions that this run has made, where two items could be taken for each other. */
	private readonly revs = new Set<string>();
	private oldestSinceMs = 0;
	private ending = false;
	private readonly startedAtMs = Date.now();

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
		this.commitDue();
	}

	/** Starts a batch when one is full or has waited long enough. */
	commitDue(): void {
		if (this.shouldCommit()) this.start();
	}

	/** A file that goes without a session: its request is its commit. */
	async storeWhole(ready: ReadyFile, content: Buffer): Promise<Outcome<IDataObject>> {
		const stored = await inTurn(
			this.connection,
			'a commit of 1 file',
			async (): Promise<Committed> => {
				const sinceMs = this.connection.client.serverNowMs();
				const outcome = await storeInOneRequest(this.connection, ready, content);
				return { batch: [ready], outcomes: [outcome], sinceMs };
			},
			(failure) => ({ batch: [ready], outcomes: [failed(failure)], sinceMs: 0 }),
		);
		await this.finish(stored);
		return stored.outcomes[0] ?? failed(unsettledFailure('Dropbox'));
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
		// One that is just ending may have looked before the last file came.
		await this.worker;
		this.start();
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
		this.worker ??= beside(
			async () => await this.work(),
			// What is ready is in no batch yet, so nothing of it is stored.
			(error) => this.endAll(this.ready.splice(0), { ...thrown(error), stored: 'no' }),
		).finally(() => {
			this.worker = undefined;
		});
	}

	private async work(): Promise<void> {
		while (this.shouldCommit()) {
			const committed = await inTurn(
				this.connection,
				`a commit of ${filesText(Math.min(this.ready.length, this.batchSize))}`,
				async () => await this.commitOne(),
				(failure) => this.notCommitted(failure),
			);
			if (committed.outcomes.length === 0) return;
			await this.finish(committed);
		}
	}

	private notCommitted(failure: Failure): Committed {
		const batch = this.takeBatch();
		return { batch, outcomes: batch.map(() => failed(failure)), sinceMs: 0 };
	}

	private endAll(files: readonly ReadyFile[], failure: Failure): void {
		for (const ready of files) this.end(ready.file, failed(resumable(ready, failure)));
	}

	/** No outcomes when nothing that is ready may go yet. */
	private async commitOne(): Promise<Committed> {
		const batch = this.takeBatch();
		const sinceMs = this.connection.client.serverNowMs();
		if (batch.length === 0) return { batch, outcomes: [], sinceMs };
		const committed = await outcomeOf(
			async () => success(await commitEntries(this.connection, batch.map(entryOf))),
			thrown,
		);
		const outcomes = committed.ok ? committed.value : batch.map(() => committed);
		return { batch, outcomes, sinceMs };
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

	private async finish({ batch, outcomes, sinceMs }: Committed): Promise<void> {
		const doubtful: Doubtful[] = [];
		const turnsForN8n = new Turns();
		for (const [index, ready] of batch.entries()) {
			await turnsForN8n.next();
			const outcome = outcomes[index] ?? failed(unsettledFailure('Dropbox'));
			if (outcome.ok) this.stored(ready, outcome.value);
			else doubtful.push(...this.refused(ready, outcome.failure));
		}
		await this.reconcile(doubtful, sinceMs);
	}

	/** Ends the file, or has it sent again, unless only a look at its path can tell what became of it. */
	private refused(ready: ReadyFile, failure: Failure): Doubtful[] {
		const { file } = ready;
		if (SESSION_LOST.has(failure.code) && this.onSessionLost(file)) return [];
		const skips = isSkipped(file.ifExists, failure);
		if (skips || failure.stored === 'unknown') return [doubtfulOf(ready, failure, skips)];
		const subject = failure.subject ?? file.commit.path;
		const told = resumable(ready, saidFor(file, { ...failure, subject }));
		this.end(file, failed(atTeamRoot(told, this.connection.rootKind)));
		return [];
	}

	private async reconcile(doubtful: readonly Doubtful[], sinceMs: number): Promise<void> {
		const isOfAnother = ({ rev }: StoredFile): boolean => isString(rev) && this.revs.has(rev);
		const looked = await outcomeOf(
			async () =>
				success(await reconcileCommits(this.connection, doubtful, { sinceMs, isOfAnother })),
			thrown,
		);
		for (const [index, { failure, ready }] of doubtful.entries()) {
			const outcome = looked.ok ? looked.value[index] : undefined;
			if (outcome?.ok) this.stored(ready, outcome.value);
			else this.end(ready.file, outcome ?? failed(failure));
		}
	}

	private stored(ready: ReadyFile, value: IDataObject): void {
		const { autorename, strict_conflict: strict } = ready.file.commit;
		if ((autorename || strict) && isString(value.rev)) this.revs.add(value.rev);
		const outcome = value.skipped === undefined ? verified(ready, value) : success(value);
		const wasThere = outcome.ok && value.skipped === undefined && this.isOlder(value);
		this.end(ready.file, wasThere ? success({ ...value, skipped: 'unchanged' }) : outcome);
	}

	/** A commit of the very same content succeeds and changes nothing: the file is the one from before. */
	private isOlder({ server_modified: modified }: IDataObject): boolean {
		const clockOffsetMs = this.connection.client.serverNowMs() - Date.now();
		const startedAtMs = this.startedAtMs + clockOffsetMs;
		return isString(modified) && Date.parse(modified) < startedAtMs - CLOCK_TOLERANCE_MS;
	}
}
