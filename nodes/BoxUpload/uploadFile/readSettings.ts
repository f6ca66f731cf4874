import type { IExecuteFunctions } from 'n8n-workflow';

import { collectionOf, optionChoice, optionFlag } from '../../shared/fields/parameters';
import type { MaxMemory } from '../../shared/fields/maxMemory';
import { readMaxMemory } from '../../shared/fields/maxMemory';
import { readDeadlineMs } from '../../shared/fields/waiting';
import type { Parallelism } from '../../shared/fields/parallel';
import { readParallelism } from '../../shared/fields/parallel';
import { PARALLELISM } from './description';
import type { SkipParts } from './skipParts';
import { SKIP_PARTS } from './skipParts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Above it a request that Box refuses, or for which the sign-in has to be renewed, is no small matter. */
const CHECKED_FROM_BYTES = 4 * MIB;
const CHECKED_FROM = { auto: CHECKED_FROM_BYTES, always: 0, never: Infinity };

/** How the files of one connection are uploaded. */
export interface UploadSettings extends MaxMemory {
	readonly parallelism: Parallelism;
	/** Smaller files are sent without a question. */
	readonly checkedFromBytes: number;
	/** Whether the session of a file that failed stays open. */
	readonly resume: boolean;
	readonly skipParts: SkipParts;
	/** How long a commit may take. */
	readonly deadlineMsFor: (sizeBytes: number) => number;
}

/** How the run uploads; the first item decides for all of one connection. Throws InputProblem. */
export function readSettings(context: IExecuteFunctions, itemIndex: number): UploadSettings {
	const options = collectionOf(context, itemIndex);
	const checkFirst = optionChoice(options, 'checkFirst', 'Check Before Upload', [
		'auto',
		'always',
		'never',
	]);
	const deadlineMs = readDeadlineMs(options, 0);
	return {
		parallelism: readParallelism(options, PARALLELISM),
		...readMaxMemory(options),
		checkedFromBytes: CHECKED_FROM[checkFirst],
		resume: optionFlag(options, 'resume', 'Resume', true),
		skipParts: optionChoice(options, 'skipParts', 'Skip Parts Box Has', [...SKIP_PARTS]),
		deadlineMsFor: (sizeBytes) => (deadlineMs === 0 ? automaticDeadlineMs(sizeBytes) : deadlineMs),
	};
}

function automaticDeadlineMs(sizeBytes: number): number {
	return (10 + Math.ceil(sizeBytes / GIB)) * 60_000;
}
