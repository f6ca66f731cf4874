import type { UploadSurroundings } from '../../shared/run/uploadRun';
import type { PartBuffers } from '../../shared/transfer/bufferPool';
import type { Lanes } from '../../shared/transfer/concurrencyLimiter';
import type { Connection } from '../api/connection';
import type { UploadSettings } from './readSettings';
import type { FileToUpload } from './types';

export type Surroundings = UploadSurroundings<Connection, FileToUpload, UploadSettings>;

/** What sending one file gets to work with. */
export type SendSurroundings = Surroundings & {
	readonly lanes: Lanes;
	readonly buffers: PartBuffers;
};
