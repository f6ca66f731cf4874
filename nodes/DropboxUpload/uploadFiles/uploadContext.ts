import type { UploadContext } from '../../shared/run/uploadRun';
import type { Connection } from '../api/connection';
import type { UploadSettings } from './readSettings';
import type { FileToUpload } from './types';

export type Context = UploadContext<Connection, FileToUpload, UploadSettings>;
