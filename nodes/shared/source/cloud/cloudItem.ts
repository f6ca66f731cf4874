import type { Outcome } from '../../failure';
import { failed, success } from '../../failure';
import { problemOf } from '../../fields/readItems';
import type { Downloader } from '../url/request';
import { CloudContent } from './cloudContent';
import type { CloudFile, CloudInput, NoFile } from './cloudFile';
import { isNoFile } from './cloudFile';

/** One item that is a file of a cloud, or all files of a folder there. */
export interface CloudItem<F> {
	readonly itemIndex: number;
	/** Asks for what is there; what is wrong with one file keeps no other from being uploaded. */
	readonly expand: () => Promise<Outcome<ReadonlyArray<Outcome<F> | NoFile>>>;
}

export function cloudItem<F>(
	itemIndex: number,
	{ entries, isFolder }: CloudInput,
	downloader: Downloader,
	/** Throws InputProblem. */
	fileOf: (source: CloudContent) => F,
): CloudItem<F> {
	const fileOrProblem = (file: CloudFile): Outcome<F> => {
		try {
			return success(fileOf(new CloudContent(file, downloader)));
		} catch (error) {
			// Of thousands of files with a name of their own it is this one.
			return failed({ ...problemOf(error, downloader.vendor), subject: file.place });
		}
	};
	return {
		itemIndex,
		expand: async () => {
			const listed = await entries(downloader);
			if (!listed.ok) return listed;
			const files = listed.value.map((entry) => {
				if (!isNoFile(entry)) return fileOrProblem(entry);
				return isFolder ? entry : failed(entry.failure);
			});
			return success(files);
		},
	};
}
