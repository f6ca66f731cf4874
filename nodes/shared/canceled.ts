import type { Explanation } from './catalogue';
import { passing } from './catalogue';

/** Path and words of a failure that is none: somebody has cancelled the execution. */
export const CANCELED: readonly [path: string, Explanation] = [
	'canceled',
	// In this spelling: by it n8n knows that the execution was canceled and did not fail.
	passing('The execution was canceled', 'Run the workflow again to send the rest.'),
];
