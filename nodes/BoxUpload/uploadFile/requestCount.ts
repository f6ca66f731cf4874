import { FEW_FILES } from '../../shared/transfer/lookup';
import type { Placed } from './decide';
import type { UploadSettings } from './readSettings';
import type { FileToUpload } from './types';
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
export function requestsToLook(placed: readonly Placed[]): number {
	const files = new Map<string, number>();
	for (const { folderId } of placed) files.set(folderId, (files.get(folderId) ?? 0) + 1);
	return [...files.values()].reduce((sum, count) => sum + (count <= FEW_FILES ? count : 1), 0);
}
