import type { Failure } from '../../../shared/failure';
import { isKnownReason } from './read';

/** What a repeated commit is told when the first one, whose answer was lost, had used the session up. */
const USED_UP = new Set(['lookup_failed/not_found', 'lookup_failed/closed']);

/** Something about the session, and not what. */
const HALF_SAID = 'lookup_failed/other';

const UNKNOWN_OUTCOME = 'outcome_unknown';

/** Whether the session of a commit with a lost answer is gone since: the file is most probably stored. */
export function isUsedUp({ code }: Failure): boolean {
	return code === UNKNOWN_OUTCOME;
}

/**
 * After a lost answer, a session that is used up says that the file is most probably stored: not a
 * failure to send again, but one to look at. Another verdict of Dropbox on the file means that it was
 * not; anything else leaves open what became of the first try, a verdict that nobody can read included.
 */
export function afterLostResponse(
	failure: Failure,
	{ responseLost, isVerdict }: { readonly responseLost: boolean; readonly isVerdict: boolean },
): Failure {
	if (!responseLost) return failure;
	const isReason =
		failure.code !== HALF_SAID && isKnownReason('files.UploadSessionFinishError', failure.code);
	if (!isVerdict || failure.retryable || !isReason) return { ...failure, stored: 'unknown' };
	if (!USED_UP.has(failure.code)) return failure;
	return {
		...failure,
		code: UNKNOWN_OUTCOME,
		message: "Dropbox's response to the commit was lost, and the upload session has ended",
		remedy:
			'Look at the path of the file in Dropbox before you upload it again. The file is probably stored, and a second upload could store it twice.',
		class: 'user',
		retryable: false,
		stored: 'unknown',
	};
}
