import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { storableName } from '../../shared/fields/fileName';
import { keptFolders } from '../../shared/fields/keepFoldersBelow';
import { readLinkRequest } from '../../shared/fields/sharedLink';
import { choiceOf, collectionOf, flagOf, optionText, textOf } from '../../shared/fields/parameters';
import { readResumeFrom } from '../../shared/transfer/resumeFrom';
import { readUrl } from '../../shared/fields/source';
import type { SizedSource } from '../../shared/source/byteSource';
import { hasSize } from '../../shared/source/byteSource';
import type { LinkedFile, NamedSource } from '../../shared/source/itemFile';
import { readItemFile } from '../../shared/source/itemFile';
import type { Connection } from '../api/connection';
import { readAttributes } from '../fields/attributes';
import { checkedFileName, typedOrOwnName } from '../fields/fileName';
import { etagText } from '../fields/ids';
import { linkAudiences } from '../fields/linkAudiences';
import { readParentFolder } from '../fields/parentFolder';
import { readReplacedFileId } from '../fields/uploadAs';
import type { Destination, FileToUpload, IfExists } from './types';

/** One item: its file, or how to ask for it, and where it goes; throws InputProblem. */
export async function readFile(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
): Promise<FileToUpload | LinkedFile<FileToUpload>> {
	const url = readUrl(context, itemIndex);
	const givenName = () => textOf(context, itemIndex, 'fileName', 'File Name') || undefined;
	const wanted = { vendor: 'Box', account: connection, url, givenName, needsSize: true } as const;
	return await readItemFile(context, itemIndex, wanted, (source) => {
		if (!hasSize(source)) throw new Error('A source without a size, which needsSize rules out');
		return fileToUpload(context, itemIndex, source);
	});
}

function fileToUpload(
	context: IExecuteFunctions,
	itemIndex: number,
	source: NamedSource & SizedSource,
): FileToUpload {
	const options = collectionOf(context, itemIndex);
	const destination = readDestination(context, itemIndex, options, source);
	return {
		itemIndex,
		identity: JSON.stringify([itemIndex, destination, source.sizeBytes]),
		source,
		destination,
		// Of a new version it says nothing, although an expression in Upload As lets it be set.
		ifExists: destination.kind === 'file' ? 'fail' : readIfExists(context, itemIndex),
		skipUnchanged: flagOf(context, itemIndex, 'skipUnchanged', 'Skip Unchanged'),
		attributes: readAttributes(collectionOf(context, itemIndex, 'attributes')),
		resumeFrom: readResumeFrom(options.resumeFrom),
		link: readLinkRequest(options, linkAudiences),
	};
}

function readDestination(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	{ fileName: ownName, directory }: NamedSource,
): Destination {
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

function readIfExists(context: IExecuteFunctions, itemIndex: number): IfExists {
	return choiceOf(context, itemIndex, 'ifExists', 'If File Exists', IF_EXISTS);
}

function keptName(name: string): string {
	return checkedFileName(storableName(name), 'keepFoldersBelow', 'A folder name');
}

const IF_EXISTS = ['fail', 'rename', 'skip', 'version'] as const;
