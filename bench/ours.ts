import { PARALLELISM as BOX } from '../nodes/BoxUpload/uploadFile/description';
import { PARALLELISM as DROPBOX } from '../nodes/DropboxUpload/uploadFiles/description';
import { partSizeFor } from '../nodes/DropboxUpload/uploadFiles/partSize';
import { MIB } from './cases';

/** How to cut files and how many requests to have under way. */
export interface Choice {
	readonly partBytesFor?: (sizeBytes: number) => number;
	readonly packBytes?: number;
	readonly parallel?: number;
	/** As n8n's HTTP helper connects. */
	readonly newConnectionPerRequest?: boolean;
}

/** What our nodes do by default, for those who are to do the same by other means. */
export const OURS: Readonly<Record<'dropbox' | 'box', Choice>> = {
	dropbox: {
		partBytesFor: (sizeBytes) => partSizeFor(sizeBytes, undefined),
		packBytes: 8 * MIB,
		parallel: DROPBOX.maxLimit,
	},
	// Box says how large a part is.
	box: { parallel: BOX.maxLimit },
};
