import { groupBy } from '../../shared/groupBy';
import { FEW_FILES } from '../../shared/transfer/lookup';
import type { UploadSettings } from './readSettings';
import type { FileToUpload, LocatedFile } from './types';
import { isLarge } from './types';

/** How many requests one file takes, when nothing has to be sent again. */
export function requestsToSend(
	{ attributes, source }: FileToUpload,
	{ checkedFromBytes }: UploadSettings,
	partBytes: number,
): number {
	const { sizeBytes } = source;
	if (isLarge(source)) return 2 + Math.ceil(sizeBytes / partBytes);
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
