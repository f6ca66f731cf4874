import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { afterRetries, failed, success } from '../../shared/failure';
import { hostOf } from '../../shared/http/outageBudget';
import { retryDelayMs } from '../../shared/http/retry';
import { waitMs } from '../../shared/http/wait';
import { finishSession } from '../api/commits';
import { appendToSession } from '../api/sessions';
import { commitTimeoutMs } from '../api/commitTimeout';
import type { Connection } from '../api/connection';
import { CONTENT_URL } from '../api/connection';
import { contentHashOf } from '../api/contentHash';
import { afterLostResponse } from '../api/failures/lostCommit';
import { readNoReply } from '../api/failures/read';
import type { CommitInfo, UploadSessionCursor } from '../api/types';
import { Tries } from './tries';

/** A session that gets its last bytes and becomes a file. */
export interface FileToFinish {
	readonly cursor: UploadSessionCursor;
	readonly commit: CommitInfo;
	readonly content: Buffer;
}

export interface Finished {
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
	const { client, policy } = connection;
	const { commit, content, cursor } = file;
	const end = cursor.offset + content.length;
	const tried = tries.begin(connection, file);
	const patientUntilMs = Date.now() + commitTimeoutMs(1);
	let offset = tried.mayHaveAppended ? end : cursor.offset;
	let corrections = 0;
	let retries = 0;
	for (let attempt = 1; ; attempt++) {
		const rest = content.subarray(offset - cursor.offset);
		const finished = await finishSession(connection, { ...cursor, offset }, commit, rest);
		retries += finished.retries;
		tried.responseLost ||= finished.responseLost;
		if (finished.ok) {
			tries.end(connection, file);
			return { outcome: success(finished.value as IDataObject), sinceMs: tried.sinceMs };
		}
		const { failure } = finished;
		const endsAt = tried.mayHaveAppended ? endOfSession(failure) : undefined;
		const isOurs = endsAt !== undefined && endsAt >= cursor.offset && endsAt <= end;
		if (isOurs && endsAt !== offset && corrections < MAX_CORRECTIONS) {
			corrections += 1;
			offset = endsAt;
			continue;
		}
		if (rest.length > 0 && (finished.responseLost || isAfterAppend(failure))) {
			tried.mayHaveAppended = true;
			offset = end;
		}
		const isOpen = tried.responseLost && BUSY.has(failure.path);
		const delayMs = retryDelayMs({
			attempt,
			passes: failure.retryable && client.outage.endOf(hostOf(CONTENT_URL)) === undefined,
			// Whose answer was lost may be at work still: its own lock is what turns the others away.
			...(isOpen
				? { policy: { ...policy, maxRetries: Infinity }, remainingMs: patientUntilMs - Date.now() }
				: { policy }),
			random: Math.random(),
		});
		const { sinceMs } = tried;
		if (delayMs === undefined) {
			const isKnown = rest.length === 0 || isAfterAppend(failure);
			const at = isKnown ? offset : await endFoundOut(connection, file, offset);
			tries.keep(connection, file, tried);
			const { responseLost } = tried;
			const said = afterLostResponse(failure, { responseLost, isVerdict: failure.status === 409 });
			return { outcome: failed(withSession(afterRetries(said, retries), file, at)), sinceMs };
		}
		client.traffic.retried(failure.path);
		retries += 1;
		if (!(await waitMs(delayMs, client.cancelSignal))) {
			tries.keep(connection, file, tried);
			const canceled = readNoReply({ kind: 'canceled', inFlight: tried.responseLost });
			const said = afterLostResponse(canceled, { ...tried, isVerdict: false });
			return { outcome: failed(withSession(said, file, offset)), sinceMs };
		}
	}
}

const BUSY = new Set(['too_many_write_operations', 'path/too_many_write_operations']);

/** A verdict on the path comes when the bytes are in; that of the lock may. */
function isAfterAppend({ path, status }: Failure): boolean {
	return status === 409 && (path.startsWith('path/') || path === 'path' || BUSY.has(path));
}

function endOfSession({ path, resume }: Failure): number | undefined {
	const offset = path === 'lookup_failed/incorrect_offset' ? resume?.correctOffset : undefined;
	return typeof offset === 'number' ? offset : undefined;
}

/** An append without bytes changes nothing, and says where the session ends. */
async function endFoundOut(
	connection: Connection,
	{ content, cursor }: FileToFinish,
	offset: number,
): Promise<number> {
	if (offset === cursor.offset || content.length === 0) return offset;
	const asked = await appendToSession(connection, { ...cursor, offset }, false, Buffer.alloc(0));
	const correct = asked.ok ? offset : asked.failure.resume?.correctOffset;
	return typeof correct === 'number' ? correct : offset;
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
