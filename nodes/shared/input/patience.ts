import type { IDataObject } from 'n8n-workflow';

const DEFAULT_DEADLINE_MINUTES = 10;

/** The option Wait At Most (Minutes), in milliseconds. */
export function readDeadlineMs(options: IDataObject): number {
	const minutes = Number(options.deadlineMinutes ?? DEFAULT_DEADLINE_MINUTES);
	return (Number.isFinite(minutes) && minutes >= 0 ? minutes : DEFAULT_DEADLINE_MINUTES) * 60_000;
}
