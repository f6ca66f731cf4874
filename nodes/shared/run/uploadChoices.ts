import type { IDataObject, IExecuteFunctions, INodePropertyOptions } from 'n8n-workflow';

import { InputProblem } from '../fields/inputProblem';
import { flagOf, optionFlag } from '../fields/parameters';
import type { LinkRequest } from '../fields/sharedLink';
import { readLinkRequest } from '../fields/sharedLink';
import { jsonValue, printable } from '../fields/values';
import { isObject, isString } from '../json';
import type { Checkpoint } from '../transfer/checkpoints';
import { isCheckpoint } from '../transfer/checkpoints';

/** What an item says about its upload, whatever the vendor. */
export interface UploadChoices {
	readonly skipUnchanged: boolean;
	/** Whether Skip Unchanged may not go by size and time. */
	readonly compareContent: boolean;
	readonly resumeFrom: Checkpoint | undefined;
	/** Undefined when no link is wanted. */
	readonly link: LinkRequest | undefined;
}

/** `isDated`: a date was entered, which is the same for whatever content. Throws InputProblem. */
export function readUploadChoices(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	isDated: boolean,
	linkAudiences: readonly INodePropertyOptions[],
): UploadChoices {
	return {
		skipUnchanged: flagOf(context, itemIndex, 'skipUnchanged', 'Skip Unchanged'),
		compareContent: isDated || optionFlag(options, 'compareContent', 'Compare Content'),
		resumeFrom: readResumeFrom(options.resumeFrom),
		link: readLinkRequest(options, linkAudiences),
	};
}

/** The option Resume Failed Item. A failed item may hold less than a record, such as one whose small file is sent anew anyway. */
function readResumeFrom(value: unknown): Checkpoint | undefined {
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
