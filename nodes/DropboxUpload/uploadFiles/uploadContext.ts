import type { IDataObject } from 'n8n-workflow';

import type { Failure, Outcome } from '../../shared/failure';
import type { UploadContext } from '../../shared/run/uploadRun';
import type { ConcurrencyLimiter } from '../../shared/transfer/concurrencyLimiter';
import type { Connection } from '../api/connection';
import type { UploadSettings } from './readSettings';
import type { AloneSender } from './sendAlone';
import type { FileToUpload, ReadyFile } from './types';

export type Context = UploadContext<Connection, FileToUpload, UploadSettings>;

/** What sending gets to work with; of each file it tells once whether it is ready for its commit. */
export type SendContext = Context & {
	readonly limiter: ConcurrencyLimiter;
	readonly onReady: (ready: ReadyFile) => void;
	/** Stores a file without a session, and settles it. */
	readonly storeWhole: (ready: ReadyFile, content: Buffer) => Promise<Outcome<IDataObject>>;
	readonly alone: AloneSender;
	readonly onFailed: (file: FileToUpload, failure: Failure) => void;
	/** Something that no failure describes was thrown on the way of these files. */
	readonly onThrow: (files: readonly FileToUpload[], error: unknown) => void;
};
