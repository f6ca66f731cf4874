import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { fileFromUrl } from '../../shared/download/fileFromUrl';
import type { UrlSource } from '../../shared/download/urlSource';
import { createDownloader, NOT_KNOWN_YET } from '../../shared/download/urlSource';
import type { BinarySource } from '../../shared/input/binarySource';
import { binarySource } from '../../shared/input/binarySource';
import { storableName } from '../../shared/input/fileNames';
import { keptFolders } from '../../shared/input/keptFolders';
import { readLinkWish } from '../../shared/input/linkFields';
import { choiceOf, collectionOf, flagOf, optionText, textOf } from '../../shared/input/parameters';
import { readingFailure } from '../../shared/input/reading';
import { readResumeFrom } from '../../shared/input/resumeFrom';
import { readUrl } from '../../shared/input/sourceFields';
import type { FileElsewhere } from '../../shared/run/uploadRun';
import type { SizedSource } from '../../shared/upload/byteSource';
import type { Connection } from '../api/connection';
import { readAttributes } from '../fields/attributes';
import { checkedFileName, typedOrOwnName } from '../fields/fileName';
import { etagText } from '../fields/ids';
import { linkAudiences } from '../fields/linkAudiences';
import { readParentFolder } from '../fields/parentFolder';
import { readReplacedFileId } from '../fields/uploadAs';
import type { FileToUpload, Place } from './types';

type NamedSource = SizedSource & Pick<BinarySource, 'fileName' | 'directory'>;

/** One item: its file, or how to ask for it, and where it goes; throws InputProblem. */
export async function readFile(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
): Promise<FileToUpload | FileElsewhere<FileToUpload>> {
	const fileOf = (source: NamedSource) => fileToUpload(context, itemIndex, source);
	const readFailure = (error: unknown) => readingFailure('Box', error);
	const url = readUrl(context, itemIndex);
	if (url === undefined) {
		return fileOf({ ...(await binarySource(context, itemIndex)), readFailure });
	}
	// What is wrong with the other parameters is found before anything is asked for.
	const { identity } = fileOf({ ...NOT_KNOWN_YET, readFailure });
	const givenName = textOf(context, itemIndex, 'fileName', 'File Name') || undefined;
	const downloader = createDownloader(context, 'Box', connection);
	const wanted = { url, givenName, needsSize: true };
	return {
		itemIndex,
		identity,
		look: async () =>
			await fileFromUrl(downloader, wanted, (source) => ({
				...fileOf(source as UrlSource & SizedSource),
				identity,
			})),
	};
}

function fileToUpload(
	context: IExecuteFunctions,
	itemIndex: number,
	source: NamedSource,
): FileToUpload {
	const options = collectionOf(context, itemIndex);
	const place = readPlace(context, itemIndex, options, source);
	return {
		itemIndex,
		identity: JSON.stringify([itemIndex, place, source.sizeBytes]),
		source,
		place,
		ifExists: choiceOf(context, itemIndex, 'ifExists', 'If File Exists', IF_EXISTS),
		skipUnchanged: flagOf(context, itemIndex, 'skipUnchanged', 'Skip Unchanged'),
		attributes: readAttributes(collectionOf(context, itemIndex, 'attributes')),
		resumeFrom: readResumeFrom(options.resumeFrom),
		link: readLinkWish(options, linkAudiences),
	};
}

function readPlace(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	{ fileName: ownName, directory }: NamedSource,
): Place {
	const givenName = textOf(context, itemIndex, 'fileName', 'File Name');
	const fileId = readReplacedFileId(context, itemIndex);
	const ifMatch = optionText(options, 'ifMatch', 'If Match');
	if (fileId !== undefined) {
		return {
			kind: 'file',
			fileId,
			fileName: givenName === '' ? undefined : checkedFileName(givenName),
			etag: etagText(ifMatch, 'ifMatch', 'If Match'),
		};
	}
	const { rootId, names } = readParentFolder(context, itemIndex);
	const kept = keptFolders(
		directory,
		optionText(options, 'keepFoldersBelow', 'Keep Folders Below'),
	);
	return {
		kind: 'folder',
		folder: { rootId, names: [...names, ...kept.map(keptName)] },
		fileName: typedOrOwnName(givenName, ownName),
	};
}

function keptName(name: string): string {
	return checkedFileName(storableName(name), 'keepFoldersBelow', 'A folder name');
}

const IF_EXISTS = ['fail', 'rename', 'skip', 'version'] as const;
