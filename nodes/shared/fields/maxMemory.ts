import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { added } from './parameters';
import { wholeNumber } from './values';

const MIB = 1024 * 1024;
const NAME = 'memoryLimitMib';
const LABEL = 'Max Memory';
const MAX_MIB = 1_000_000;
const AUTOMATIC_MIB = 96;
/** One part at a time leaves most of a line unused. Box recommends 3 to 5: https://developer.box.com/guides/uploads/chunked/ */
const LARGE_PARTS_AT_ONCE = 4;
const AUTOMATIC_FOR_LARGE_PARTS_MIB = 256;

export const maxMemoryOption: INodeProperties = {
	displayName: `${LABEL} (MiB)`,
	name: NAME,
	type: 'number',
	typeOptions: { minValue: 0, maxValue: MAX_MIB, numberPrecision: 0 },
	default: 0,
	description: `How much file content to hold in memory, over all uploads of this n8n process. 0 is automatic: ${AUTOMATIC_MIB}, and up to ${AUTOMATIC_FOR_LARGE_PARTS_MIB} for parts of more than ${AUTOMATIC_MIB / LARGE_PARTS_AT_ONCE} MiB. Sending adds a few MiB. If n8n keeps files in the database, each file counts with its whole size.`,
};

/** How much file content may be held at once. */
export interface MaxMemory {
	readonly memoryLimitBytes: number;
	/** The same while parts of this size are sent. */
	readonly memoryForParts: (partSizeBytes: number) => number;
}

/** Throws InputProblem. */
export function readMaxMemory(options: IDataObject): MaxMemory {
	const mib = wholeNumber(added(options, NAME, 0), NAME, LABEL, 0, MAX_MIB);
	const memoryLimitBytes = (mib === 0 ? AUTOMATIC_MIB : mib) * MIB;
	const mostBytes = mib === 0 ? AUTOMATIC_FOR_LARGE_PARTS_MIB * MIB : memoryLimitBytes;
	return {
		memoryLimitBytes,
		memoryForParts: (partSizeBytes) =>
			Math.min(mostBytes, Math.max(memoryLimitBytes, LARGE_PARTS_AT_ONCE * partSizeBytes)),
	};
}
