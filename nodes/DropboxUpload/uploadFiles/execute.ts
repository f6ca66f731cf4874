import type { ItemResult } from '../../shared/output/toItems';
import { uploadItems } from '../../shared/uploadItems';
import type { DropboxRun } from '../run';
import { readFile } from './readFile';
import { readSettings } from './readSettings';
import { uploadAll } from './uploader';

export async function execute({ context, connectionFor }: DropboxRun): Promise<ItemResult[]> {
	return await uploadItems({
		context,
		vendor: 'Dropbox',
		read: async (itemIndex) => ({
			connection: connectionFor(itemIndex),
			file: await readFile(context, itemIndex),
			settings: readSettings(context, itemIndex),
		}),
		identityOf: ({ itemIndex, commit, source }) =>
			JSON.stringify([itemIndex, commit.path, source.sizeBytes]),
		uploadAll,
	});
}
