import type { IDataObject } from 'n8n-workflow';

import type { Failure } from '../failure';
import type { Totals } from './totals';
import { descriptionOf } from '../output/errorItem';

export interface FailedFile {
	readonly item: number;
	readonly failure: Failure;
}

const MAX_NAMED_FAILURES = 20;

/** What a run amounts to, in one item: for a message or a line in a sheet. */
export function reportItem(
	vendor: Failure['vendor'],
	totals: Totals,
	failures: readonly FailedFile[],
): IDataObject {
	const { retriedFor, waitedMs, ...counts } = totals;
	const ofClass = (wanted: Failure['class']): number =>
		failures.filter(({ failure }) => failure.class === wanted).length;
	return {
		report: {
			vendor,
			...counts,
			failedByClass: {
				transient: ofClass('transient'),
				user: ofClass('user'),
				input: ofClass('input'),
				internal: ofClass('internal'),
			},
			retries: [...retriedFor.values()].reduce((sum, times) => sum + times, 0),
			retriedFor: Object.fromEntries(retriedFor),
			waitedSeconds: Object.fromEntries(
				[...waitedMs].map(([whom, durationMs]) => [whom, Math.round(durationMs / 1_000)]),
			),
			failures: failures.slice(0, MAX_NAMED_FAILURES).map(({ item, failure }) => ({
				item,
				path: failure.path,
				message: failure.message,
				description: descriptionOf(failure),
			})),
		},
	};
}
