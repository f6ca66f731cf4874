import { groupBy } from '../../shared/groupBy';
import { questionsWithoutHits, windowParts } from '../../shared/transfer/asking';
import { FEW_FILES } from '../../shared/transfer/lookup';
import type { UploadSettings } from './readSettings';
import { isCheckedFirst } from './direct';
import { isSentDirect } from './sendLarge';
import type { FileToUpload, LocatedFile, ResolvedTarget } from './types';

/** What the number of requests depends on, beside the file. */
interface Way {
	readonly resolved: ResolvedTarget;
	readonly accountKey: string;
	readonly partBytes: number;
	/** Whether Box is asked which parts it has; it has none. */
	readonly asks: boolean;
}

/** How many requests one file takes, when nothing has to be sent again. Routes that are known to be missing are not used. */
export function requestsToSend(
	{ attributes, source }: FileToUpload,
	{ checkedFromBytes, memoryForParts }: UploadSettings,
	{ resolved, accountKey, partBytes, asks }: Way,
): number {
	const { sizeBytes } = source;
	if (!isSentDirect(source, accountKey)) {
		const parts = Math.ceil(sizeBytes / partBytes);
		const mostParts = windowParts(partBytes, memoryForParts(partBytes));
		return 2 + parts + (asks ? questionsWithoutHits(parts, mostParts) : 0);
	}
	const isChecked = sizeBytes >= checkedFromBytes && isCheckedFirst(resolved, accountKey);
	return (isChecked ? 1 : 0) + 1 + (attributes.description === undefined ? 0 : 1);
}

/** How many it takes to look into folders that the run will have made. */
export function requestsToLook(located: readonly LocatedFile[]): number {
	const folders = groupBy(located, ({ folderId }) => folderId);
	const requests = [...folders.values()].map((files) =>
		files.length <= FEW_FILES ? files.length : 1,
	);
	return requests.reduce((sum, count) => sum + count, 0);
}
