import type { IExecuteFunctions } from 'n8n-workflow';

import { binarySource } from '../../shared/input/binarySource';
import { InputProblem } from '../../shared/input/inputProblem';
import { keptFolders } from '../../shared/input/keptFolders';
import { collectionOf, textOf } from '../../shared/input/parameters';
import { readingFailure } from '../../shared/input/reading';
import { readResumeFrom } from '../../shared/input/resumeFrom';
import { commitInfo } from '../fields/commit';
import { destinationPath } from './destination';
import type { FileToUpload, IfExists } from './types';

/** https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-append */
const MAX_FILE_BYTES = 2 ** 41 - 2 ** 22;

const MODE_OF: Readonly<Record<IfExists, string>> = {
	fail: 'add',
	rename: 'add',
	skip: 'add',
	overwrite: 'overwrite',
	update: 'update',
};

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
	const path = destinationPath({
		entered: textOf(context, itemIndex, 'path'),
		fileName: binary.fileName,
		keptFolders: () => keptFolders(binary.directory, options.keepFoldersBelow),
	});
	if (binary.sizeBytes > MAX_FILE_BYTES) {
		throw new InputProblem(
			'binaryPropertyName',
			'The file is larger than Dropbox accepts',
			`It has ${binary.sizeBytes} bytes; ${MAX_FILE_BYTES} are allowed.`,
			path,
		);
	}
	const ifExists = readIfExists(textOf(context, itemIndex, 'ifExists'));
	return {
		itemIndex,
		source: { ...binary, readFailure: (error) => readingFailure('Dropbox', error) },
		commit: commitInfo(path, {
			...options,
			mode: MODE_OF[ifExists],
			rev: textOf(context, itemIndex, 'rev'),
			autorename: ifExists === 'rename',
		}),
		ifExists,
		skipUnchanged: context.getNodeParameter('skipUnchanged', itemIndex, false) === true,
		resumeFrom: readResumeFrom(options.resumeFrom),
	};
}

function readIfExists(value: string): IfExists {
	return Object.hasOwn(MODE_OF, value) ? (value as IfExists) : 'fail';
}
