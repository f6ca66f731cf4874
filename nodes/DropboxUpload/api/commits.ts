import { success } from '../../shared/failure';
import type { CallOutcome } from '../../shared/http/call';
import { firstWay } from '../../shared/http/missingRoutes';
import { commitTimeoutMs } from './commitTimeout';
import type { Connection } from './connection';
import { contentHashOf } from './contentHash';
import { isRouteRefused } from './failures/refusedRoute';
import * as shapes from './shapes';
import type {
	CommitInfo,
	FileMetadata,
	FinishBatchJob,
	FinishBatchResult,
	FinishEntry,
	UploadSessionCursor,
} from './types';

/** Most entries in one finish_batch or finish_batch_v2. */
export const MAX_BATCH_ENTRIES = 1_000;

export const FINISH_BATCH = 'files/upload_session/finish_batch_v2';
export const FINISH_BATCH_JOB = 'files/upload_session/finish_batch';

/**
 * A whole file of up to 150 MiB in one request, for whom Dropbox gives no sessions. After a lost answer the caller
 * looks. https://www.dropbox.com/developers/documentation/http/documentation#files-upload
 */
export async function uploadFile(
	connection: Connection,
	commit: CommitInfo,
	content: Buffer,
	contentHash: string,
): Promise<CallOutcome<FileMetadata>> {
	return await connection.content(
		{
			name: 'files/upload',
			argument: { ...commit, content_hash: contentHash },
			shape: shapes.fileMetadata,
			errorUnion: 'files.UploadError',
			afterLostResponse: 'settle',
			...timeoutsFor(1),
		},
		content,
	);
}

/**
 * Appends the last bytes, 150 MiB at most, and saves the session as a file. The session is used up by it.
 * Of a try that may have appended the bytes there is no other here: the next one has to begin elsewhere.
 */
export async function finishSession(
	connection: Connection,
	cursor: UploadSessionCursor,
	commit: CommitInfo,
	content: Buffer,
): Promise<CallOutcome<FileMetadata>> {
	return await connection.content(
		{
			name: 'files/upload_session/finish',
			argument: { cursor, commit, content_hash: contentHashOf(content) },
			shape: shapes.fileMetadata,
			errorUnion: 'files.UploadSessionFinishError',
			afterLostResponse: 'settle',
			once409: true,
			...timeoutsFor(1),
		},
		content,
	);
}

/**
 * Saves up to 1,000 closed sessions as files and answers when that is done: one entry for each, in order.
 * https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-finish_batch
 */
export async function finishBatch(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CallOutcome<FinishBatchResult>> {
	return await connection.rpc({
		name: FINISH_BATCH,
		argument: { entries },
		shape: shapes.finishBatchResult,
		...timeoutsFor(entries.length),
	});
}

/** The same as a job, unless Dropbox is through with it at once. Without such jobs it is done at once. */
export async function launchFinishBatchJob(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CallOutcome<FinishBatchJob>> {
	return await firstWay<FinishBatchJob>(
		connection.client.accountKey,
		[
			{
				route: FINISH_BATCH_JOB,
				call: async () => await launchJob(connection, entries),
			},
			{
				route: FINISH_BATCH,
				call: async () => {
					const finished = await finishBatch(connection, entries);
					return finished.ok
						? { ...finished, ...success({ '.tag': 'complete', ...finished.value } as const) }
						: finished;
				},
			},
		],
		isRouteRefused,
	);
}

/** The job itself. */
export async function launchJob(
	connection: Connection,
	entries: readonly FinishEntry[],
): Promise<CallOutcome<FinishBatchJob>> {
	return await connection.rpc({
		name: FINISH_BATCH_JOB,
		argument: { entries },
		shape: shapes.finishBatchJob,
		...timeoutsFor(entries.length),
	});
}

/** A commit is waited for as long as it may take, and not begun again after that: it is looked at. */
function timeoutsFor(files: number): { responseTimeoutMs: number; giveUpAtMs: number } {
	const responseTimeoutMs = commitTimeoutMs(files);
	return { responseTimeoutMs, giveUpAtMs: Date.now() + responseTimeoutMs };
}

/** What a job has come to. No further try begins after `giveUpAtMs`. */
export async function checkFinishBatchJob(
	connection: Connection,
	asyncJobId: string,
	giveUpAtMs?: number,
): Promise<CallOutcome<FinishBatchJob>> {
	return await connection.rpc({
		name: 'files/upload_session/finish_batch/check',
		argument: { async_job_id: asyncJobId },
		shape: shapes.finishBatchJob,
		errorUnion: 'async.PollError',
		...(giveUpAtMs !== undefined && { giveUpAtMs }),
	});
}
