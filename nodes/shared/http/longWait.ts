import type { Failure } from '../failure';

/** The service asks for more than the node waits, whatever the catalogue's remedy says. */
export function withLongWait(failure: Failure, retryAfterMs: number): Failure {
	const minutes = Math.ceil(retryAfterMs / 60_000);
	const inMinutes = minutes === 1 ? 'a minute' : `${minutes} minutes`;
	const later = minutes > 180 ? `${Math.ceil(minutes / 60)} hours` : inMinutes;
	return {
		...failure,
		remedy: `Try again in ${later}. The service asks to wait that long, which is longer than the node waits.`,
	};
}
