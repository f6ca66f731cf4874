import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import type { Thrown } from '../../shared/net';
import { internalFailure } from '../../shared/net';
import { toJson } from '../../shared/json';
import { uploadFile } from '../api/commits';
import type { Connection } from '../api/connection';
import { afterLostResponse } from '../api/failures/lostCommit';
import type { FinishEntry } from '../api/types';
import type { Unsettled } from './reconcile';
import type { ReadyFile } from './types';
import { passing } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

/** A batch and how its files ended, in order. */
export interface Committed {
	readonly batch: readonly ReadyFile[];
	readonly outcomes: ReadonlyArray<Outcome<IDataObject>>;
	readonly sinceMs: number;
}

export const thrown: Thrown = (error) => internalFailure('Dropbox', error);

export const SESSION_LOST = new Set([
	'lookup_failed/not_found',
	'lookup_failed/not_closed',
	'concurrent_session_missing_data',
	'concurrent_session_not_closed',
]);

export function entryOf({ file, sessionId, sizeBytes }: ReadyFile): FinishEntry {
	return {
		cursor: { session_id: sessionId, offset: sizeBytes },
		commit: file.commit,
	};
}

export type Doubtful = Unsettled & { readonly ready: ReadyFile };

export function doubtfulOf(ready: ReadyFile, failure: Failure, skips: boolean): Doubtful {
	const { file, sizeBytes, contentHash } = ready;
	return { ready, commit: file.commit, sizeBytes, contentHash, failure, skips };
}

/** A large file whose commit was refused need not be sent again. */
export function resumable({ resume }: ReadyFile, failure: Failure): Failure {
	if (resume === undefined || failure.stored !== 'no') return failure;
	return { ...failure, resume: { ...failure.resume, ...resume } };
}

/** What Dropbox stored must be what was sent. */
export function verified(
	{ file, contentHash }: ReadyFile,
	value: IDataObject,
): Outcome<IDataObject> {
	const { content_hash: stored } = value;
	if (stored === undefined || stored === contentHash) return success(value);
	return failed({ ...OTHER_CONTENT, subject: file.commit.path });
}

const OTHER_CONTENT = toFailure(
	'verify/content_hash',
	passing(
		"The file in Dropbox doesn't have the content that was sent",
		"Upload the file again with 'If File Exists' set to Overwrite.",
		'yes',
	),
);

/** For whom Dropbox gives no sessions: the file's request stores it. */
export async function storeInOneRequest(
	connection: Connection,
	{ file, contentHash }: ReadyFile,
	content: Buffer,
): Promise<Outcome<IDataObject>> {
	const stored = await uploadFile(connection, file.commit, content, contentHash);
	if (stored.ok) return success(toJson(stored.value));
	const { failure, responseLost } = stored;
	return failed(afterLostResponse(failure, { responseLost, isVerdict: failure.status === 409 }));
}
