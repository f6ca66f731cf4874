import type { IExecuteFunctions } from 'n8n-workflow';

import { nameOfUrl } from '../../shared/source/url/fileName';
import { NOT_KNOWN_YET } from '../../shared/source/url/urlSource';
import type { GivenFile, NamedSource } from '../../shared/source/itemFile';
import { identityOf, readItemFile } from '../../shared/source/itemFile';
import { InputProblem } from '../../shared/fields/inputProblem';
import { foldersToKeep } from '../../shared/fields/keepFoldersBelow';
import { choiceOf, collectionOf, flagOf, textOf } from '../../shared/fields/parameters';
import { readUploadChoices } from '../../shared/run/uploadChoices';
import type { CloudSources } from '../../shared/source/cloud/cloudFile';
import { readingFailure } from '../../shared/source/reading';
import { readUrl } from '../../shared/fields/source';
import { printable } from '../../shared/fields/values';
import type { Connection } from '../api/connection';
import { commitInfo } from '../fields/commit';
import { linkAudiences } from '../fields/linkAudiences';
import { destinationPath, readDestination } from './destination';
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

const IF_EXISTS = ['fail', 'overwrite', 'rename', 'skip', 'update'] as const;

/** One item: its file, or how to ask for it, and where it goes; throws InputProblem. */
export async function readFile(
	context: IExecuteFunctions,
	itemIndex: number,
	connection: Connection,
	sources: CloudSources,
): Promise<GivenFile<FileToUpload>> {
	const fileOf = (source: NamedSource) => fileToUpload(context, itemIndex, source);
	const url = readUrl(context, itemIndex);
	if (url !== undefined && flagOf(context, itemIndex, 'letDropboxFetch', 'Let Dropbox Fetch It')) {
		const source = { ...NOT_KNOWN_YET, fileName: nameOfUrl(url), sizeBytes: undefined };
		const readFailure = (error: unknown) => readingFailure('Dropbox', error);
		return checkedForFetching({ ...fileOf({ ...source, readFailure }), fetchFrom: url });
	}
	const givenName = () => readDestination(context, itemIndex).typedName || undefined;
	const wanted = {
		vendor: 'Dropbox',
		account: connection,
		url,
		cloud: sources.read(itemIndex),
		givenName,
		needsSize: false,
	} as const;
	return await readItemFile(context, itemIndex, wanted, fileOf);
}

function fileToUpload(
	context: IExecuteFunctions,
	itemIndex: number,
	source: NamedSource,
): FileToUpload {
	const options = collectionOf(context, itemIndex);
	const path = destinationPath(
		readDestination(context, itemIndex),
		source.fileName,
		foldersToKeep(source, options),
	);
	const { sizeBytes = 0 } = source;
	if (sizeBytes > MAX_FILE_BYTES) {
		throw new InputProblem(
			'binaryPropertyName',
			'The file is larger than Dropbox accepts',
			`Split the file. It has ${sizeBytes} bytes, and the limit is ${MAX_FILE_BYTES}.`,
			path,
		);
	}
	const ifExists = choiceOf(context, itemIndex, 'ifExists', 'If File Exists', IF_EXISTS);
	const commit = commitInfo(path, {
		...options,
		mode: MODE_OF[ifExists],
		// Asked for where it counts: an expression may set If File Exists.
		rev: ifExists === 'update' ? textOf(context, itemIndex, 'rev', 'Revision') : '',
		autorename: ifExists === 'rename',
	});
	const isDated = commit.client_modified !== undefined;
	const { modifiedAt } = source.origin ?? {};
	return {
		itemIndex,
		identity: identityOf(itemIndex, source),
		source,
		commit:
			isDated || modifiedAt === undefined ? commit : { ...commit, client_modified: modifiedAt },
		ifExists,
		...readUploadChoices(context, itemIndex, options, isDated, linkAudiences),
	};
}

/** Dropbox's save_url takes a path and nothing else, and renames where the name is taken. */
function checkedForFetching(file: FileToUpload): FileToUpload {
	const { commit, ifExists, skipUnchanged } = file;
	if (!commit.path.startsWith('/')) {
		throw new InputProblem(
			'letDropboxFetch',
			'Dropbox fetches files only to a path that begins with a slash',
			"Enter a path in 'Folder', with 'Paths Begin In' set to the namespace if need be, or turn off 'Let Dropbox Fetch It'.",
			printable(commit.path),
		);
	}
	if (ifExists === 'overwrite' || ifExists === 'update') {
		throw new InputProblem(
			'letDropboxFetch',
			"Dropbox can't replace a file with one that it fetches itself",
			"Set 'If File Exists' to Fail, Rename or Skip, or turn off 'Let Dropbox Fetch It'.",
		);
	}
	if (skipUnchanged) {
		throw new InputProblem(
			'letDropboxFetch',
			"'Skip Unchanged' can't compare a file that Dropbox fetches itself",
			"Set 'If File Exists' to Skip instead, or turn off 'Let Dropbox Fetch It'.",
		);
	}
	const hasMore = commit.mute || commit.strict_conflict || commit.property_groups !== undefined;
	if (hasMore || commit.client_modified !== undefined) {
		throw new InputProblem(
			'letDropboxFetch',
			'Dropbox accepts only a path for a file that it fetches itself',
			"Remove 'File Date', 'Mute Notifications', 'Treat Same Content as Conflict' and 'File Properties', or turn off 'Let Dropbox Fetch It'.",
		);
	}
	return file;
}
