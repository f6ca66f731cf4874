import type { CallOutcome } from '../../shared/http/call';
import type { Connection } from './connection';
import * as shapes from './shapes';
import type { SaveUrlJob } from './types';

/**
 * Lets Dropbox download a file. Where a file is at the path, it gives this one another name. Not sent
 * again after a lost answer: it would be downloaded and stored twice.
 */
export async function saveUrl(
	connection: Connection,
	path: string,
	url: string,
): Promise<CallOutcome<SaveUrlJob>> {
	return await connection.rpc({
		name: 'files/save_url',
		argument: { path, url },
		shape: shapes.saveUrlJob,
		errorUnion: 'files.SaveUrlError',
		afterLostResponse: 'settle',
		secrets: [url],
	});
}

/** What a download has come to. */
export async function checkSaveUrl(
	connection: Connection,
	asyncJobId: string,
	url: string,
	giveUpAtMs: number,
): Promise<CallOutcome<SaveUrlJob>> {
	return await connection.rpc({
		name: 'files/save_url/check_job_status',
		argument: { async_job_id: asyncJobId },
		shape: shapes.saveUrlJob,
		errorUnion: 'async.PollError',
		giveUpAtMs,
		secrets: [url],
	});
}
