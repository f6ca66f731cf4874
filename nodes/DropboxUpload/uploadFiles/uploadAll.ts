import type { Outcome } from '../../shared/failure';
import { isString } from '../../shared/json';
import { withLinks } from '../../shared/run/sharedLinks';
import { sharedLinkTo } from '../api/links';
import { leaveOutExisting } from './lookup';
import { fetchUrls } from './fetchUrls';
import type { FileToFetch, FileToUpload } from './types';
import type { Context } from './uploader';
import { Uploader } from './uploader';
import { Waves } from './waves';

/** Uploads files that share one connection, and gets the links that are wanted. */
export async function uploadAll(
	files: readonly FileToUpload[],
	context: Context,
): Promise<Outcome<void>> {
	return await withLinks(
		context,
		async (inner) => await storeAll(files, inner),
		async ({ id, path_lower: path }, linkRequest) =>
			await sharedLinkTo(context.connection, [path, id].find(isString) ?? '', linkRequest),
	);
}

async function storeAll(files: readonly FileToUpload[], context: Context): Promise<void> {
	const { memoryLimitBytes } = context.settings;
	const waves = new Waves(files, { ...context, memoryLimitBytes });
	const { settle } = waves;
	for (let wave = await waves.next(); wave.length > 0; wave = await waves.next()) {
		await storeWave(wave, { ...context, settle });
	}
}

async function storeWave(files: readonly FileToUpload[], context: Context): Promise<void> {
	const { deadlineMs, memoryLimitBytes, pack } = context.settings;
	const wanted = await leaveOutExisting(files, {
		...context,
		memoryLimitBytes,
		largeAboveBytes: pack.maxBytes,
	});
	const toFetch = wanted.filter(isFetched);
	await new Uploader(
		wanted.filter((file) => !isFetched(file)),
		context,
	).run();
	await fetchUrls(toFetch, { ...context, deadlineMs });
}

function isFetched(file: FileToUpload): file is FileToFetch {
	return file.fetchFrom !== undefined;
}
