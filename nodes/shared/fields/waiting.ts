import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { added } from './parameters';
import { numberWithin, wholeNumber } from './values';

const DEFAULT_MAX_RETRIES = 6;
const MOST_RETRIES = 20;
/** Stands for the time that is right for most. */
const AUTOMATIC = 0;
const USUAL_DEADLINE_MS = 10 * 60_000;
/** 7 days: both vendors forget an upload session after that. */
const LONGEST_DEADLINE_MINUTES = 7 * 24 * 60;

export const maxRetriesOption: INodeProperties = {
	displayName: 'Max Retries',
	name: 'maxRetries',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MOST_RETRIES, numberPrecision: 0 },
	default: DEFAULT_MAX_RETRIES,
	description:
		"How often to retry a failed request, with waits from half a second to 30 seconds. Waits that the service asks for (429) don't count as retries. A run waits up to 10 minutes without success. 0 never retries.",
};

export const deadlineOption: INodeProperties = {
	displayName: 'Max Wait (Minutes)',
	name: 'deadlineMinutes',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: LONGEST_DEADLINE_MINUTES },
	default: AUTOMATIC,
	description: 'How long to wait for the service to finish. 0 is automatic: 10 minutes.',
};

/** Tries after the first one; throws InputProblem. */
export function readMaxRetries(options: IDataObject): number {
	const given = added(options, 'maxRetries', DEFAULT_MAX_RETRIES);
	return wholeNumber(given, 'maxRetries', 'Max Retries', 0, MOST_RETRIES);
}

/** The option Max Wait; throws InputProblem. */
export function readDeadlineMs(options: IDataObject, automaticMs = USUAL_DEADLINE_MS): number {
	const given = added(options, 'deadlineMinutes', AUTOMATIC);
	const longest = LONGEST_DEADLINE_MINUTES;
	const minutes = numberWithin(given, 'deadlineMinutes', 'Max Wait', 0, longest);
	return minutes === AUTOMATIC ? automaticMs : minutes * 60_000;
}
