import type { ItemResult } from '../../shared/output/toItems';
import { uploadItems } from '../../shared/uploadItems';
import type { BoxRun } from '../run';
import { readFile } from './readFile';
import { readSettings } from './readSettings';
import { uploadAll } from './uploader';

export async function execute({ context, connectionFor }: BoxRun): Promise<ItemResult[]> {
	return await uploadItems({
		context,
		vendor: 'Box',
		read: async (itemIndex) => ({
			connection: connectionFor(itemIndex),
			file: await readFile(context, itemIndex),
			settings: readSettings(context, itemIndex),
		}),
		identityOf: ({ itemIndex, place, source }) =>
			JSON.stringify([itemIndex, place, source.sizeBytes]),
		uploadAll,
	});
}
