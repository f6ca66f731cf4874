import type { Failure } from '../../../shared/failure';

/** After a lost answer, a refusal of the same commit most probably means that the first one went through. */
const REFUSED_AS_DONE = new Set([404, 409, 410, 412]);

/** The failure of a commit that was sent again because its answer was lost. */
export function afterLostCommit(failure: Failure, answerLost: boolean): Failure {
	if (!answerLost) return failure;
	if (failure.retryable || failure.status === undefined || !REFUSED_AS_DONE.has(failure.status)) {
		return { ...failure, stored: 'unknown' };
	}
	return {
		...failure,
		path: 'outcome_unknown',
		message: 'The answer of Box to the commit was lost, and Box refused it when it was sent again',
		remedy:
			'The file is most probably stored. Look into the folder in Box before you send it again; sending it again could store it twice.',
		class: 'user',
		retryable: false,
		stored: 'unknown',
	};
}
