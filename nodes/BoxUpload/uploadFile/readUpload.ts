import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { storableName } from '../../shared/fields/fileName';
import { foldersToKeep } from '../../shared/fields/keepFoldersBelow';
import { InputProblem } from '../../shared/fields/inputProblem';
import { choiceOf, collectionOf, optionText, textOf } from '../../shared/fields/parameters';
import { readUrl } from '../../shared/fields/source';
import type { SizedSource } from '../../shared/source/byteSource';
import { hasSize } from '../../shared/source/byteSource';
import { readUploadChoices } from '../../shared/run/uploadChoices';
import type { CloudSources } from '../../shared/source/cloud/cloudFile';
import type { GivenFile, NamedSource } from '../../shared/source/itemFile';
import { identityOf, readItemFile } from '../../shared/source/itemFile';
import type { Origin } from '../../shared/source/origin';
import type { Connection } from '../api/connection';
import type { FileAttributes } from '../fields/attributes';
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
	sources: CloudSources,
): Promise<GivenFile<FileToUpload>> {
	const cloud = sources.read(itemIndex);
	if (cloud?.isFolder) checkNewFiles(readReplacedFileId(context, itemIndex));
	const url = readUrl(context, itemIndex);
	const givenName = () => textOf(context, itemIndex, 'fileName', 'File Name') || undefined;
	const from = { account: connection, url, cloud, givenName };
	const wanted = { ...from, vendor: 'Box', needsSize: true } as const;
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
	const entered = readAttributes(collectionOf(context, itemIndex, 'attributes'));
	const isDated = entered.content_modified_at !== undefined;
	return {
		itemIndex,
		identity: identityOf(itemIndex, source),
		source,
		destination,
		// Of a new version it says nothing, although an expression in Upload As lets it be set.
		ifExists: destination.kind === 'file' ? 'fail' : readIfExists(context, itemIndex),
		attributes: { ...datesOf(source.origin), ...entered },
		...readUploadChoices(context, itemIndex, options, isDated, linkAudiences),
	};
}

function readDestination(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject,
	source: NamedSource,
): Destination {
	const { fileName: ownName } = source;
	const givenName = textOf(context, itemIndex, 'fileName', 'File Name');
	const fileId = readReplacedFileId(context, itemIndex);
	const ifMatch = optionText(options, 'ifMatch', 'Unchanged Since');
	if (fileId !== undefined) {
		return {
			kind: 'file',
			fileId,
			fileName: givenName === '' ? undefined : checkedFileName(givenName),
			etag: etagText(ifMatch, 'ifMatch', 'Unchanged Since'),
		};
	}
	const { rootId, names } = readParentFolder(context, itemIndex);
	const kept = foldersToKeep(source, options);
	return {
		kind: 'folder',
		folder: { rootId, names: [...names, ...kept.map(keptName)] },
		fileName: typedOrOwnName(givenName, ownName),
	};
}

/** Those of the source, unless others are given. */
function datesOf(origin: Origin | undefined): FileAttributes {
	const { createdAt, modifiedAt } = origin ?? {};
	return {
		...(createdAt !== undefined && { content_created_at: createdAt }),
		...(modifiedAt !== undefined && { content_modified_at: modifiedAt }),
	};
}

/** A folder has no one file that is replaced. */
function checkNewFiles(replacedFileId: string | undefined): void {
	if (replacedFileId === undefined) return;
	throw new InputProblem(
		'uploadAs',
		"'Upload As' is New Version, but the source is a folder",
		"Set 'Upload As' to New File, and 'If File Exists' to Upload New Version to replace files of the same name.",
	);
}

function readIfExists(context: IExecuteFunctions, itemIndex: number): IfExists {
	return choiceOf(context, itemIndex, 'ifExists', 'If File Exists', IF_EXISTS);
}

function keptName(name: string): string {
	return checkedFileName(storableName(name), 'keepFoldersBelow', 'A folder name');
}

const IF_EXISTS = ['fail', 'rename', 'skip', 'version'] as const;
