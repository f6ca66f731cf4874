import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import type { ByteSource } from '../../shared/upload/inParts';
import type { ResumeRecord } from '../../shared/upload/resume';
import type { CommitInfo } from '../api/types';

/** What to do when something is at the path already. */
export type IfExists = 'fail' | 'rename' | 'overwrite' | 'update' | 'skip';

/** One item's file and where it goes. */
export interface FileToUpload {
	readonly itemIndex: number;
	readonly source: ByteSource;
	readonly commit: CommitInfo;
	readonly ifExists: IfExists;
	readonly skipUnchanged: boolean;
	readonly resumeFrom: ResumeRecord | undefined;
}

/** A file whose bytes are at Dropbox in a closed session, to be committed. */
export interface ReadyFile {
	readonly file: FileToUpload;
	readonly sessionId: string;
	/** Of the whole file, computed here. */
	readonly contentHash: string;
	/** Where a later try can go on; of large files only. */
	readonly resume?: ResumeRecord;
}

/** How one file ended; told once for each. */
export type Settle = (file: FileToUpload, outcome: Outcome<IDataObject>) => void;
