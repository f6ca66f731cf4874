import type { Parallelism } from '../fields/parallel';
import { Lanes } from './lanes';

const MAX_ACCOUNTS = 1_000;

/** By account, for all executions of this process. */
const accounts = new Map<string, Lanes>();

/** The lanes of an account, as its last run has left them. */
export function lanesOf(accountKey: string, parallelism: Parallelism): Lanes {
	const known = accounts.get(accountKey);
	const lanes = known === undefined || known.isOutdated ? new Lanes(parallelism) : known;
	// Anew at the end of the map, so that the first is the one not used for longest.
	accounts.delete(accountKey);
	accounts.set(accountKey, lanes);
	const [oldest] = accounts.keys();
	if (accounts.size > MAX_ACCOUNTS && oldest !== undefined) accounts.delete(oldest);
	return lanes;
}
