import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { success } from '../failure';
import type { LinkRequest } from '../fields/sharedLink';
import { outcomeOf } from '../net';
import { errorJson } from '../output/errorItem';
import { inParallel } from '../transfer/inParallel';
import type { UploadContext } from './uploadRun';

const PARALLEL_LINKS = 4;

interface FileToLink {
	readonly link: LinkRequest | undefined;
}

/**
 * Uploads, and gets a link to each file that is stored. A link that cannot be had makes no stored file
 * a failure: the item says so beside what is stored. A failure of the whole is that of all files that
 * are not settled.
 */
export async function withLinks<C, F extends FileToLink, S>(
	context: UploadContext<C, F, S>,
	upload: (context: UploadContext<C, F, S>) => Promise<void>,
	linkTo: (stored: IDataObject, linkRequest: LinkRequest) => Promise<Outcome<IDataObject>>,
): Promise<Outcome<void>> {
	const stored: Array<readonly [F, LinkRequest, IDataObject]> = [];
	const settle: typeof context.settle = (file, outcome) => {
		if (outcome.ok && file.link !== undefined) stored.push([file, file.link, outcome.value]);
		else context.settle(file, outcome);
	};
	const uploaded = await outcomeOf(
		async () => success(await upload({ ...context, settle })),
		context.thrown,
	);
	let missing = 0;
	await inParallel(stored, PARALLEL_LINKS, async ([file, linkRequest, value]) => {
		const link = await outcomeOf(async () => await linkTo(value, linkRequest), context.thrown);
		if (!link.ok) missing += 1;
		const shared = link.ok
			? { shared_link: link.value }
			: { shared_link: null, shared_link_error: whyNot(link.failure) };
		context.settle(file, success({ ...value, ...shared }));
	});
	if (missing > 0) {
		context.warn(
			`No shared link for ${missing} of ${stored.length} stored files; shared_link_error of the items says why.`,
		);
	}
	return uploaded;
}

function whyNot(failure: Failure): IDataObject {
	return { ...errorJson({ ...failure, stored: 'yes' }) };
}
