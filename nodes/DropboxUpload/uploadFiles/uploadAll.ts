import type { Outcome } from '../../shared/failure';
import { isString } from '../../shared/json';
import { withLinks } from '../../shared/run/sharedLinks';
import { sharedLinkTo } from '../api/links';
import { leaveOutExisting } from './lookup';
import { fetchUrls } from './fetchUrls';
import type { FileToFetch, FileToUpload } from './types';
import type { Surroundings } from './uploader';
import { Uploader } from './uploader';
import { Waves } from './waves';

/** Uploads files that share one connection, and gets the links that are wanted. */
export async function uploadAll(
	files: readonly FileToUpload[],
	around: Surroundings,
): Promise<Outcome<void>> {
	return await withLinks(
		around,
		async (inner) => await storeAll(files, inner),
		async ({ id, path_lower: path }, wish) =>
			await sharedLinkTo(around.connection, [path, id].find(isString) ?? '', wish),
	);
}

async function storeAll(files: readonly FileToUpload[], around: Surroundings): Promise<void> {
	const { memoryCeilingBytes } = around.settings;
	const waves = new Waves(files, { ...around, memoryCeilingBytes });
	const { settle } = waves;
	for (let wave = await waves.next(); wave.length > 0; wave = await waves.next()) {
		await storeWave(wave, { ...around, settle });
	}
}

async function storeWave(files: readonly FileToUpload[], around: Surroundings): Promise<void> {
	const { deadlineMs, memoryCeilingBytes, pack } = around.settings;
	const wanted = await leaveOutExisting(files, {
		...around,
		memoryCeilingBytes,
		largeAboveBytes: pack.maxBytes,
	});
	const toFetch = wanted.filter(isFetched);
	await new Uploader(
		wanted.filter((file) => !isFetched(file)),
		around,
	).run();
	await fetchUrls(toFetch, { ...around, deadlineMs });
}

function isFetched(file: FileToUpload): file is FileToFetch {
	return file.fetchFrom !== undefined;
}
