import { groupBy } from '../../shared/groupBy';
import { questionsWithoutHits, windowParts } from '../../shared/transfer/asking';
import { FEW_FILES } from '../../shared/transfer/lookup';
import type { UploadSettings } from './readSettings';
import type { FileToUpload, LocatedFile } from './types';
import { isLarge } from './types';

/**
 * How many requests one file takes, when nothing has to be sent again. `asks`: Box is asked which parts it has, and
 * has none.
 */
export function requestsToSend(
	{ attributes, source }: FileToUpload,
	{ checkedFromBytes, memoryLimitBytes }: UploadSettings,
	{ partBytes, asks }: { readonly partBytes: number; readonly asks: boolean },
): number {
	const { sizeBytes } = source;
	if (isLarge(source)) {
		const parts = Math.ceil(sizeBytes / partBytes);
		const mostParts = windowParts(partBytes, memoryLimitBytes);
		return 2 + parts + (asks ? questionsWithoutHits(parts, mostParts) : 0);
	}
	const checks = sizeBytes >= checkedFromBytes ? 1 : 0;
	return checks + 1 + (attributes.description === undefined ? 0 : 1);
}

/** How many it takes to look into folders that the run will have made. */
export function requestsToLook(located: readonly LocatedFile[]): number {
	const folders = groupBy(located, ({ folderId }) => folderId);
	const requests = [...folders.values()].map((files) =>
		files.length <= FEW_FILES ? files.length : 1,
	);
	return requests.reduce((sum, count) => sum + count, 0);
}
