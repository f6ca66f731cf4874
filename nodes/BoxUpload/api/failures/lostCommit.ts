import type { Failure } from '../../../shared/failure';

/** After a lost answer, a refusal of the same commit most probably means that the first one went through. */
const REFUSED_AS_DONE = new Set([404, 409, 410, 412]);

/**
 * The failure of a commit that was sent again because its answer was lost, or because Box had accepted it and was
 * still at work on it (202): that may have stored the file as well.
 */
export function afterLostCommit(
	failure: Failure,
	responseLost: boolean,
	isAccepted = false,
): Failure {
	if (!responseLost && !isAccepted) return failure;
	if (failure.retryable || failure.status === undefined || !REFUSED_AS_DONE.has(failure.status)) {
		const isOpen = responseLost || failure.retryable || failure.status === undefined;
		return isOpen ? { ...failure, stored: 'unknown' } : failure;
	}
	return {
		...failure,
		code: 'outcome_unknown',
		message: responseLost
			? "Box's response to the commit was lost, and Box refused the commit when it was repeated"
			: 'Box accepted the commit, then refused it when the node asked for its result',
		remedy:
			'Look into the folder in Box before you upload the file again. The file is probably stored, and a second upload could store it twice.',
		class: 'user',
		retryable: false,
		stored: 'unknown',
	};
}
