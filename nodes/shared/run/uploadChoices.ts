import type { IDataObject, IExecuteFunctions, INodePropertyOptions } from 'n8n-workflow';

import { flagOf, optionFlag } from '../fields/parameters';
import type { LinkRequest } from '../fields/sharedLink';
import { readLinkRequest } from '../fields/sharedLink';
import type { Checkpoint } from '../transfer/checkpoints';
import { readResumeFrom } from '../transfer/resumeFrom';

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
