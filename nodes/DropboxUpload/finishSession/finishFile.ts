import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, correctOffsetOf, failed, success } from '../../shared/failure';
import { hostOf } from '../../shared/http/outageBudget';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import { toJson } from '../../shared/json';
import { finishSession } from '../api/commits';
import { appendToSession } from '../api/sessions';
import { commitTimeoutMs } from '../api/commitTimeout';
import type { Connection } from '../api/connection';
import { CONTENT_URL } from '../api/connection';
import { contentHashOf } from '../api/contentHash';
import { afterLostResponse } from '../api/failures/lostCommit';
import { readNoReply } from '../api/failures/read';
import type { CommitInfo, UploadSessionCursor } from '../api/types';
import { BUSY, commitPolicy } from '../batch/busy';
import type { Tried } from './tries';
import { Tries } from './tries';

/** A session that gets its last bytes and becomes a file. */
export interface FileToFinish {
	readonly cursor: UploadSessionCursor;
	readonly commit: CommitInfo;
	readonly content: Buffer;
}

interface Finished {
	readonly outcome: Outcome<IDataObject>;
	/** By Dropbox's clock: before the first try. */
	readonly sinceMs: number;
}

/** A session that moves its end more often than this is not ours alone. */
const MAX_CORRECTIONS = 4;

const tries = new Tries();

/**
 * Finishes the session. Dropbox appends the bytes first and saves them then: "Data has already been appended to the
 * upload session. Please retry with empty data body and updated offset" (UploadSessionFinishError, `path`). So a try that
 * may have got that far is followed by one without bytes, and what is missing is sent when Dropbox says so.
 */
export async function finishFile(connection: Connection, file: FileToFinish): Promise<Finished> {
	return await new Finishing(connection, file).run();
}

class Finishing {
	private readonly tried: Tried;
	private readonly untilMs = Date.now() + commitTimeoutMs(1);
	/** Where the session is taken to end. */
	private offset: number;
	private corrections = 0;
	private retries = 0;

	constructor(
		private readonly connection: Connection,
		private readonly file: FileToFinish,
	) {
		this.tried = tries.begin(connection, file);
		this.offset = this.tried.mayHaveAppended ? this.end : file.cursor.offset;
	}

	async run(): Promise<Finished> {
		const { connection, file, tried } = this;
		const { client } = connection;
		const { commit, content, cursor } = file;
		for (let attempt = 1; ; attempt++) {
			const { offset } = this;
			const rest = content.subarray(offset - cursor.offset);
			const finished = await finishSession(connection, { ...cursor, offset }, commit, rest);
			this.retries += finished.retries;
			tried.responseLost ||= finished.responseLost;
			if (finished.ok) {
				tries.end(connection, file);
				return { outcome: success(toJson(finished.value)), sinceMs: tried.sinceMs };
			}
			const { failure, responseLost } = finished;
			if (this.corrects(failure)) continue;
			if (rest.length > 0 && (responseLost || isAfterAppend(failure))) this.goOnWithoutBytes();
			const delayMs = this.delayMs(failure, attempt);
			if (delayMs === undefined) return await this.giveUp(failure, rest.length === 0);
			client.traffic.retried(failure.code);
			this.retries += 1;
			if (!(await waitMs(delayMs, client.cancelSignal))) return this.cancel();
		}
	}

	private get end(): number {
		return this.file.cursor.offset + this.file.content.length;
	}

	/** Whether the failure says where the session ends, after bytes of ours. */
	private corrects(failure: Failure): boolean {
		const { offset, tried } = this;
		const endsAt = tried.mayHaveAppended ? endOfSession(failure) : undefined;
		const isOurs = endsAt !== undefined && endsAt >= this.file.cursor.offset && endsAt <= this.end;
		if (isOurs && endsAt !== offset && this.corrections < MAX_CORRECTIONS) {
			this.corrections += 1;
			this.offset = endsAt;
			return true;
		}
		return false;
	}

	private goOnWithoutBytes(): void {
		const { tried } = this;
		tried.mayHaveAppended = true;
		this.offset = this.end;
	}

	private delayMs({ code, retryable }: Failure, attempt: number): number | undefined {
		const { connection, tried, untilMs } = this;
		const mayBeAtWork = tried.responseLost && BUSY.has(code);
		return retryDelayMs({
			attempt,
			passes: retryable && connection.client.outage.endOf(hostOf(CONTENT_URL)) === undefined,
			...commitPolicy(connection, { mayBeAtWork, untilMs }),
			random: Math.random(),
		});
	}

	private async giveUp(failure: Failure, hasSentNothing: boolean): Promise<Finished> {
		const { connection, file, retries } = this;
		const isKnown = hasSentNothing || isAfterAppend(failure);
		const offset = isKnown ? this.offset : await endFoundOut(connection, file, this.offset);
		return this.failed(afterRetries(failure, retries), {
			offset,
			isVerdict: failure.status === 409,
		});
	}

	private cancel(): Finished {
		const canceled = readNoReply({ kind: 'canceled', inFlight: this.tried.responseLost });
		return this.failed(canceled, { offset: this.offset, isVerdict: false });
	}

	private failed(
		failure: Failure,
		{ isVerdict, offset }: { readonly isVerdict: boolean; readonly offset: number },
	): Finished {
		const { connection, file, tried } = this;
		const { responseLost, sinceMs } = tried;
		tries.keep(connection, file, tried);
		const said = afterLostResponse(failure, { responseLost, isVerdict });
		return { outcome: failed(withSession(said, file, offset)), sinceMs };
	}
}

/** A verdict on the path comes when the bytes are in; that of the lock may. */
function isAfterAppend({ code, status }: Failure): boolean {
	return status === 409 && (code.startsWith('path/') || code === 'path' || BUSY.has(code));
}

function endOfSession(failure: Failure): number | undefined {
	const isOffset = failure.code === 'lookup_failed/incorrect_offset';
	return isOffset ? correctOffsetOf(failure) : undefined;
}

/** An append without bytes changes nothing, and says where the session ends. */
async function endFoundOut(
	connection: Connection,
	{ content, cursor }: FileToFinish,
	offset: number,
): Promise<number> {
	if (offset === cursor.offset || content.length === 0) return offset;
	const asked = await appendToSession(connection, { ...cursor, offset }, false, Buffer.alloc(0));
	return asked.ok ? offset : (correctOffsetOf(asked.failure) ?? offset);
}

/** The failure with the file's path and what is needed to finish the session later. */
export function withSession(
	failure: Failure,
	{ commit, cursor }: FileToFinish,
	offset = cursor.offset,
): Failure {
	const resume = { sessionId: cursor.session_id, offset, ...failure.resume };
	return { ...failure, subject: commit.path, resume };
}

/** Of the whole file, where all its bytes came with the call. */
export function hashOfWhole({ content, cursor }: FileToFinish): string | undefined {
	return cursor.offset === 0 && content.length > 0 ? contentHashOf(content) : undefined;
}
