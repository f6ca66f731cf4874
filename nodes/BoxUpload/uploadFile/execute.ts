import type { ItemResult } from '../../shared/output/toItems';
import { uploadItems } from '../../shared/run/uploadItems';
import type { UploadInput } from '../../shared/run/uploadRun';
import type { Connection } from '../api/connection';
import type { BoxRun } from '../run';
import { dryRun } from './dryRun';
import { readFile } from './readUpload';
import type { UploadSettings } from './readSettings';
import { readSettings } from './readSettings';
import type { FileToUpload } from './types';
import { uploadAll } from './uploader';

type Input = UploadInput<Connection, FileToUpload, UploadSettings>;

export async function execute({ context, connectionFor, sources }: BoxRun): Promise<ItemResult[]> {
	return await uploadItems({
		context,
		vendor: 'Box',
		read: async (itemIndex): Promise<Input> => {
			const connection = connectionFor(itemIndex);
			const file = await readFile(context, itemIndex, connection, sources);
			return { connection, file, settings: readSettings(context, itemIndex) };
		},
		uploadAll,
		dryRun,
	});
}
