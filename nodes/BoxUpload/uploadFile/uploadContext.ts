import type { DryRunContext, UploadContext } from '../../shared/run/uploadRun';
import type { PartBuffers } from '../../shared/transfer/bufferPool';
import type { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import type { Connection } from '../api/connection';
import type { UploadSettings } from './readSettings';
import type { FileToUpload } from './types';

/** What finding out about files gets to work with; what a run gets serves as well. */
export type BoxDryRunContext = DryRunContext<Connection, UploadSettings>;

/** What uploading the files of one connection gets to work with. */
export interface BoxUploadContext extends UploadContext<Connection, FileToUpload, UploadSettings> {
	readonly limiter: ConcurrencyLimiter;
	readonly buffers: PartBuffers;
}
