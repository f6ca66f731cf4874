import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Failure } from '../failure';
import { success } from '../failure';
import { runOptionsOf } from '../fields/runOptions';
import { descriptionOf } from '../output/errorItem';
import type { ItemResult } from '../output/toItems';
import type { Totals } from './totals';

interface FailedFile {
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
	const { bytesNotSent, retriedFor, waitedMs, ...counts } = totals;
	const ofClass = (wanted: Failure['class']): number =>
		failures.filter(({ failure }) => failure.class === wanted).length;
	return {
		report: {
			vendor,
			...counts,
			...(bytesNotSent > 0 && { bytesNotSent }),
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
				path: failure.code,
				message: failure.message,
				description: descriptionOf(failure),
			})),
		},
	};
}

/** The items that were asked for: one for each file, one for the run, or both. */
export function withReport(
	context: IExecuteFunctions,
	results: readonly ItemResult[],
	report: () => IDataObject,
): ItemResult[] {
	const { output } = runOptionsOf(context);
	const hasFailed = results.some(({ outcome }) => !outcome.ok);
	const wantsReport = output === 'report' || output === 'filesAndReport';
	// A run that stops is told by its error alone.
	if (!wantsReport || (hasFailed && !context.continueOnFail())) return [...results];
	const ofRun: ItemResult = {
		itemIndexes: results.flatMap(({ itemIndexes }) => itemIndexes),
		outcome: success(report()),
	};
	return output === 'report' ? [ofRun] : [...results, ofRun];
}
