import { failed, success } from '../../shared/failure';
import { binarySource } from '../../shared/source/binarySource';
import { added, collectionOf, textOf } from '../../shared/fields/parameters';
import { byteCount } from '../../shared/fields/values';
import { toJson } from '../../shared/json';
import { operateOnItems } from '../../shared/operation/operateOnItems';
import type { ItemResult } from '../../shared/output/toItems';
import type { Connection } from '../api/connection';
import type { NewUpload } from '../api/sessions';
import { createSession } from '../api/sessions';
import { checkedFileName, typedOrOwnName } from '../fields/fileName';
import { readParentFolderId } from '../fields/parentFolder';
import { readReplacedFileId } from '../fields/uploadAs';
import type { BoxRun } from '../run';

interface Input {
	readonly connection: Connection;
	readonly upload: NewUpload;
	readonly fileSizeBytes: number;
}

export async function execute(run: BoxRun): Promise<ItemResult[]> {
	return await operateOnItems<Input>({
		context: run.context,
		vendor: 'Box',
		keepsBinary: true,
		read: async (itemIndex) => await readInput(run, itemIndex),
		perform: async ({ connection, upload, fileSizeBytes }) => {
			const created = await createSession(connection, upload, fileSizeBytes);
			if (created.ok) return success(toJson(created.value));
			return failed({
				...created.failure,
				subject: upload.fileName ?? (upload.kind === 'newVersion' ? upload.fileId : undefined),
			});
		},
	});
}

async function readInput({ context, connectionFor }: BoxRun, itemIndex: number): Promise<Input> {
	const options = collectionOf(context, itemIndex);
	const givenName = textOf(context, itemIndex, 'fileName', 'File Name');
	const givenSize = byteCount(added(options, 'fileSize', 0), 'fileSize', 'File Size');
	const fileId = readReplacedFileId(context, itemIndex);
	const needsFile = givenSize === 0 || (givenName === '' && fileId === undefined);
	const file = needsFile ? await binarySource(context, itemIndex) : undefined;
	return {
		connection: connectionFor(itemIndex),
		fileSizeBytes: givenSize || (file?.sizeBytes ?? 0),
		upload:
			fileId === undefined
				? {
						kind: 'newFile',
						folderId: readParentFolderId(context, itemIndex),
						fileName: typedOrOwnName(givenName, file?.fileName),
					}
				: {
						kind: 'newVersion',
						fileId,
						fileName: givenName === '' ? undefined : checkedFileName(givenName),
					},
	};
}
