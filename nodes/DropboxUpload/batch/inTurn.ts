import type { Failure } from '../../shared/failure';
import { oneAtATime } from '../../shared/http/serial';
import type { Connection } from '../api/connection';
import { passing } from '../../shared/catalogue';
import { toFailure } from '../api/failures/read';

/** Longer than one commit may take. A job may take days, and is not waited for so long. */
const TURN_AT_MOST_MS = 30 * 60_000;

/**
 * Runs a commit, or a job, when no other of the account is at work in this process: Dropbox asks not to start one
 * before the one before has ended. Whoever waits says so, and gives up when the other does not come to its end.
 */
export async function inTurn<T>(
	{ client, commitKey }: Connection,
	what: string,
	work: () => Promise<T>,
	notBegun: (failure: Failure) => T,
): Promise<T> {
	return await oneAtATime(commitKey, client.cancelSignal, work, {
		what,
		atMostMs: TURN_AT_MOST_MS,
		onWait: (busyWith, waitedMs) =>
			client.tell(
				`Dropbox Upload: waiting for ${busyWith}, since Dropbox takes one at a time for an account (${lengthOf(waitedMs)})`,
			),
		giveUp: () => notBegun(ANOTHER_AT_WORK),
	});
}

export function filesText(count: number): string {
	return count === 1 ? '1 file' : `${count.toLocaleString('en-US')} files`;
}

export function lengthOf(ms: number): string {
	return ms < 60_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}

const ANOTHER_AT_WORK = toFailure(
	'job/another_in_progress',
	passing(
		"Another run is still saving files in this Dropbox account, so this file wasn't saved",
		"Run this again when the other run has ended. The upload session stays open for 7 days. If a batch job blocks other runs, turn off 'Wait for the Job'.",
	),
);
