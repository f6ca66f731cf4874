import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure, Outcome } from '../failure';
import { binarySource } from './binarySource';
import type { ByteSource } from './byteSource';
import { readingFailure } from './reading';
import { fileFromUrl } from './url/fileFromUrl';
import type { Account } from './url/urlSource';
import { createDownloader, NOT_KNOWN_YET } from './url/urlSource';

/** A source with what it says of the file's name and folder. */
export type NamedSource = ByteSource & {
	readonly fileName: string | undefined;
	readonly directory: string | undefined;
};

/** A file about which another server has to be asked first: name, size, and whether there is one. */
export interface LinkedFile<F> {
	readonly itemIndex: number;
	readonly identity: string;
	look(): Promise<Outcome<F>>;
}

interface Wanted {
	readonly vendor: Failure['vendor'];
	/** Whose patience the download has. */
	readonly account: Account;
	/** Undefined for a file of the item itself. */
	readonly url: string | undefined;
	/** The name that the file will have, where the item says so. */
	readonly givenName: () => string | undefined;
	/** Whether a file of unknown size is of no use. */
	readonly needsSize: boolean;
}

/** One item's file, or how to ask for it; `fileOf` and this throw InputProblem. */
export async function readItemFile<F extends { readonly identity: string }>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ vendor, account, url, givenName, needsSize }: Wanted,
	fileOf: (source: NamedSource) => F,
): Promise<F | LinkedFile<F>> {
	const readFailure = (error: unknown) => readingFailure(vendor, error);
	if (url === undefined) {
		return fileOf({ ...(await binarySource(context, itemIndex)), readFailure });
	}
	// What is wrong with the other parameters is found before anything is asked for.
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
