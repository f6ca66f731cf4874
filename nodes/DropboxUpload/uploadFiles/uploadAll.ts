import type { Outcome } from '../../shared/failure';
import { isString } from '../../shared/json';
import { withLinks } from '../../shared/run/sharedLinks';
import { sharedLinkTo } from '../api/sharing';
import { fetchUrls } from './fetchUrls';
import { leaveOutExisting } from './leaveOut';
import type { FileToFetch, FileToUpload } from './types';
import type { Context } from './uploadContext';
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
	const waves = new Waves(files, context);
	const { settle } = waves;
	for (let wave = await waves.next(); wave.length > 0; wave = await waves.next()) {
		await storeWave(wave, { ...context, settle });
	}
}

async function storeWave(files: readonly FileToUpload[], context: Context): Promise<void> {
	const wanted = await leaveOutExisting(files, context);
	await new Uploader(
		wanted.filter((file) => !isFetched(file)),
		context,
	).run();
	await fetchUrls(wanted.filter(isFetched), context);
}

function isFetched(file: FileToUpload): file is FileToFetch {
	return file.fetchFrom !== undefined;
}
