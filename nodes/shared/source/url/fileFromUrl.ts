import type { Outcome } from '../../failure';
import { failed, success } from '../../failure';
import { problemOf } from '../../fields/readItems';
import type { Downloader } from './request';
import type { Wanted } from './urlSource';
import { UrlSource } from './urlSource';

/** One item's file on another server, once that server has said what it is. */
export async function fileFromUrl<F>(
	downloader: Downloader,
	wanted: Wanted,
	/** Throws InputProblem. */
	fileOf: (source: UrlSource) => F,
): Promise<Outcome<F>> {
	const source = await UrlSource.look(downloader, wanted);
	if (!source.ok) return source;
	try {
		return success(fileOf(source.value));
	} catch (error) {
		source.value.close();
		return failed(problemOf(error, downloader.vendor));
	}
}
