import type { Failure, Outcome } from '../../failure';
import type { Download } from '../../http/download';
import type { Origin } from '../origin';
import type { Downloader } from '../url/request';

/** A way to the content of one version of a file, whatever happens to the file meanwhile. */
export interface ContentReader {
	/** Whom the reading waits for when it breaks. */
	readonly host: string;
	/** The content from this byte on, or all of it where its server doesn't give parts of files. */
	from(offset: number): Promise<Outcome<Download>>;
}

/** A file in a cloud, as its listing tells it. */
export interface CloudFile extends Origin {
	readonly name: string;
	/** Path or ID, for people. */
	readonly place: string;
	/** The folder that it lies in, as a path in its cloud. */
	readonly directory: string | undefined;
	readonly sizeBytes: number;
	readonly content: ContentReader;
}

/** Something among the files that has no content to read, such as a web link. */
export interface NoFile {
	readonly place: string;
	/** Why. */
	readonly failure: Failure;
}

export type CloudEntry = CloudFile | NoFile;

export function isNoFile<T extends object>(entry: T | NoFile): entry is NoFile {
	return 'failure' in entry && 'place' in entry;
}

/** What one item's source names: one file, or the files of a folder. */
export interface CloudInput {
	readonly vendor: Failure['vendor'];
	readonly isFolder: boolean;
	/** Asked for once; the files are read with this downloader. */
	readonly entries: (downloader: Downloader) => Promise<Outcome<readonly CloudEntry[]>>;
}

/** The clouds that an upload can read from. */
export interface CloudSources {
	/** Undefined for an item whose file comes from elsewhere. Throws InputProblem. */
	readonly read: (itemIndex: number) => CloudInput | undefined;
}
