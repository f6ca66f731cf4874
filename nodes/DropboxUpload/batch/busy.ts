import type { RetryPolicy, RetryQuestion } from '../../shared/http/retry';
import type { Connection } from '../api/connection';

/** Reasons with which Dropbox puts a commit off. */
export const BUSY = new Set(['too_many_write_operations', 'path/too_many_write_operations']);

/** Whose response was lost may be at work still: its own lock is what turns the others away. */
export function commitPolicy(
	{ policy }: Connection,
	{ mayBeAtWork, untilMs }: { readonly mayBeAtWork: boolean; readonly untilMs: number },
): Pick<RetryQuestion, 'policy' | 'remainingMs'> {
	if (!mayBeAtWork) return { policy };
	const untilUnlocked: RetryPolicy = { ...policy, maxRetries: Infinity };
	return { policy: untilUnlocked, remainingMs: untilMs - Date.now() };
}
