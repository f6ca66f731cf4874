import type { IDataObject } from 'n8n-workflow';

import type { Outcome } from '../../shared/failure';
import type { UploadChoices } from '../../shared/run/uploadChoices';
import type { ItemFile } from '../../shared/run/uploadRun';
import type { ByteSource, SizedSource } from '../../shared/source/byteSource';
import type { Checkpoint } from '../../shared/transfer/checkpoints';
import type { CommitInfo } from '../api/types';

/** What to do when something is at the path already. */
export type IfExists = 'fail' | 'rename' | 'overwrite' | 'update' | 'skip';

/** One item's file and where it goes. */
export interface FileToUpload extends ItemFile, UploadChoices {
	readonly source: ByteSource;
	readonly commit: CommitInfo;
	readonly ifExists: IfExists;
	/** Where Dropbox is to download it from, instead of n8n. */
	readonly fetchFrom?: string;
}

export type FileToFetch = FileToUpload & { readonly fetchFrom: string };

/** One that shares requests with others. */
export type SmallFile = FileToUpload & { readonly source: SizedSource };

/** A file whose bytes are at Dropbox in a closed session, to be committed. */
export interface ReadyFile {
	readonly file: FileToUpload;
	readonly sessionId: string;
	readonly sizeBytes: number;
	/** Of the whole file, computed here. */
	readonly contentHash: string;
	/** Where a later try can go on; of large files only. */
	readonly resume?: Checkpoint;
}

/** How one file ended; told once for each. */
export type Settle = (file: FileToUpload, outcome: Outcome<IDataObject>) => void;
