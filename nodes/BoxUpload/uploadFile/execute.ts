import type { ItemResult } from '../../shared/output/toItems';
import { uploadItems } from '../../shared/run/uploadItems';
import type { BoxRun } from '../run';
import { dryRun } from './dryRun';
import { readFile } from './readUpload';
import { readSettings } from './readSettings';
import { uploadAll } from './uploader';

export async function execute(run: BoxRun): Promise<ItemResult[]> {
	return await uploadItems({ ...run, vendor: 'Box', readFile, readSettings, uploadAll, dryRun });
}
