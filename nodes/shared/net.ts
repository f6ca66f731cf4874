import { ourFault } from './catalogue';
import type { Failure, Outcome } from './failure';
import { failed } from './failure';
import { failureOf } from './failureOf';

/** Turns what was thrown below the edge into the failure of the files it was for. */
export type Thrown = (error: unknown) => Failure;

const INTERNAL = ourFault(
	'The node stopped working on this item because of a bug in it',
	'Check whether the file is there before you upload it again. Then report the bug, with the reason below, at https://github.com/n8n-nodes-upload-sessions/n8n-nodes-upload-sessions/issues.',
	'unknown',
);

/**
 * The failure for a throw that nothing below has turned into one. Its text may quote anything, so only
 * its kind and the place in the code are told.
 */
export function internalFailure(vendor: Failure['vendor'], error: unknown): Failure {
	return failureOf(vendor, 'internal', INTERNAL, { reason: whereThrown(error) });
}

/** The failure for an item that nothing has given an outcome. */
export function unsettledFailure(vendor: Failure['vendor']): Failure {
	return failureOf(vendor, 'internal', INTERNAL, { reason: 'The item was never settled' });
}

/**
 * Starts work that runs beside other work, and is the only way to do so: a part, a pack, a commit, a
 * listing. Never rejects; what the work throws goes to `onThrow`, which may settle the files it was for.
 */
export async function beside(
	work: () => Promise<void>,
	onThrow: (error: unknown) => void,
): Promise<void> {
	try {
		await work();
	} catch (error) {
		onThrow(error);
	}
}

/** For what sends nothing that could be stored. */
export function withNothingStored(thrown: Thrown): Thrown {
	return (error) => ({ ...thrown(error), stored: 'no' });
}

/** What the work came to; a throw is a failure like any other. */
export async function outcomeOf<T>(
	work: () => Promise<Outcome<T>>,
	thrown: Thrown,
): Promise<Outcome<T>> {
	try {
		return await work();
	} catch (error) {
		return failed(thrown(error));
	}
}

/** E.g. `RangeError in sessionCalls.js:144`, without the text of the error. */
function whereThrown(error: unknown): string {
	if (!(error instanceof Error)) return `A thrown ${typeof error}`;
	const [, file = 'unknown', line = '0'] = /([\w.-]+\.[jt]s):(\d+)/.exec(error.stack ?? '') ?? [];
	const kind = /^\w{1,40}$/.test(error.name) ? error.name : 'Error';
	return `${kind} in ${file}:${line}`;
}
