import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { InputProblem } from '../fields/inputProblem';
import { binarySource } from './binarySource';
import type { ByteSource } from './byteSource';
import type { CloudInput } from './cloud/cloudFile';
import type { CloudItem } from './cloud/cloudItem';
import { cloudItem } from './cloud/cloudItem';
import type { Origin } from './origin';
import { readingFailure } from './reading';
import { fileFromUrl } from './url/fileFromUrl';
import type { Account } from './url/urlSource';
import { createDownloader, NOT_KNOWN_YET } from './url/urlSource';

/** A source with what it says of the file's name and folder. */
export type NamedSource = ByteSource & {
	readonly fileName: string | undefined;
	readonly directory: string | undefined;
};

/**
 * Identifies a file across the tries of Retry On Fail by where it comes from. Each try evaluates expressions again, so
 * its destination may differ, for example if it contains the time.
 */
export function identityOf(
	itemIndex: number,
	{ fileName, origin, sizeBytes }: NamedSource,
): string {
	return JSON.stringify([itemIndex, origin?.folders, fileName, sizeBytes]);
}

/** A file about which another server has to be asked first: name, size, and whether there is one. */
export interface LinkedFile<F> {
	readonly itemIndex: number;
	readonly identity: string;
	look(): Promise<Outcome<F>>;
}

/** What an item gives: its file, or how to ask for it. */
export type GivenFile<F> = F | LinkedFile<F> | CloudItem<F>;

interface Wanted {
	readonly vendor: Failure['vendor'];
	/** Whose patience the download has. */
	readonly account: Account;
	/** Undefined for a file of the item itself. */
	readonly url: string | undefined;
	/** For a file or folder in a cloud. */
	readonly cloud: CloudInput | undefined;
	/** The name that the file will have, where the item says so. */
	readonly givenName: () => string | undefined;
	/** Whether a file of unknown size is of no use. */
	readonly needsSize: boolean;
}

/** One item's file, or how to ask for it; `fileOf` and this throw InputProblem. */
export async function readItemFile<F extends { readonly identity: string }>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ vendor, account, url, cloud, givenName, needsSize }: Wanted,
	fileOf: (source: NamedSource) => F,
): Promise<GivenFile<F>> {
	const readFailure = (error: unknown) => readingFailure(vendor, error);
	if (cloud !== undefined) {
		if (cloud.isFolder) checkNoName(givenName());
		// What is wrong with the other parameters is found before anything is asked for.
		fileOf({ ...NOT_KNOWN_YET, origin: NO_ORIGIN, readFailure });
		return cloudItem(itemIndex, cloud, createDownloader(context, cloud.vendor, account), fileOf);
	}
	if (url === undefined) {
		return fileOf({ ...(await binarySource(context, itemIndex)), readFailure });
	}
	const { identity } = fileOf({ ...NOT_KNOWN_YET, readFailure });
	const downloader = createDownloader(context, vendor, account);
	const wanted = { url, givenName: givenName(), needsSize };
	return {
		itemIndex,
		identity,
		look: async () =>
			await fileFromUrl(downloader, wanted, (source) => ({ ...fileOf(source), identity })),
	};
}

const NO_ORIGIN: Origin = {
	folders: undefined,
	modifiedAt: undefined,
	createdAt: undefined,
	claim: undefined,
};

/** All files of a folder would get it. */
function checkNoName(name: string | undefined): void {
	if (name === undefined) return;
	throw new InputProblem(
		'fileName',
		"'File Name' is set, but the source is a folder",
		"Leave 'File Name' empty: files from a folder keep their names.",
		name.slice(0, 300).toWellFormed(),
	);
}
