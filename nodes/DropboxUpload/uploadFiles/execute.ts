import type { ItemResult } from '../../shared/output/toItems';
import { uploadItems } from '../../shared/run/uploadItems';
import type { DropboxRun } from '../run';
import { dryRun } from './dryRun';
import { readFile } from './readUpload';
import { readSettings } from './readSettings';
import { uploadAll } from './uploadAll';

export async function execute(run: DropboxRun): Promise<ItemResult[]> {
	return await uploadItems({
		...run,
		vendor: 'Dropbox',
		readFile,
		readSettings,
		uploadAll,
		dryRun,
	});
}
