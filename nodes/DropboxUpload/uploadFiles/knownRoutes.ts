import { isMissing } from '../../shared/http/missingRoutes';
import { FINISH_BATCH, FINISH_BATCH_JOB } from '../api/commits';
import type { Connection } from '../api/connection';
import { APPEND_BATCH, START, START_BATCH } from '../api/sessions';
import type { PackLimits } from './packs';
import { isSmall } from './packs';
import { goesInOneRequest } from './sendWhole';
import type { FileToUpload } from './types';

/** Whether Dropbox has lately refused a route that many files share. */
export function packsAreRefused({ client: { accountKey } }: Connection): boolean {
	return isMissing(accountKey, START_BATCH) || isMissing(accountKey, APPEND_BATCH);
}

/** Whether it is stored in one request, as Dropbox has lately refused all sessions that it could go in. */
export function goesWhole(file: FileToUpload, connection: Connection, pack: PackLimits): boolean {
	const { accountKey } = connection.client;
	if (!isMissing(accountKey, START) || !goesInOneRequest(file)) return false;
	if (!isSmall(file, pack)) return isMissing(accountKey, START_BATCH);
	return file.source.sizeBytes === 0 || packsAreRefused(connection);
}

/** How files are committed, as far as it is known. */
export function commitWay({ client: { accountKey } }: Connection): 'batch' | 'job' | 'oneByOne' {
	if (!isMissing(accountKey, FINISH_BATCH)) return 'batch';
	return isMissing(accountKey, FINISH_BATCH_JOB) ? 'oneByOne' : 'job';
}
