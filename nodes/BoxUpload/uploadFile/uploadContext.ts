import type { UploadContext } from '../../shared/run/uploadRun';
import type { PartBuffers } from '../../shared/transfer/bufferPool';
import type { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import type { Connection } from '../api/connection';
import type { UploadSettings } from './readSettings';
import type { FileToUpload } from './types';

export type Context = UploadContext<Connection, FileToUpload, UploadSettings>;

/** What sending one file gets to work with. */
export type SendContext = Context & {
	readonly limiter: ConcurrencyLimiter;
	readonly buffers: PartBuffers;
};
