import type { IExecuteFunctions } from 'n8n-workflow';

import { added, collectionOf } from '../../shared/fields/parameters';
import type { MaxMemory } from '../../shared/fields/maxMemory';
import { readMaxMemory } from '../../shared/fields/maxMemory';
import { readDeadlineMs } from '../../shared/fields/waiting';
import type { Parallelism } from '../../shared/fields/parallel';
import { readParallelism } from '../../shared/fields/parallel';
import { wholeNumber } from '../../shared/fields/values';
import { MAX_SESSIONS } from '../api/sessions';
import { readPartSizeBytes } from '../fields/partSize';
import { DEFAULT_COMMIT_SIZE, PARALLELISM } from './description';
import type { PackLimits } from './packs';

const MIB = 1024 * 1024;
/** Files up to this size share requests. */
const MAX_PACK_BYTES = 8 * MIB;
/** What every proxy and server takes; about 59 entries with session IDs of 69 characters. */
const MAX_HEADER_CHARACTERS = 8 * 1024 - 192;

/** How the files of one connection are uploaded. */
export interface UploadSettings extends MaxMemory {
	/** Undefined for what suits the file's size. */
	readonly partSizeBytes: number | undefined;
	readonly parallelism: Parallelism;
	readonly commitSize: number;
	/** How long Dropbox may take to download a file itself. */
	readonly deadlineMs: number;
	readonly pack: PackLimits;
}

/** How the run uploads; the first item decides for all of one connection. Throws InputProblem. */
export function readSettings(context: IExecuteFunctions, itemIndex: number): UploadSettings {
	const options = collectionOf(context, itemIndex);
	const commitSize = added(options, 'commitSize', DEFAULT_COMMIT_SIZE);
	const partSizeBytes = readPartSizeBytes(options);
	return {
		partSizeBytes,
		parallelism: readParallelism(options, PARALLELISM),
		...readMaxMemory(options),
		deadlineMs: readDeadlineMs(options),
		commitSize: wholeNumber(commitSize, 'commitSize', 'Max Files per Save', 1, 1_000),
		pack: {
			maxBytes: Math.min(MAX_PACK_BYTES, partSizeBytes ?? MAX_PACK_BYTES),
			maxHeaderCharacters: MAX_HEADER_CHARACTERS,
			maxEntries: MAX_SESSIONS,
		},
	};
}
