import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { BinarySource } from '../../shared/input/binarySource';
import { binarySource } from '../../shared/input/binarySource';
import { keptFolders } from '../../shared/input/keptFolders';
import { collectionOf, textOf } from '../../shared/input/parameters';
import { readingFailure } from '../../shared/input/reading';
import { readResumeFrom } from '../../shared/input/resumeFrom';
import { readAttributes } from '../fields/attributes';
import { checkedFileName } from '../fields/fileName';
import { etagText, numericId } from '../fields/ids';
import { readParentFolder } from '../fields/parentFolder';
import type { FileToUpload, IfExists, Place } from './types';

/** One item: its file and where it goes; throws InputProblem. */
export async function readFile(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<FileToUpload> {
	const options = collectionOf(context, itemIndex);
	const binary = await binarySource(
		context,
		itemIndex,
		textOf(context, itemIndex, 'binaryPropertyName'),
	);
	return {
		itemIndex,
		source: { ...binary, readFailure: (error) => readingFailure('Box', error) },
		place: readPlace(context, itemIndex, options, binary),
		ifExists: readIfExists(textOf(context, itemIndex, 'ifExists')),
		skipUnchanged: context.getNodeParameter('skipUnchanged', itemIndex, false) === true,
		attributes: readAttributes(collectionOf(context, itemIndex, 'attributes')),
		resumeFrom: readResumeFrom(options.resumeFrom),
	};
}

function readPlace(
	context: IExecuteFunctions,
	itemIndex: number,
	{ fileId, ifMatch, keepFoldersBelow }: IDataObject,
	{ fileName: ownName, directory }: BinarySource,
): Place {
	const givenName = textOf(context, itemIndex, 'fileName');
	if (fileId !== undefined && fileId !== '') {
		return {
			kind: 'file',
			fileId: numericId(fileId, 'fileId', 'New Version of File ID'),
			fileName: givenName === '' ? undefined : checkedFileName(givenName),
			etag: etagText(ifMatch, 'ifMatch', 'If Match'),
		};
	}
	const { rootId, names } = readParentFolder(context, itemIndex);
	const kept = keptFolders(directory, keepFoldersBelow);
	return {
		kind: 'folder',
		folder: { rootId, names: [...names, ...kept] },
		fileName: checkedFileName(givenName || (ownName ?? '').replaceAll(/[/\\]/g, '_')),
	};
}

const IF_EXISTS: ReadonlySet<string> = new Set<IfExists>(['fail', 'version', 'rename', 'skip']);

function readIfExists(value: string): IfExists {
	return IF_EXISTS.has(value) ? (value as IfExists) : 'fail';
}
