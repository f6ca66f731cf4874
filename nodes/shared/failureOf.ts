import type { Explanation } from './catalogue';
import type { Failure } from './failure';

/** The failure for a reason; not stored unless its explanation says otherwise. */
export function failureOf(
	vendor: Failure['vendor'],
	code: string,
	{ message, remedy, class: failureClass, stored = 'no' }: Explanation,
	more: Partial<Failure> = {},
): Failure {
	const retryable = failureClass === 'transient';
	return { vendor, code, message, remedy, class: failureClass, retryable, stored, ...more };
}
