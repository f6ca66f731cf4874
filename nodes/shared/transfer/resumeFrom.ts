import { isObject, isString } from '../json';
import type { Checkpoint } from './checkpoints';
import { isCheckpoint } from './checkpoints';
import { InputProblem } from '../fields/inputProblem';
import { jsonValue, printable } from '../fields/values';

/** The option Resume Failed Item. A failed item may hold less than a record, such as one whose small file is sent anew anyway. */
export function readResumeFrom(value: unknown): Checkpoint | undefined {
	const record = jsonValue(value, 'resumeFrom', 'Resume Failed Item') ?? undefined;
	if (record === undefined || isCheckpoint(record)) return record;
	const isLess = isObject(record) && record.partSizeBytes === undefined;
	if (isLess && isString(record.sessionId)) return undefined;
	throw new InputProblem(
		'resumeFrom',
		"'Resume Failed Item' isn't what a failed upload returned",
		'Use error.resume of the failed item, unchanged.',
		printable(value),
	);
}
